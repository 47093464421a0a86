"""`manage.py story`: tells the whole story against the running portal; exit status 0 when every step of it held."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.accounts.queries import open_programmes
from core.errors import Refused
from portal.story.telling import StoryBroken, Teller
from portal.story.told import farewell, tell


class Command(BaseCommand):
    help = "Tells Donara's story on an empty demo registry, through the doors that people use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--donors", type=int, default=300, help="how many donors appear (default: 300)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The story is for a demo only: it invents people. Set DONARA_MODE=demo.")
        if open_programmes().exists():
            raise CommandError("This registry is not empty. The story is told on a fresh one: `make demo`.")
        teller = Teller(out=self.stdout)  # type: ignore[arg-type]  # Django's wrapper writes like a text file
        try:
            stage = tell(teller, origin=settings.ORIGIN, donors=options["donors"])
        except (StoryBroken, Refused) as broken:
            raise CommandError(str(broken)) from None
        farewell(teller, stage)
