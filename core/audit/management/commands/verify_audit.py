"""`manage.py verify_audit`: walks the whole audit trail, its chain, its tree and every signed head; do they hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core.append_only import WATCHED, stands
from core.audit.alarms import WORDS
from core.audit.checks import heads_that_do_not_hold, tile_holds, why_stopped
from core.audit.models import Tile
from core.audit.queries import chain_state, newest_head
from core.audit.work import first_break


class Command(BaseCommand):
    help = "Checks every sealed event of the audit trail against the chain, the tree and the signed heads."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_break()
        if broken is not None:
            raise CommandError(f"The chain does not hold at sequence {broken}.")
        for size in heads_that_do_not_hold():
            raise CommandError(f"The signed head of size {size} is not that of the events.")
        for index in Tile.objects.filter(level=0).order_by("index").values_list("index", flat=True).iterator():
            if not tile_holds(index):
                raise CommandError(f"Tile {index} of the tree is not that of the events.")
        off = [guard.table for guard in WATCHED.values() if not stands(guard, connection)]
        if off:
            raise CommandError(f"The database no longer refuses changes to: {', '.join(off)}.")
        if why := why_stopped():
            raise CommandError(WORDS[why])
        state, head = chain_state(), newest_head()
        self.stdout.write(f"The chain holds: {state.sealed} events, head {state.digest}")
        self.stdout.write(f"The tree holds: {head.size if head else 0} leaves, root {head.root if head else '-'}")
