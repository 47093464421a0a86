"""`manage.py resume_log`: after a backup was played back, says what the log has lost; goes on once told to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actors import SystemActor
from core.audit import actions
from core.audit.tree import LogTorn
from core.errors import Refused


class Command(BaseCommand):
    help = "Says what a log that is shorter than what was signed last has lost; with --reason, goes on with it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", default="", help="one word without spaces, for example backup-2026-11-26")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = actions.gap()
            self.stdout.write(said(found))
            if not options["reason"]:
                self.stdout.write("Nothing was changed. To go on all the same: manage.py resume_log --reason WHY")
                return
            actions.resume(reason=options["reason"], by=SystemActor("operator"))
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        except LogTorn as torn:
            raise CommandError(f"The database's log is not whole in itself ({torn}): restore another backup.") from None
        self.stdout.write("Entered in the log. The sealer goes on with its next run.")


def said(gap: actions.Gap) -> str:
    """What is lost, in sentences."""
    lines = [
        f"Signed last, as kept outside the database: {gap.kept} entries, hash {gap.root}."
        if gap.root
        else "What is kept outside the database cannot be read, so nobody knows what was signed last.",
        f"In the database: {gap.size} sealed entries; the newest event is of {gap.newest_at or 'no time'}.",
    ]
    if not gap.root:
        lines.append("Compare the database's head with a receipt or a witness before you go on.")
    elif gap.lost:
        lines.append(f"Lost: {gap.lost} entries. Receipts and certificates for them no longer fit the log, and say so.")
    else:
        lines.append("The database holds as many entries, but others, or entries signed with another key.")
    lines.append("Consents and withdrawals that came after the backup are lost too: ask those concerned again.")
    lines.append("Witnesses, and donors who kept a later head, will see a fork. That is so, and they should be told.")
    return "\n".join(lines)
