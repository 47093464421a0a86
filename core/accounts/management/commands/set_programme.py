"""`manage.py set_programme`: what happens when donors leave: batches of versions, and evidence of who signed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.accounts.actions import set_leaving
from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Invalid

OPERATOR = SystemActor("operator")
SETTINGS = ("leavers_per_version", "version_wait_days", "identity_kept_days")


class Command(BaseCommand):
    help = "Sets what a programme does when donors leave; what is not given stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="its short name in addresses")
        parser.add_argument("--leavers-per-version", type=int, help="so many make a new version; 1 is at once")
        parser.add_argument("--version-wait-days", type=int, help="for so long the first of them is waited for at most")
        parser.add_argument("--identity-kept-days", type=int, help="who is erased is kept locked away; 0 is not at all")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["slug"]).first()
        if programme is None:
            raise CommandError(f"There is no programme called {options['slug']}.")
        given = {name: options[name] for name in SETTINGS if options[name] is not None}
        try:
            set_leaving(programme=programme, by=OPERATOR, **given)
        except Invalid as refusal:
            raise CommandError(refusal.sentence) from None
        for name in SETTINGS:
            self.stdout.write(f"{name}: {getattr(programme, name)}")
