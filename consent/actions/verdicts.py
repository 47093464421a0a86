"""Keeps what the rules said of a question, with the rules' version, at the moments when it decides something."""

from uuid import UUID

from consent.rules.asked import Question
from consent.work.verdicts import remember
from core.actors import Actor


def record_verdicts(*, question: Question, programme_id: UUID, by: Actor) -> int:
    """Stores the verdict on each set of terms in force in the programme; returns how many there are."""
    return remember(question, programme_id)
