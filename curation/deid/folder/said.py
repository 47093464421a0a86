"""What the files of a study say about its subject: gathered file by file, kept in the journal as text."""

import json
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import reduce
from operator import or_

from ..making import items_of
from ..source import Source
from ..texts.facts import NOTHING, Facts, facts_of

_FIELDS = tuple(field.name for field in fields(Facts))


class Said:
    """Facts by subject and study, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[int, Facts]] = {}

    def add(self, subject: str, study: str, source: Source, encodings: list[str]) -> None:
        """Adds what one file says; the units of the file keep it too, since most of them come again."""
        found = self._found.setdefault((subject, study), {})
        for unit in source.units:
            if unit.mark is None:
                parts = items_of(unit, source.container.encoding) if unit.by_items else [unit.elements]
                unit.facts = _shared(reduce(or_, (facts_of(part, encodings) for part in parts), NOTHING))
                unit.mark = 0
            if unit.facts is not NOTHING:
                found[id(unit.facts)] = unit.facts

    def texts(self) -> list[tuple[str, str, str]]:
        """(subject, study, facts as text) for each study of which a file said anything."""
        return [(*place, text_of_facts(found.values())) for place, found in self._found.items() if found]


def _shared(facts: Facts) -> Facts:
    """Of one file's facts, those that matter for the others: who it is and where; not the words of its texts."""
    facts = replace(facts, words=frozenset(), kept=frozenset())
    return NOTHING if facts == NOTHING else facts


def text_of_facts(all_of: Iterable[Facts]) -> str:
    """The union as JSON, the same for the same facts."""
    facts = reduce(or_, all_of, NOTHING)
    return json.dumps([sorted(getattr(facts, name)) for name in _FIELDS])


def facts_from(texts: Iterable[str]) -> Facts:
    """The union of what `text_of_facts` made."""
    return reduce(or_, (Facts(*map(frozenset, json.loads(text))) for text in texts), NOTHING)
