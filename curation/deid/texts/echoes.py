"""Finds a subject's identity in text that would be kept: names, numbers, dates and places in any spelling."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from functools import cached_property

from ..files.tree import Dataset
from ..reasons import Refused
from .asked import TOKEN, Asked, squeezed_of, words_in
from .facts import BIRTH_DATE, NUMBERS, Facts, facts_of
from .spellings import any_of, folded, foldings
from .vocabulary import PARTICLES, PLACEHOLDERS, is_known
from .written_dates import dates_in

__all__ = ["BIRTH_DATE", "NUMBERS", "Echoes"]
_PARTS = re.compile(r"[\W_]+")
_SEPARATORS = re.compile(r"(?:[^\w\n]|_)+")
# A study names some dozens of people and numbers; what is kept is searched for each of them.
_MAX_VALUES = 2_000
_MIN_NAME, _MIN_LETTERS, _MIN_DIGITS = 2, 3, 4
LONG = 6
_MIN_COMPACT = 7
_DIGITS = [b"%d" % digit for digit in range(10)]
# A day has at least one digit, and its year two.
_DIGITS_OF_A_DAY = 3


class Echoes:
    """What may not be repeated, ready to be searched for.

    `words`: whole words in lower case without accents, each with its kind; `parts`: found also within longer words;
    `numbers`: found also where separators stand between their letters and digits.
    """

    def __init__(self, about: Facts | Dataset) -> None:
        """`about`: the facts of a study, or one parsed file to gather them from; raises Refused beyond the limit."""
        self.facts = facts = about if isinstance(about, Facts) else facts_of(about)
        if len(facts.names) + len(facts.ids) + len(facts.places) > _MAX_VALUES:
            raise Refused("too_many_elements")
        self.words: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.initials: set[str] = set()
        self.dates: AbstractSet[str] = facts.births | facts.dates
        for place in facts.places:
            self._add_place(place)
        for number in facts.ids:
            self._add_number(number, "id")
        for name in facts.names:
            self._add_name(name)

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        return any_of(part.encode() for part in (*self.parts, *self.numbers))

    @cached_property
    def _squeezed(self) -> tuple[bytes, ...]:
        """Everything that is looked for, as it reads without anything but letters and digits.

        Looked for by `find`: `in` takes an exception each time, since it asks first whether the bytes are a number.
        """
        found = {_PARTS.sub("", text) for text in (*self.words, *self.parts, *self.numbers)}
        return tuple(text.encode() for text in found if text.isascii())

    @cached_property
    def _long(self) -> tuple[bytes, ...]:
        """What is looked for within words, as it reads without anything but letters and digits."""
        found = {_PARTS.sub("", text) for text in (*self.parts, *self.numbers)}
        return tuple(text.encode() for text in found if text.isascii())

    def on(self, days: AbstractSet[str]) -> "Echoes":
        """The same with other days."""
        other = copy(self)
        other.dates = days
        return other

    def deny(self, asked: Sequence[Asked]) -> bool:
        """Whether all these questions, but for days, are answered with no; False where only asking them can tell."""
        words = self.words.keys()
        if not all(words.isdisjoint(each.words) for each in asked):
            return False
        within = b"\n".join([each.squeezed for each in asked])
        if not any(within.find(one) >= 0 for one in self._squeezed):
            return True
        if any(within.find(one) >= 0 for one in self._long):
            return False
        return all(words.isdisjoint(words_in(each.texts.decode("ascii"))) for each in asked)

    def knows_day(self, days: AbstractSet[str]) -> bool:
        """Whether some of these days may say something, alone or beside initials."""
        return bool(self.initials) or not self.dates.isdisjoint(days)

    def _harmless(self, text: bytes) -> bool:
        """Whether a text in ASCII cannot repeat anything: nothing that is looked for is a part of it, and no day."""
        return sum(map(text.count, _DIGITS)) < _DIGITS_OF_A_DAY and not self.may_repeat(text)

    def may_repeat(self, text: bytes) -> bool:
        """Whether a text in ASCII may repeat a name, number or place: one of them is a part of it. Quickly told."""
        squeezed = squeezed_of(text)
        return any(squeezed.find(one) >= 0 for one in self._squeezed)

    def _add_name(self, name: str) -> None:
        for group in name.split("="):
            self._add_initials(group.split("^"))
            for component in group.split("^"):
                joined = _PARTS.sub("", component) if component.count(" ") == 0 else ""
                for part in (*_PARTS.split(component), joined):
                    self._add_word(part, "name", _MIN_NAME)

    def _add_initials(self, components: list[str]) -> None:
        """Given names before the family name and after it; not where they spell a word that anyone writes."""
        family, given = (
            [part[0] for part in map(folded, _PARTS.split(component)) if part and part not in PARTICLES]
            for component in [*components, ""][:2]
        )
        if family and given:
            last = {family[0], "".join(family)}
            found = {
                one
                for letter in last
                for first in (given[0], "".join(given))
                for one in (first + letter, letter + first)
            }
            self.initials |= {initials for initials in found if not is_known(initials)}

    def _add_word(self, word: str, kind: str, shortest: int) -> None:
        for spelled in foldings(word):
            least = _MIN_DIGITS if spelled.isdigit() else shortest if spelled.isascii() else 1
            if len(spelled) < least or spelled in PARTICLES or spelled in PLACEHOLDERS:
                continue
            self.words[spelled] = kind
            if len(spelled) >= LONG and not is_known(spelled) and not spelled.isdigit():
                self.parts[spelled] = kind

    def _add_number(self, number: str, kind: str) -> None:
        """An identifier as it is, without separators, without leading zeros, and its longer runs of digits."""
        if all(map(is_known, TOKEN.findall(folded(number)))):
            return
        whole = _PARTS.sub("", folded(number))
        runs = [run for run in re.findall(r"\d+", number) if len(run) > _MIN_DIGITS]
        for spelled in dict.fromkeys((whole, whole.lstrip("0"), *runs, *(run.lstrip("0") for run in runs))):
            shortest = _MIN_DIGITS if spelled.isdigit() else _MIN_LETTERS
            if len(spelled) < shortest or spelled in PLACEHOLDERS or is_known(spelled):
                continue
            self.words[spelled] = kind
            if len(spelled) >= _MIN_COMPACT:
                self.numbers[spelled] = kind

    def _add_place(self, place: str) -> None:
        """The words of a place that say which one it is; a name of common words only as a whole."""
        for word in TOKEN.findall(folded(place)):
            if len(word) > _MIN_LETTERS and not is_known(word) and word not in self.facts.kept:
                if any(map(str.isdigit, word)):
                    self._add_number(word, "place")
                else:
                    self._add_word(word, "place", _MIN_DIGITS)
        whole = " ".join(TOKEN.findall(folded(place)))
        if " " in whole and len(whole) > LONG:
            self.parts[whole] = "place"

    def within(self, text: bytes, days: bool = True) -> bool:
        """Whether a text that would be kept repeats any of the subject's identity, or bears initials and a day.

        Without `days` no number is read as a day: code values of six digits, such as 121110, may look like one.
        """
        if text.isascii() and self._harmless(text):
            return False
        read = text.decode("latin-1")
        found = next((kind for kind in self.kinds(read) if days or kind != "date"), None)
        return found is not None or (days and self._signed(folded(read)))

    def _signed(self, low: str) -> bool:
        """Initials beside a day, as people sign."""
        return not self.initials.isdisjoint(TOKEN.findall(low)) and bool(dates_in(low))

    def kinds(self, text: str) -> Iterator[str]:
        """The kind of each echo in a text: name, id, place or date."""
        low = folded(text)
        yield from (self.words[word] for word in words_in(text) & self.words.keys() if not _too_common(word))
        spaced = f"{low}\n{' '.join(TOKEN.findall(low))}\n{_SEPARATORS.sub('', low)}"
        if self._pattern.search(spaced.encode()):
            yield from (kind for part, kind in self.parts.items() if part in spaced)
            yield from (kind for number, kind in self.numbers.items() if number in spaced)
        if self.dates and not self.dates.isdisjoint(dates_in(low)):
            yield "date"


def _too_common(word: str) -> bool:
    """Whether a short name is also a word or code that anyone writes, such as no or ct: it is no echo by itself."""
    return len(word) <= _MIN_NAME and is_known(word)
