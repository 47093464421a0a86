"""`python manage.py deidentify IN OUT --report report.json`: cleans a folder of DICOM files without the registry."""

import json
import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.deid.folder import deidentify_folder
from curation.deid.keys import KEY_BYTES

KEY_VARIABLE = "DONARA_DEID_KEY"


class Command(BaseCommand):
    """Thin over `curation.deid.folder`: reads arguments and key, runs it, writes the report."""

    help = "De-identifies every DICOM file in a folder of any shape, and reports what was done and what was not."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """IN, OUT, the report, and where the key is."""
        parser.add_argument("source", metavar="IN", type=Path, help="the folder to read; it is not changed")
        parser.add_argument("target", metavar="OUT", type=Path, help="the folder to write to; nothing in it changes")
        parser.add_argument("--report", type=Path, required=True, help="where to write the report, as JSON")
        parser.add_argument(
            "--key-file",
            type=Path,
            help=f"a file with the domain's key, {2 * KEY_BYTES} hexadecimal digits or more; without it "
            f"${KEY_VARIABLE} is used, and without that a new random key, which is thrown away afterwards",
        )
        parser.add_argument("--subject", default="", help="whose files all these are; else each file's Patient ID says")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs once over the folder; raises CommandError with a sentence when it cannot."""
        source, target, report = options["source"], options["target"], options["report"]
        _check(source, target, report)
        key, key_source = _key(options["key_file"])
        if key_source == "random" and target.is_dir() and any(target.iterdir()):
            raise CommandError(
                "OUT is not empty, and a new random key would give the same patients other names in it. "
                "Choose an empty OUT, or name the key with --key-file."
            )
        try:
            result = deidentify_folder(source, target, key, options["subject"], self.show)
            with report.open("x", encoding="utf-8") as file:
                json.dump({"key": key_source, **result}, file, indent=1)
        except OSError as error:
            raise CommandError(f"A folder or file could not be read or written: {error.strerror}.") from None
        for status, count in result["counts"].items():
            self.stdout.write(f"{status}: {count}")
        for reason, count in result["reasons"].items():
            self.stdout.write(f"  {reason}: {count}")

    def show(self, files: int) -> None:
        """Says now and then how far it is; to stderr, so that the result can be piped."""
        if files % 500 == 0:
            self.stderr.write(f"{files} files")


def _check(source: Path, target: Path, report: Path) -> None:
    """Refuses what would lose or mix up files."""
    if not source.is_dir():
        raise CommandError("IN is not a folder. Name the folder that holds the DICOM files.")
    if target.resolve().is_relative_to(source.resolve()) or source.resolve().is_relative_to(target.resolve()):
        raise CommandError("IN and OUT must not lie inside each other. Choose another OUT.")
    if report.exists():
        raise CommandError("The report's file exists already. Name another one, or move it away.")
    if not report.resolve().parent.is_dir():
        raise CommandError("The report's folder does not exist. Make it first.")


def _key(key_file: Path | None) -> tuple[bytes, str]:
    """The domain's key and where it came from: 'file', 'environment' or 'random'."""
    if key_file is not None:
        try:
            return _from_hex(key_file.read_text(encoding="ascii")), "file"
        except (OSError, UnicodeDecodeError):
            raise CommandError("The key file could not be read as text.") from None
    given = os.environ.get(KEY_VARIABLE)  # noqa: TID251  a key for one run is not a setting of the registry
    if given:
        return _from_hex(given), "environment"
    return secrets.token_bytes(KEY_BYTES), "random"


def _from_hex(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise CommandError(f"The key must be {2 * KEY_BYTES} hexadecimal digits or more.")
    return key
