"""A steward has the whole clean store of a programme looked through again."""

from django.db import transaction

from core.accounts.models import Programme
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.due.queue import ask
from core.errors import Conflict
from curation import tasks
from curation.models import Recheck
from curation.work.recheck import begin


def start_recheck(*, programme: Programme, by: Actor) -> Recheck:
    """A steward has all clean files of a programme looked through again under the rules of today.

    Raises NotAllowed, and Conflict while that is being done already.
    """
    require(by, programme.pk, Role.STEWARD)
    with transaction.atomic():
        recheck = begin(programme.pk, by=by)
        if recheck is None:
            raise Conflict("All clean images of this programme are being looked through already.", "running")
        ask(tasks.RECHECK, recheck.pk)
    return recheck
