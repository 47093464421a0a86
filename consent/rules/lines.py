"""Answers questions that come as JSON lines: one line in, one line out; a bad one never stops the rest."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from consent.rules import grammar, reading, use
from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.matching import permits
from core.errors import Invalid

_KEYS: Final = ("terms", "use", "ancestors")


def answers(lines: Iterable[bytes], diseases: DiseaseTree = BUILT_IN) -> Iterator[tuple[str, bool]]:
    """For each input line the JSON to print (without its line end) and whether the line could be read."""
    for line in lines:
        try:
            yield _dumped(answer(line, diseases)), True
        except Invalid as error:
            yield _dumped({"error": error.sentence}), False


def answer(line: bytes, diseases: DiseaseTree = BUILT_IN) -> dict[str, Any]:
    """The verdict on one line `{"terms", "use", "ancestors"?}` as JSON; raises Invalid with a sentence."""
    data = reading.as_object(_loaded(line), _KEYS, "The line")
    for key in ("terms", "use"):
        if key not in data:
            raise Invalid(f"The line has no '{key}'.")
    terms = None if data["terms"] is None else grammar.parse(data["terms"])
    return permits(terms, use.parse(data["use"]), _diseases(data.get("ancestors"), diseases)).as_json()


def _diseases(value: object, known: DiseaseTree) -> DiseaseTree:
    if value is None:
        return known
    if not isinstance(value, Mapping):
        raise Invalid("'ancestors' must be an object: an id, and the list of its ancestors' ids.")
    reading.as_diseases(list(value), "The keys of 'ancestors'")
    return known.overlaid({key: reading.as_diseases(above, "'ancestors'") for key, above in value.items()})


def _loaded(line: bytes) -> Any:
    try:
        text = line.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Invalid("The line is not UTF-8 text.") from None
    except json.JSONDecodeError:
        raise Invalid("The line is not JSON.") from None
    except RecursionError:
        raise Invalid("The line is nested too deeply.") from None
    except ValueError:
        raise Invalid("The line holds a number that cannot be read.") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a key that comes twice could be read two ways, so it is refused."""
    data = dict(pairs)
    if len(data) != len(pairs):
        raise Invalid("The line names a key twice in one object.")
    return data


def _no_constant(name: str) -> Any:
    raise Invalid(f"The line holds {name}, which is not JSON.")


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value)
