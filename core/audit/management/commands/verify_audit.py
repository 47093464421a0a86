"""`manage.py verify_audit`: walks the whole chain of the audit trail and says whether it holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.audit.queries import chain_state
from core.audit.work import first_break


class Command(BaseCommand):
    help = "Checks every sealed event of the audit trail against the chain."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_break()
        if broken is not None:
            raise CommandError(f"The chain does not hold at sequence {broken}.")
        state = chain_state()
        self.stdout.write(f"The chain holds: {state.sealed} events, head {state.digest}")
