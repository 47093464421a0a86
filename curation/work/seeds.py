"""What headers and registry say about a donor, as it may be written in a picture; in memory alone, never kept."""

from collections.abc import Iterator
from datetime import datetime

from curation.deid.texts.facts import Facts

#: A donation may name many numbers; so many texts are looked for, each up to so long.
MOST, LONGEST, SHORTEST = 2_000, 64, 2
#: How a birth date is written: day and month in either order, with the month's name, with and without its century.
#: Signs between the parts make no difference.
_FORMS = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%d%b%Y", "%d%B%Y", "%b%d%Y", "%B%d%Y", "%d%m%y", "%m%d%y", "%y%m%d")


def seeds_from(facts: Facts) -> tuple[str, ...]:
    """Names, birth dates and numbers, in one order."""
    found = [
        *sorted(facts.names),
        *(text for day in sorted(facts.births) for text in _written(day)),
        *sorted(facts.ids),
    ]
    texts = dict.fromkeys(text.strip()[:LONGEST] for text in found)
    return tuple(text for text in texts if len(text) >= SHORTEST)[:MOST]


def _written(day: str) -> Iterator[str]:
    try:
        date = datetime.strptime(day, "%Y%m%d")  # noqa: DTZ007  a day has no time zone
    except ValueError:
        return
    for form in _FORMS:
        yield date.strftime(form)
