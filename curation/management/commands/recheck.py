"""`python manage.py recheck PROGRAMME`: looks through all clean images of a programme under the rules of today."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Conflict
from curation.actions import start_recheck

OPERATOR = SystemActor("operator")


class Command(BaseCommand):
    """Begins a recheck; workers do it, and its page shows how far they are."""

    help = "Looks through all clean images of a programme again, under the rules of today."

    def add_arguments(self, parser: CommandParser) -> None:
        """The programme's short name."""
        parser.add_argument("programme")

    def handle(self, *args: Any, **options: Any) -> None:
        """Begins it, and says where it can be watched."""
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError("There is no programme of this short name.")
        try:
            begun = start_recheck(programme=programme, by=OPERATOR)
        except Conflict as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"{begun.total} images are being looked through: /rechecks/{begun.pk}/")
