"""`python manage.py verify FILE… --subject NAME`: are these files as the engine would leave them?"""

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.deid import command


class Command(BaseCommand):
    """The same as `donara-deid-verify`."""

    help = command.VERIFY_DESCRIPTION
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, whose they are, and what is known of that person."""
        command.add_verify_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each file that is not clean: its path and the codes of what was found."""
        try:
            code = command.verify_files(Namespace(**options), self.stdout.write)
        except command.UsageError as error:
            raise CommandError(str(error), returncode=command.USAGE) from None
        if code:
            sys.exit(code)
