"""`manage.py match_consent < lines.jsonl`: asks the matcher, one JSON line a question."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from consent.queries import diseases
from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.lines import answers


class Command(BaseCommand):
    """Reads `{"terms", "use", "ancestors"?}` lines; writes a verdict or `{"error"}` for each."""

    help = "Reads JSON lines {terms, use, ancestors?}, writes one verdict a line; exit code 1 if one was bad."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers every line in order; CommandError (exit code 1) at the end if any could not be read."""
        bad = total = 0
        for text, readable in answers(sys.stdin.buffer, self._diseases()):
            self.stdout.write(text)
            total += 1
            bad += not readable
        if bad:
            raise CommandError(f"{bad} of {total} lines could not be read; each has its reason in its place.")

    def _diseases(self) -> DiseaseTree:
        """Those that were loaded; where there is no database yet, the built-in ones, which know fewer descendants."""
        try:
            return diseases()
        except DatabaseError:
            self.stderr.write("There is no database, so only the built-in diseases are known.")
            return BUILT_IN
