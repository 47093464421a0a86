"""Who is named in the files of a subject: facts by number, and what searches for them, each made once."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from .gates.gate import Gate
from .texts.asked import TOKEN
from .texts.echoes import Echoes
from .texts.facts import NOTHING, Facts, united
from .texts.spellings import folded

# So many are remembered; then it begins anew.
_MOST = 64
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_NONE: frozenset[str] = frozenset()


class Named:
    """Some people, numbers and places, ready to be searched for. Raises Refused where there are too many."""

    def __init__(self, facts: Facts) -> None:
        self.echoes = Echoes(facts)
        self.gate = Gate(facts, self.echoes)


class People:
    """All whom the files of one subject named so far. `study`: whom other files named."""

    def __init__(self, study: Facts) -> None:
        self.study = study
        self._facts = [NOTHING]
        self._marks = {(_NONE,) * 5: 0}
        self._unions: dict[frozenset[int], tuple[Facts, frozenset[str]]] = {}
        self._named: dict[Facts, Named] = {}

    def mark(self, facts: Facts) -> int:
        """A number for those facts that identify; the same have the same number, and 0 is none."""
        who = (facts.names, facts.ids, facts.births, facts.dates, facts.places)
        number = self._marks.get(who)
        if number is None:
            number = self._marks[who] = len(self._facts)
            self._facts.append(Facts(*who))
        return number

    def facts(self, marks: frozenset[int], kept: Iterable[frozenset[str]]) -> Facts:
        """The facts with these numbers and those of the study, with words that are `kept` if they also name a place."""
        found = self._unions.get(marks)
        if found is None:
            facts = replace(united([self.study, *(self._facts[mark] for mark in marks)]), words=_NONE)
            found = (facts, words_of_places(facts))
            _put(self._unions, marks, found)
        facts, places = found
        stay = places.intersection(frozenset().union(facts.kept, *kept)) if places else _NONE
        return replace(facts, kept=stay) if stay else facts

    def of_whole(self, facts: Facts) -> Facts:
        """Of a whole file's facts those that identify someone, with words that are kept if they also name a place."""
        return replace(facts, words=_NONE, kept=words_of_places(facts) & facts.kept)

    def named(self, facts: Facts) -> Named:
        """Whom the facts name. Raises Refused."""
        who = replace(facts, dates=_NONE)
        named = self._named.get(who)
        if named is None:
            named = Named(who)
            _put(self._named, who, named)
        return named


def words_of_places(facts: Facts) -> frozenset[str]:
    """The words that places are made of; technical terms that are among them name none."""
    return frozenset(word for place in facts.places for word in TOKEN.findall(folded(place)))


def _put(memory: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    if len(memory) >= _MOST:
        memory.clear()
    memory[key] = value
