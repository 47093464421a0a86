"""`manage.py set_programme`: what happens when donors leave, and for how long files are kept as they were sent."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.accounts.actions import LEAVING, RAW_DAYS, set_leaving, set_raw_days
from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Invalid

OPERATOR = SystemActor("operator")


class Command(BaseCommand):
    help = "Sets what a programme does when donors leave, and with raw files; what is not given stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="its short name in addresses")
        parser.add_argument("--leavers-per-version", type=int, help="so many make a new version; 1 is at once")
        parser.add_argument("--version-wait-days", type=int, help="for so long the first of them is waited for at most")
        parser.add_argument("--identity-kept-days", type=int, help="who is erased is kept locked away; 0 is not at all")
        parser.add_argument("--raw-days-after-acceptance", type=int, help="raw files are destroyed then; at most 14")
        parser.add_argument("--raw-days-after-upload", type=int, help="or then, whichever is first; at most 90")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["slug"]).first()
        if programme is None:
            raise CommandError(f"There is no programme called {options['slug']}.")
        try:
            for known, set_them in ((LEAVING, set_leaving), (RAW_DAYS, set_raw_days)):
                given = {name: options[name] for name in known if options[name] is not None}
                if given:
                    set_them(programme=programme, by=OPERATOR, **given)
        except Invalid as refusal:
            raise CommandError(refusal.sentence) from None
        for name in (*LEAVING, *RAW_DAYS):
            self.stdout.write(f"{name}: {getattr(programme, name)}")
