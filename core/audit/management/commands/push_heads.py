"""`manage.py push_heads`: sends the newest signed head to every witness now, and says what each answered."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.audit import witnesses


class Command(BaseCommand):
    help = "Sends the newest signed head of the log to the witnesses named in DONARA_LOG_WITNESSES."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOG_WITNESSES:
            raise CommandError("No witness is configured: set DONARA_LOG_WITNESSES.")
        failed = []
        for witness in witnesses.known():
            try:
                # A witness that knows another size is asked a second time, with the proof from there.
                if witnesses.push(witness.pk) is not None:
                    witnesses.push(witness.pk)
            except witnesses.WitnessError as error:
                failed.append(witness.name)
                self.stderr.write(f"{witness.name}: {error.code}")
            else:
                witness.refresh_from_db()
                self.stdout.write(f"{witness.name}: has seen {witness.size} entries")
        if failed:
            raise CommandError(f"Not every witness took the head: {', '.join(failed)}.")
