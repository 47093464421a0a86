"""The modifiers that narrow a consent: who may ask, where, for gain or not, and what may not be done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from consent.rules.diseases import Diseases
from consent.rules.grammar import Alternative, Modifier
from consent.rules.obligations import OBLIGATIONS, obligation_finding
from consent.rules.purposes import inside_disease
from consent.rules.reading import is_in_a_country
from consent.rules.use import Organisation, Use
from consent.rules.verdicts import Finding, deny, mark, review
from consent.rules.vocabulary import named
from core.texts import Filled
from core.texts import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Case:
    """What a restriction may look at: itself, its alternative, the use and the diseases."""

    modifier: Modifier
    alternative: Alternative
    use: Use
    diseases: Diseases


_SAYS: Final = _("The consent says {term}.")
#: Why a person decides.
PLACES_UNKNOWN: Final = _("The consent says {term} ({places}), and the countries of use are not known.")
IN_WORDS: Final = _("The consent has {term} in words, which a person must read: “{words}”.")
IN_WORDS_UNSEEN: Final = _("The consent has {term} in words, which a person must read.")
LEFT_OPEN: Final = _("The consent says {term}, and the use leaves that open.")


def _said(template: str, code: str, **words: str) -> str:
    """A sentence about the term of this code."""
    return Filled(template, term=named(code), **words)


def modifier_findings(
    alternative: Alternative, use: Use, diseases: Diseases, since: date | None = None
) -> Iterator[Finding]:
    """What each modifier of an alternative says about a use; a code without a rule denies."""
    for modifier in alternative.modifiers:
        if modifier.code in OBLIGATIONS:
            yield obligation_finding(modifier, use, since)
        else:
            rule = _RULES.get(modifier.code, _unknown)
            yield from rule(Case(modifier, alternative, use, diseases))


def _unknown(case: Case) -> Iterator[Finding]:
    yield deny(case.modifier.code, _said(_("{term} has no rule here, so nothing is allowed."), case.modifier.code))


def _clinical_care(case: Case) -> Iterator[Finding]:
    return iter(())  # CC widens: it is read where clinical use is asked for.


def _no_ancestry(case: Case) -> Iterator[Finding]:
    if case.use.poa:
        yield deny("NPOA", _said(_SAYS, "NPOA"))


def _no_methods(case: Case) -> Iterator[Finding]:
    if case.use.methods_work and not inside_disease(case.alternative, case.use, case.diseases):
        sentence = _(
            "The consent says {term}, and methods work (training a model counts as that) is not "
            "shown to stay inside a consented disease."
        )
        yield deny("NMDS", _said(sentence, "NMDS"))


def _genetic_only(case: Case) -> Iterator[Finding]:
    if not case.use.genetic:
        yield deny("GSO", _said(_("The consent says {term}, and the use is not declared to be genetic."), "GSO"))


def _not_for_profit(case: Case) -> Iterator[Finding]:
    if case.use.org is not Organisation.NONPROFIT:
        known = _("The consent says {term}, and the organisation that asks is for profit.")
        unknown = _("The consent says {term}, and the organisation that asks is not known to be not for profit.")
        code = case.modifier.code
        yield deny(code, _said(known if case.use.org else unknown, code))


def _not_commercial(case: Case) -> Iterator[Finding]:
    code = case.modifier.code
    if case.use.commercial or case.use.commercial_model:
        yield deny(code, _said(_("The consent says {term}, and the use is commercial."), code))
    elif case.use.commercial is None:
        yield deny(code, _said(_("The consent says {term}, and whether the use is commercial is not known."), code))


def _neither_profit_nor_commerce(case: Case) -> Iterator[Finding]:
    yield from _not_for_profit(case)
    yield from _not_commercial(case)


def _countries(case: Case) -> Iterator[Finding]:
    if not case.use.countries:
        theirs = ", ".join(sorted(case.modifier.names))
        yield review("GS", _said(PLACES_UNKNOWN, "GS", places=theirs), about=mark(theirs))
    elif not all(_inside(place, case.modifier.names) for place in case.use.countries):
        yield deny("GS", _said(_("The consent says {term}, and the use is partly or wholly outside it."), "GS"))


def _inside(place: str, places: frozenset[str]) -> bool:
    """Whether a country, or a part of one such as US-CA, is listed itself or lies in a country that is.

    What is no country of ISO 3166-1 lies in none, whoever lists it.
    """
    return is_in_a_country(place) and (place in places or place.partition("-")[0] in places)


def _users(case: Case) -> Iterator[Finding]:
    if not case.use.users or not case.modifier.names.issuperset(case.use.users):
        yield deny("US", _said(_("The consent says {term}, and not every user is known to be one of them."), "US"))


def _institution(case: Case) -> Iterator[Finding]:
    if case.use.institution not in case.modifier.names:
        yield deny("IS", _said(_("The consent says {term}, and the institution is not known to be that one."), "IS"))


def _project(case: Case) -> Iterator[Finding]:
    if case.use.project not in case.modifier.names:
        yield deny("PS", _said(_("The consent says {term}, and the project is not known to be that one."), "PS"))


def _free_text(case: Case) -> Iterator[Finding]:
    words = case.modifier.value if isinstance(case.modifier.value, str) else ""
    yield review("RS", _said(IN_WORDS, "RS", words=words) if words else _said(IN_WORDS_UNSEEN, "RS"), mark(words))


def _no_training(case: Case) -> Iterator[Finding]:
    if case.use.trains:
        yield deny("NTRAIN", _said(_SAYS, "NTRAIN"))


def _no_weights(case: Case) -> Iterator[Finding]:
    if case.use.share_weights:
        yield deny("NWEIGHTS", _said(_SAYS, "NWEIGHTS"))
    elif case.use.trains and case.use.share_weights is None:
        yield review("NWEIGHTS", _said(LEFT_OPEN, "NWEIGHTS"))


def _no_commercial_model(case: Case) -> Iterator[Finding]:
    if case.use.commercial_model:
        yield deny("NCM", _said(_SAYS, "NCM"))
    elif case.use.trains and case.use.commercial_model is None:
        yield deny("NCM", _said(_("The consent says {term}, and whether the model is so is not known."), "NCM"))


# NPU and NCU stand on their own, not as DUO's subclasses of NPUNCU: subclasses count for diseases only.
_RULES: Final[dict[str, Callable[[Case], Iterator[Finding]]]] = {
    "CC": _clinical_care,
    "NPOA": _no_ancestry,
    "NMDS": _no_methods,
    "GSO": _genetic_only,
    "NPU": _not_for_profit,
    "NCU": _not_commercial,
    "NPUNCU": _neither_profit_nor_commerce,
    "GS": _countries,
    "US": _users,
    "IS": _institution,
    "PS": _project,
    "RS": _free_text,
    "NTRAIN": _no_training,
    "NWEIGHTS": _no_weights,
    "NCM": _no_commercial_model,
}
