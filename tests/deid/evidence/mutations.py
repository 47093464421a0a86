"""Takes the engine's rules away, one at a time: each rule by its name, how to remove it, and which check needs it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

from pydicom.datadict import dictionary_has_tag, dictionary_VR

from curation.deid import RESEARCH, decide
from curation.deid.content import concepts
from curation.deid.private import safe as private
from curation.deid.standard import coding_schemes, rules, sop_classes, strengthening
from curation.deid.texts import facts, spellings

from . import own_checks
from . import rule_checks as check

PACKAGE = "curation.deid"


class Mutation(NamedTuple):
    """One rule: its name, the collection that it is in, itself, and the check that must miss it.

    `instead`: what takes its place in a table; nothing where it is taken out.
    """

    name: str
    collection: object
    rule: object
    problems: Callable[[], Iterator[str]]
    instead: object = None


def every() -> Iterator[Mutation]:
    """A mutation for each rule, but for those that say again what another rule says."""
    yield from _of("row", rules.ROWS, check.row, _decided_before_the_table)
    yield from _options()
    yield from _of("own", strengthening.OWN, own_checks.own)
    yield from _of("never shifted", strengthening.NEVER_SHIFTED, check.never_shifted, _is_binary)
    yield from _of("term", strengthening.TERMS, check.kept)
    yield from _of("binary", strengthening.BULK - OFFSETS, check.kept, held=strengthening.BULK)
    yield from _of("offsets", OFFSETS, check.offsets, held=strengthening.BULK)
    yield from _of("site", strengthening.SITES, check.grouped)
    yield from _of("device", strengthening.DEVICES, check.grouped)
    yield from _of("scheme", coding_schemes.CODING_SCHEMES, check.scheme)
    yield from _of("id", facts.IDS, check.fact, _is_name)
    yield from _of("place", facts.PLACES, check.fact)
    yield from _of("encoding", spellings._ENCODINGS, check.encoding, TWICE.__contains__)
    yield from _of("kind", sop_classes.ALLOWED, check.taken)
    for reason in sop_classes.REFUSED.keys() - REFUSED_ANYWAY:
        yield from _of(reason, sop_classes.REFUSED[reason], check.refused, _is_of_a_family)
    yield from _of("private", private.SAFE_PRIVATE, lambda place: check.safe_private(*place), _goes_in_any_case)
    yield from _of("concept", concepts.CONCEPTS, check.concept, concepts.BIRTH_DATES.__contains__)


def _of(
    name: str,
    rules: Any,
    checked: Callable[[Any], Iterator[str]],
    said_twice: Callable[[Any], bool] = lambda rule: False,
    held: object = None,
) -> Iterator[Mutation]:
    """One for each rule of a collection; `held`: the collection that it is in, where `rules` is a part of it."""
    for rule in sorted(rules):
        if not said_twice(rule):
            label = f"{rule:08X}" if isinstance(rule, int) else str(rule)
            yield Mutation(f"{name} {label}", rules if held is None else held, rule, partial(checked, rule))


def _options() -> Iterator[Mutation]:
    """One for each cell of the table that an option of `research` fills, where no other option of it does too."""
    for tag, row in rules.ROWS.items():
        chosen = row.options.keys() & RESEARCH.options
        if len(chosen) != 1 or _decided_before_the_table(tag) or check.option_changes_nothing(tag):
            continue
        less = row._replace(options={name: code for name, code in row.options.items() if name not in chosen})
        yield Mutation(f"option {tag:08X} {next(iter(chosen))}", rules.ROWS, tag, partial(check.option, tag), less)


OFFSETS = frozenset({0x7FE00001, 0x7FE00002})
#: Korean letters between escape sequences are written alike in two encodings; without zeros UTF-16 reads as Latin-1.
TWICE = frozenset({"iso2022_kr", "latin-1"})
#: What no list names is refused so; and a directory is known by its file meta information before its kind is asked.
REFUSED_ANYWAY = frozenset({"sop_class_not_allowed", "dicomdir"})


def _decided_before_the_table(tag: int) -> bool:
    """Unknown to the public dictionary, of a group that no data set has, or of our own layer, which is asked first."""
    return not dictionary_has_tag(tag) or tag >> 16 in (0, 2, 4) or tag >> 16 >= 0xFFFC or tag in strengthening.OWN


def _is_binary(tag: int) -> bool:
    """No option moves a time that is no text."""
    return dictionary_VR(tag) not in ("DA", "DT", "TM")


def _is_name(tag: int) -> bool:
    """Every name is gathered, whatever its attribute."""
    return dictionary_VR(tag) == "PN"


def _is_of_a_family(sop_class: str) -> bool:
    """Refused with all that later editions may add beside it."""
    return any(sop_class.startswith(sop_classes._ROOT + family) for family, _ in sop_classes._FAMILIES)


def _goes_in_any_case(place: tuple[str, int]) -> bool:
    """Long text and opaque bytes, which go although the standard calls them safe; and headers that are made anew."""
    return private.SAFE_PRIVATE[place].vr not in check.PRIVATE_VRS


@contextmanager
def without(mutation: Mutation) -> Iterator[None]:
    """The engine without one of its rules, wherever the collection is held; it remembers nothing from before."""
    collection = mutation.collection
    table = isinstance(collection, dict)
    undo = _removed(collection, mutation.rule, mutation.instead) if table else _replaced(collection, mutation.rule)  # type: ignore[arg-type]  # a table is a dict
    forget()
    try:
        yield
    finally:
        undo()
        forget()


def _removed(collection: dict[object, object], rule: object, instead: object) -> Callable[[], None]:
    before = dict(collection)
    if instead is None:
        del collection[rule]
    else:
        collection[rule] = instead

    def undo() -> None:
        collection.clear()
        collection.update(before)

    return undo


def _replaced(collection: object, rule: object) -> Callable[[], None]:
    less = type(collection)(each for each in collection if each != rule)  # type: ignore[call-arg, attr-defined]  # a set or a tuple
    holders = [(vars(module), key) for module in _modules() for key, held in vars(module).items() if held is collection]
    tables = [held for module in _modules() for held in vars(module).values() if isinstance(held, dict)]
    holders += [(table, key) for table in tables for key, held in table.items() if held is collection]
    assert holders
    for holder, key in holders:
        holder[key] = less

    def undo() -> None:
        for holder, key in holders:
            holder[key] = collection

    return undo


def _modules() -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith(PACKAGE)]


def forget() -> None:
    """Drops everything that the engine remembers of its rules."""
    decide._tables.clear()
    for module in _modules():
        for held in list(vars(module).values()):
            if hasattr(held, "cache_clear"):
                held.cache_clear()


def survives(mutation: Mutation) -> bool:
    """Whether no check misses the rule."""
    with without(mutation):
        return next(mutation.problems(), None) is None
