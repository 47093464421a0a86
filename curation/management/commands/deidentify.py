"""`python manage.py deidentify IN OUT --report report.json`: cleans a folder of DICOM files without the registry."""

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.deid import command
from curation.deid.folder import FolderError
from curation.work.folder import examined


class Command(BaseCommand):
    """The same as `donara-deid`, whose arguments and answers these are, and `--pixels clean` besides."""

    help = command.DESCRIPTION
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """IN, OUT, the report, and how."""
        command.add_arguments(parser, can_clean=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs once; ends the program with the code that says how, if not everything is clean."""
        try:
            code = command.deidentify_folder(Namespace(**options), self.stdout.write, examined)
        except command.UsageError as error:
            raise CommandError(str(error), returncode=command.USAGE) from None
        except FolderError as error:
            raise CommandError(str(error), returncode=command.FAILED) from None
        if code:
            sys.exit(code)
