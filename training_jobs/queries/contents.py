"""What is in an output: for reviewers while it is held, for the researcher once it is released."""

from typing import BinaryIO

from core.accounts.queries import Reader, key_of
from core.errors import Missing, NotAllowed
from core.storage import work as storage
from core.texts import gettext_noop as _
from training_jobs.models import JobOutput
from training_jobs.queries.reviewers import reviews
from training_jobs.rules.lifecycle import OutputState
from training_jobs.rules.templates import OutputKind

FLAGGED = _(
    "A donor whose images this model learnt from has withdrawn, so it is not given out any more. "
    "Do not use copies that you have."
)
RECALLED = _(
    "Somebody may be recognised in this or in what it learnt from, so it is not given out now. "
    "Do not use copies that you have."
)


def held_bytes(user: Reader, output: JobOutput) -> bytes:
    """The checked bytes of an output, whatever its state, for a reviewer; raises Missing for everybody else."""
    if not reviews(user, output.job):
        raise Missing("There is no such output.")
    return storage.read(output.stored)


def refusal_of(output: JobOutput) -> str:
    """Why a released output is not given out any more, or nothing."""
    if output.recalled_at:
        return RECALLED
    return FLAGGED if output.kind == OutputKind.MODEL and output.flagged_at else ""


def released_file(user: Reader, output: JobOutput) -> BinaryIO:
    """A released output's stream, from the released zone only, for its job's researcher.

    Raises Missing for everybody else and for what is not released, NotAllowed once a withdrawal or a report stands
    against it.
    """
    own = key_of(user) == output.job.researcher_id
    if not own or output.state != OutputState.RELEASED or output.released is None:
        raise Missing("There is no such output.")
    if sentence := refusal_of(output):
        raise NotAllowed(sentence, "recalled" if output.recalled_at else "flagged")
    return storage.open_object(output.released)


def readable_bytes(user: Reader, output: JobOutput) -> bytes | None:
    """What a page may show of the output to this reader, or None where they may not see into it."""
    if reviews(user, output.job):
        return held_bytes(user, output)
    own = key_of(user) == output.job.researcher_id
    if not own or output.state != OutputState.RELEASED or refusal_of(output):
        return None
    with released_file(user, output) as stream:
        return stream.read()
