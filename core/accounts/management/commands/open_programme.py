"""`manage.py open_programme`: makes a programme with its first steward, who then gives everybody else their roles."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from core.accounts.actions import grant_role, open_programme
from core.accounts.models import User
from core.accounts.roles import Role
from core.actors import SystemActor

OPERATOR = SystemActor("operator")


class Command(BaseCommand):
    help = "Opens a donation programme and makes somebody who has an account its first steward."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="its short name in addresses: small letters, digits and hyphens")
        parser.add_argument("--name", required=True, help="its name as people read it")
        parser.add_argument("--contact-name", required=True, help="whom donors may ask")
        parser.add_argument("--contact-email", required=True, help="and at which address")
        parser.add_argument("--contact-phone", default="", help="at which telephone number")
        parser.add_argument("--contact-hours", default="", help="and when, in words: Monday to Friday, 9 am to 4 pm")
        parser.add_argument("--steward", required=True, help="e-mail address of the first steward's account")

    def handle(self, *args: Any, **options: Any) -> None:
        steward = User.objects.filter(email=options["steward"].lower(), is_active=True).first()
        if steward is None:
            raise CommandError("Nobody has an account with the steward's address. Ask them to create one first.")
        fields = ("slug", "name", "contact_name", "contact_email", "contact_phone", "contact_hours")
        named = {field: options[field] for field in fields}
        try:
            with transaction.atomic():
                programme = open_programme(**named, by=OPERATOR)
                grant_role(user=steward, programme=programme, role=Role.STEWARD, by=OPERATOR)
        except IntegrityError:
            raise CommandError(f"There is a programme called {options['slug']} already.") from None
        self.stdout.write(f"The programme {programme.slug} is open. Its steward gives others their roles under People.")
