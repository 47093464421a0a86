"""`manage.py check_store [--erase]`: finds bytes without a row and rows without their bytes, in every zone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.storage.check import clear, compare
from core.storage.whole import damaged_objects
from core.storage.zones import Zone


class Command(BaseCommand):
    help = "Compares the object store with its rows. Ends with an error where something is missing or left over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--erase", action="store_true", help="erase bytes that no row answers for")

    def handle(self, *args: Any, erase: bool = False, **options: Any) -> None:
        wrong = damaged_objects().count()
        for thing in damaged_objects().iterator():
            self.stdout.write(f"damaged ({thing.damage}): {thing.zone} {thing.pk}")
        for zone in Zone:
            found = compare(zone)
            self.stdout.write(
                f"{zone.value}: {found.checked} objects, {len(found.orphans)} without a row, "
                f"{len(found.missing)} rows without bytes"
            )
            for key in found.orphans:
                self.stdout.write(f"  without a row: {key}")
            for key in found.missing:
                self.stdout.write(f"  without bytes: {key}")
            if erase:
                self.stdout.write(f"  erased: {clear(found)}")
            wrong += len(found.missing) + (0 if erase else len(found.orphans))
        if wrong:
            raise CommandError(f"{wrong} objects do not agree with their rows. See the lines above.")
