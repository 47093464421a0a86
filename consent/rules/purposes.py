"""Which declared purposes a permission covers; every declared purpose must be covered."""

from collections.abc import Iterator
from typing import Final

from consent.rules.diseases import Diseases
from consent.rules.grammar import Alternative
from consent.rules.use import Use
from consent.rules.verdicts import Finding, deny, mark, permit, review
from consent.rules.vocabulary import named
from core.texts import Filled
from core.texts import gettext_noop as _

_ALL_RESEARCH: Final = frozenset({"general", "hmb", "poa", "disease", "methods"})

# DUO permissions and the purposes inside them. DS is decided disease by disease, below.
_COVERS: Final = {
    "NRES": _ALL_RESEARCH,
    "GRU": _ALL_RESEARCH,
    "HMB": frozenset({"hmb", "disease", "methods"}),
    "DS": frozenset[str](),
    "POA": frozenset({"poa"}),
}

#: Why a person decides on methods work.
METHODS_OUTSIDE: Final = _(
    "Methods work (training a model counts as that) is not shown to stay inside the diseases of the "
    "consent to {term} ({diseases}), so a person must decide."
)
_WORDS: Final = {
    "general": _("general research"),
    "hmb": _("health, medical or biomedical research"),
    "poa": _("research into population origins or ancestry"),
    "disease": _("research into a disease"),
    "methods": _("the development of methods (training a model counts as that)"),
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
        yield review("PURPOSE", _("The use declares no purpose, so a person must decide."))
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
    words = {"term": named(permission), "purpose": Filled(_WORDS[purpose])}
    if purpose in _COVERS.get(permission, ()):
        return permit(permission, Filled(_("The consent to {term} covers {purpose}."), **words))
    return deny(permission, Filled(_("The consent to {term} does not cover {purpose}."), **words))


def _disease(alternative: Alternative, disease: str, diseases: Diseases) -> Finding:
    if alternative.permission != "DS":
        return _simple(alternative.permission, "disease")
    if covered(disease, frozenset(alternative.diseases), diseases):
        return permit("DS", Filled(_("The consent to {term} covers {purpose}."), term=named("DS"), purpose=disease))
    return deny("DS", Filled(_("The consent to {term} does not cover {purpose}."), term=named("DS"), purpose=disease))


def _methods(alternative: Alternative, use: Use, diseases: Diseases) -> Finding:
    if alternative.permission != "DS":
        return _simple(alternative.permission, "methods")
    if inside_disease(alternative, use, diseases):
        sentence = _("The methods work stays inside what the consent to {term} covers.")
        return permit("DS", Filled(sentence, term=named("DS")))
    theirs = ", ".join(sorted(alternative.diseases))
    return review("DS", Filled(METHODS_OUTSIDE, term=named("DS"), diseases=theirs), about=mark(theirs))


def _clinical(alternative: Alternative) -> Finding:
    if alternative.permission == "POA":
        sentence = _("The consent to {term} covers nothing else, so no clinical use.")
        return deny("POA", Filled(sentence, term=named("POA")))
    if any(modifier.code == "CC" for modifier in alternative.modifiers):
        return permit("CC", Filled(_("The consent allows {term}."), term=named("CC")))
    sentence = _("Clinical use needs a consent to {term}, and this one does not have it.")
    return deny("CC", Filled(sentence, term=named("CC")))
