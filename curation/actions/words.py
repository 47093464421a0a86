"""Words that stay in a study: decided on in the same act as a series of it."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from core.accounts.models import User
from core.errors import Conflict, Invalid
from core.lifecycle import move_all
from core.texts import gettext_noop as _
from curation.models import Series, StudyWords
from curation.queries import words_of
from curation.rules.lifecycle import WordsState
from curation.rules.reasons import NAMING_WORDS


def check_read(series: Series, read: Collection[UUID]) -> None:
    """Raises Conflict where words of the study name somebody, and Invalid where some of them were not read."""
    if words_of(series).filter(state=WordsState.REJECTED).exists():
        sentence = _("Words that stay in this study name somebody, so nothing more of it can be taken.")
        raise Conflict(sentence, "naming_words")
    if not {words.pk for words in _left(series)} <= set(read):
        sentence = _("Read the words that stay in this study. Accepting takes them, too.")
        raise Invalid(sentence, "unread_words", fields={"words": sentence})


def accept_words(series: Series, by: User) -> None:
    """Accepts, for the whole study, the words that nobody has decided on."""
    _decide(_left(series), WordsState.ACCEPTED, by, "read")


def reject_words(series: Series, by: User) -> None:
    """Notes that words of the study name somebody: those that nobody has accepted."""
    _decide(_left(series), WordsState.REJECTED, by, NAMING_WORDS)


def _left(series: Series) -> list[StudyWords]:
    return list(words_of(series).filter(state=WordsState.OPEN))


def _decide(words: list[StudyWords], to: WordsState, by: User, why: str) -> None:
    move_all(words, to, by=by, why=why, decided_by_id=by.pk, decided_at=timezone.now())
