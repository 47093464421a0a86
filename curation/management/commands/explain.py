"""`python manage.py explain FILE`: what de-identification would do to each element of a file, and by which rule."""

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.deid import command


class Command(BaseCommand):
    """The same as `donara-deid-explain`."""

    help = command.EXPLAIN_DESCRIPTION
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE and the profile."""
        command.add_explain_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line an element: path, name, action, rule."""
        try:
            code = command.explain_file(Namespace(**options), self.stdout.write)
        except command.UsageError as error:
            raise CommandError(str(error), returncode=command.USAGE) from None
        if code:
            sys.exit(code)
