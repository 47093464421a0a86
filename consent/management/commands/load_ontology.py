"""`manage.py load_ontology FILE`: takes all of MONDO, or another ontology of diseases, in place of the one before."""

import gzip
import io
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.actions import load_ontology
from consent.rules.ontology import OntologyFile, read
from core.actors import SystemActor
from core.errors import Invalid

OPERATOR = SystemActor("operator")
MOST_BYTES: Final = 64 << 20


class Command(BaseCommand):
    """Reads a table of diseases, packed with gzip or not, and puts it in use."""

    help = "Loads diseases from FILE: id, label and the ids above it, by tabs (.tsv, or .tsv.gz); all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="for example mondo.tsv.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._read(options["file"])
        except Invalid as refusal:
            raise CommandError(f"Nothing was loaded. {refusal.sentence}") from None
        except (OSError, EOFError, gzip.BadGzipFile, UnicodeDecodeError):
            raise CommandError(
                "Nothing was loaded. The file cannot be read: it must be UTF-8, or that in gzip."
            ) from None
        new = load_ontology(file=found, by=OPERATOR)
        self.stdout.write(f"{len(found.diseases):,} diseases are in use{'' if new else ' already'}: {found.source}")
        if found.unlisted:
            some = ", ".join(found.unlisted[:5])
            self.stdout.write(f"{len(found.unlisted):,} ids above them have no line of their own, such as {some}.")

    def _read(self, path: Path) -> OntologyFile:
        with path.open("rb") as stream:
            packed = path.suffix == ".gz"
            data = (gzip.GzipFile(fileobj=stream) if packed else stream).read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Invalid(f"The file holds more than {MOST_BYTES >> 20} MiB.")
        return read(io.StringIO(data.decode("utf-8-sig")))
