"""Echoes of nobody, which keep what they are asked: what was made with them holds for everyone who is not meant."""

from .asked import NOTHING_ASKED, Asked, squeezed_of
from .echoes import Echoes
from .facts import NOTHING
from .written_dates import dates_in


class _Words(dict[str, str]):
    """No word is anyone's; which were asked for is noted.

    Its keys are none: whoever compares them with the words of a text asks about that whole text as well.
    """

    def __init__(self, noted: list[str]) -> None:
        super().__init__()
        self._noted = noted

    def __contains__(self, word: object) -> bool:
        self._noted.append(str(word))
        return False


class _Days(frozenset[str]):
    """No day says anything; which were asked for is noted."""

    noted: list[str]

    def __contains__(self, day: object) -> bool:
        self.noted.append(str(day))
        return False


class Questions(Echoes):
    """Answers every question with no, until `taken` asks which there were."""

    def __init__(self) -> None:
        """Nobody is named, and nothing was asked."""
        super().__init__(NOTHING)
        self._words: list[str] = []
        self._days: list[str] = []
        self._texts: list[bytes] = []
        self._with_days: list[bytes] = []
        self.words = _Words(self._words)
        self.dates = days = _Days()
        days.noted = self._days

    def within(self, text: bytes, days: bool = True) -> bool:
        """No; the text is noted, and whether a day in it would matter."""
        (self._with_days if days else self._texts).append(text)
        return False

    def taken(self, written: bytes = b"") -> Asked | None:
        """What was asked since the last time, and whether anyone is named in a text that was `written`.

        None where the texts are not in ASCII, so that only the echoes themselves can tell.
        """
        if not (written or self._words or self._texts or self._with_days or self._days):
            return NOTHING_ASKED
        texts = b"\n".join({*self._texts, *self._with_days, written})
        read = b"\n".join(self._with_days).decode("latin-1").lower()
        words, days = frozenset(self._words), frozenset(self._days).union(dates_in(read))
        for noted in (self._words, self._days, self._texts, self._with_days):
            noted.clear()
        if not texts.isascii():
            return None
        return Asked(words, texts, squeezed_of(texts), days)
