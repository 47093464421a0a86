"""Which declared purposes a permission covers; every declared purpose must be covered."""

from collections.abc import Iterator
from typing import Final

from consent.rules.diseases import Diseases
from consent.rules.grammar import Alternative
from consent.rules.use import Use
from consent.rules.verdicts import Finding, deny, mark, permit, review
from consent.rules.vocabulary import named

_ALL_RESEARCH: Final = frozenset({"general", "hmb", "poa", "disease", "methods"})

# DUO permissions and the purposes inside them. DS is decided disease by disease, below.
_COVERS: Final = {
    "NRES": _ALL_RESEARCH,
    "GRU": _ALL_RESEARCH,
    "HMB": frozenset({"hmb", "disease", "methods"}),
    "DS": frozenset[str](),
    "POA": frozenset({"poa"}),
}

_WORDS: Final = {
    "general": "general research",
    "hmb": "health, medical or biomedical research",
    "poa": "research into population origins or ancestry",
    "disease": "research into a disease",
    "methods": "the development of methods (training a model counts as that)",
}


def covered(disease: str, consented: frozenset[str], diseases: Diseases) -> bool:
    """Whether a disease asked for is a consented one or a descendant of one."""
    return disease in consented or not consented.isdisjoint(diseases.ancestors(disease))


def inside_disease(alternative: Alternative, use: Use, diseases: Diseases) -> bool:
    """Whether methods work is declared to stay inside the disease, and no disease that is named lies outside this DS.

    The declaration is the answer. It need not name the disease: a use that names one asks for more, not for less.
    """
    consented = frozenset(alternative.diseases)
    return bool(
        alternative.permission == "DS"
        and consented
        and use.methods_within_disease
        and all(covered(disease, consented, diseases) for disease in use.diseases)
    )


def purpose_findings(alternative: Alternative, use: Use, diseases: Diseases) -> Iterator[Finding]:
    """One finding for each declared purpose, and one when none is declared."""
    if not use.has_purpose:
        yield review("PURPOSE", "The use declares no purpose, so a person must decide.")
    for purpose in ("general", "hmb", "poa"):
        if getattr(use, purpose):
            yield _simple(alternative.permission, purpose)
    for disease in use.diseases:
        yield _disease(alternative, disease, diseases)
    if use.methods_work:
        yield _methods(alternative, use, diseases)
    if use.clinical:
        yield _clinical(alternative)


def _simple(permission: str, purpose: str) -> Finding:
    if purpose in _COVERS.get(permission, ()):
        return permit(permission, f"The consent to {named(permission)} covers {_WORDS[purpose]}.")
    return deny(permission, f"The consent to {named(permission)} does not cover {_WORDS[purpose]}.")


def _disease(alternative: Alternative, disease: str, diseases: Diseases) -> Finding:
    if alternative.permission != "DS":
        return _simple(alternative.permission, "disease")
    if covered(disease, frozenset(alternative.diseases), diseases):
        return permit("DS", f"The consent to {named('DS')} covers {disease}.")
    return deny("DS", f"The consent to {named('DS')} does not cover {disease}.")


def _methods(alternative: Alternative, use: Use, diseases: Diseases) -> Finding:
    if alternative.permission != "DS":
        return _simple(alternative.permission, "methods")
    if inside_disease(alternative, use, diseases):
        return permit("DS", f"The methods work stays inside what the consent to {named('DS')} covers.")
    theirs = ", ".join(sorted(alternative.diseases))
    return review(
        "DS",
        "Methods work (training a model counts as that) is not shown to stay inside the diseases of the "
        f"consent to {named('DS')} ({theirs}), so a person must decide.",
        about=mark(theirs),
    )


def _clinical(alternative: Alternative) -> Finding:
    if alternative.permission == "POA":
        return deny("POA", f"The consent to {named('POA')} covers nothing else, so no clinical use.")
    if any(modifier.code == "CC" for modifier in alternative.modifiers):
        return permit("CC", f"The consent allows {named('CC')}.")
    return deny("CC", f"Clinical use needs a consent to {named('CC')}, and this one does not have it.")
