"""Random consents, uses and ways to make them narrower or wider, for the tests of the matcher."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from consent.rules.diseases import DiseaseTree
from consent.rules.grammar import Alternative, Modifier, Terms
from consent.rules.use import SENSITIVE, Organisation, Use
from consent.rules.vocabulary import MODIFIERS

# A is above B and C; C is also below D; E stands alone.
TREE = DiseaseTree({"X:A": [], "X:B": ["X:A"], "X:C": ["X:B", "X:D"], "X:D": [], "X:E": []})
DISEASES = ["X:A", "X:B", "X:C", "X:D", "X:E"]
BELOW = {"X:A": ["X:B", "X:C"], "X:B": ["X:C"], "X:D": ["X:C"]}
NARROWER = {"NRES": ["GRU", "HMB", "DS", "POA"], "GRU": ["HMB", "DS", "POA"], "HMB": ["DS"]}
LISTS = {"GS": ["GB", "FR", "DE"], "US": ["u1", "u2"], "IS": ["i1", "i2"], "PS": ["p1", "p2"]}
PURPOSES = ["general", "hmb", "poa", "methods", "clinical", "train_model"]


def some(values: list[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of `values`, each once, in any order."""
    return st.lists(st.sampled_from(values), unique=True, min_size=least).map(tuple)


@st.composite
def modifiers(draw: st.DrawFn, codes: frozenset[str] = MODIFIERS) -> Modifier:
    """One modifier with a value that fits."""
    code = draw(st.sampled_from(sorted(codes)))
    if code in LISTS:
        return Modifier(code, draw(some(LISTS[code])) or None)
    if code in ("TS", "MOR"):
        return Modifier(code, draw(st.sampled_from([None, 6, "2026-06-30"])))
    return Modifier(code, draw(st.sampled_from([None, "see the protocol"])) if code == "RS" else None)


@st.composite
def alternatives(draw: st.DrawFn, codes: frozenset[str] = MODIFIERS) -> Alternative:
    """One alternative; DS names one disease or more."""
    permission = draw(st.sampled_from(["NRES", "GRU", "HMB", "DS", "POA"]))
    diseases = draw(some(DISEASES, 1)) if permission == "DS" else ()
    return Alternative(permission, diseases, tuple(draw(st.lists(modifiers(codes), max_size=3))))


def terms(codes: frozenset[str] = MODIFIERS, least: int = 0) -> st.SearchStrategy[Terms]:
    """Terms of up to three alternatives."""
    return st.lists(alternatives(codes), min_size=least, max_size=3).map(lambda found: Terms(tuple(found)))


@st.composite
def uses(draw: st.DrawFn) -> Use:
    """Any use, with much left unanswered."""
    answer = st.sampled_from([None, None, False, True])
    asked = ["methods_within_disease", "genetic", "commercial", "share_weights", "commercial_model", *PURPOSES]
    answers: dict[str, Any] = {name: draw(answer) for name in asked}
    answers |= {name: draw(st.sampled_from([None] * 9 + [True])) for name in SENSITIVE}
    return Use(
        **answers,
        diseases=draw(some(DISEASES)),
        countries=draw(some(LISTS["GS"])),
        users=draw(some(LISTS["US"])),
        org=draw(st.sampled_from([None, *Organisation])),
        institution=draw(st.sampled_from([None, "i1", "i3"])),
        project=draw(st.sampled_from([None, "p1", "p3"])),
    )


@st.composite
def more_purposes(draw: st.DrawFn, use: Use) -> Use:
    """`use` with one purpose more."""
    kind = draw(st.sampled_from([*PURPOSES, *SENSITIVE, *["diseases"] * 4]))
    if kind == "diseases":
        return replace(use, diseases=(*use.diseases, draw(st.sampled_from(DISEASES))))
    added: dict[str, Any] = {kind: True}
    return replace(use, **added)


@st.composite
def narrower(draw: st.DrawFn, whole: Terms) -> Terms:
    """`whole`, which has an alternative, with one alternative dropped or made narrower."""
    options = list(whole.alternatives)
    place = draw(st.integers(0, len(options) - 1))
    option = options.pop(place)
    steps = [_restricted, _less_clinical, _fewer_diseases, _lower_disease, _shorter_list, _narrower_permission]
    if draw(st.integers(0, 6)):
        options.append(draw(st.sampled_from(steps))(draw, option))
    return Terms(tuple(options))


def _restricted(draw: Any, option: Alternative) -> Alternative:
    return replace(option, modifiers=(*option.modifiers, draw(modifiers(MODIFIERS - {"CC"}))))


def _less_clinical(draw: Any, option: Alternative) -> Alternative:
    return replace(option, modifiers=tuple(item for item in option.modifiers if item.code != "CC"))


def _fewer_diseases(draw: Any, option: Alternative) -> Alternative:
    return replace(option, diseases=option.diseases[1:])


def _lower_disease(draw: Any, option: Alternative) -> Alternative:
    lowered = (draw(st.sampled_from([disease, *BELOW.get(disease, [])])) for disease in option.diseases)
    return replace(option, diseases=tuple(lowered))


def _shorter_list(draw: Any, option: Alternative) -> Alternative:
    shorter = (
        replace(item, value=item.value[1:] or None) if isinstance(item.value, tuple) else item
        for item in option.modifiers
    )
    return replace(option, modifiers=tuple(shorter))


def _narrower_permission(draw: Any, option: Alternative) -> Alternative:
    # NMDS lets methods work through inside a consented disease, which only DS has: there DS is not the narrower.
    if any(item.code == "NMDS" for item in option.modifiers) or option.permission not in NARROWER:
        return option
    permission = draw(st.sampled_from(NARROWER[option.permission]))
    return Alternative(permission, draw(some(DISEASES, 1)) if permission == "DS" else (), option.modifiers)
