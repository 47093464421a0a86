"""`manage.py seal_store`: wraps data keys under today's store key, and seals objects that were stored plain."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import Missing
from core.storage.keys import KeyAbsent
from core.storage.resealing import all_of, older_keys, seal, unsealed, wrap_anew


class Command(BaseCommand):
    help = (
        "Wraps the keys of stored objects under DONARA_STORE_KEY where an older one was in use, and encrypts objects "
        "from before. People may work meanwhile; stopped half way, it goes on when it is called again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OBJECT_STORE["sealed"]:
            raise CommandError("DONARA_STORE_ENCRYPTION is not envelope, so the registry seals nothing itself.")
        try:
            wrapped = sum(wrap_anew(thing) for thing in all_of(older_keys()))
        except KeyAbsent as error:
            raise CommandError(error.sentence) from None
        self.stdout.write(f"keys wrapped anew: {wrapped}")
        done = wrong = 0
        for thing in all_of(unsealed()):
            try:
                done += seal(thing)
            except Missing:
                wrong += 1
                self.stdout.write(f"  not as it was written, left as it is: {thing.zone} {thing.pk}")
        self.stdout.write(f"objects sealed: {done}")
        if wrong:
            raise CommandError(f"{wrong} objects are not the bytes that were written. See the lines above.")
