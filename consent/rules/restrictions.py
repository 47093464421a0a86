"""The modifiers that narrow a consent: who may ask, where, for gain or not, and what may not be done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from consent.rules.diseases import Diseases
from consent.rules.grammar import Alternative, Modifier
from consent.rules.obligations import OBLIGATIONS, obligation_finding
from consent.rules.purposes import inside_disease
from consent.rules.reading import COUNTRIES
from consent.rules.use import Organisation, Use
from consent.rules.verdicts import Finding, deny, mark, review
from consent.rules.vocabulary import named


@dataclass(frozen=True, slots=True)
class Case:
    """What a restriction may look at: itself, its alternative, the use and the diseases."""

    modifier: Modifier
    alternative: Alternative
    use: Use
    diseases: Diseases


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
    yield deny(case.modifier.code, f"{named(case.modifier.code)} has no rule here, so nothing is allowed.")


def _clinical_care(case: Case) -> Iterator[Finding]:
    return iter(())  # CC widens: it is read where clinical use is asked for.


def _no_ancestry(case: Case) -> Iterator[Finding]:
    if case.use.poa:
        yield deny("NPOA", f"The consent says {named('NPOA')}.")


def _no_methods(case: Case) -> Iterator[Finding]:
    if case.use.methods_work and not inside_disease(case.alternative, case.use, case.diseases):
        yield deny(
            "NMDS",
            f"The consent says {named('NMDS')}, and methods work (training a model counts as that) is not "
            "shown to stay inside a consented disease.",
        )


def _genetic_only(case: Case) -> Iterator[Finding]:
    if not case.use.genetic:
        yield deny("GSO", f"The consent says {named('GSO')}, and the use is not declared to be genetic.")


def _not_for_profit(case: Case) -> Iterator[Finding]:
    if case.use.org is not Organisation.NONPROFIT:
        asker = "is for profit" if case.use.org else "is not known to be not for profit"
        code = case.modifier.code
        yield deny(code, f"The consent says {named(code)}, and the organisation that asks {asker}.")


def _not_commercial(case: Case) -> Iterator[Finding]:
    code = case.modifier.code
    if case.use.commercial or case.use.commercial_model:
        yield deny(code, f"The consent says {named(code)}, and the use is commercial.")
    elif case.use.commercial is None:
        yield deny(code, f"The consent says {named(code)}, and whether the use is commercial is not known.")


def _neither_profit_nor_commerce(case: Case) -> Iterator[Finding]:
    yield from _not_for_profit(case)
    yield from _not_commercial(case)


def _countries(case: Case) -> Iterator[Finding]:
    if not case.use.countries:
        theirs = ", ".join(sorted(case.modifier.names))
        sentence = f"The consent says {named('GS')} ({theirs}), and the countries of use are not known."
        yield review("GS", sentence, about=mark(theirs))
    elif not all(_inside(place, case.modifier.names) for place in case.use.countries):
        yield deny("GS", f"The consent says {named('GS')}, and the use is partly or wholly outside it.")


def _inside(place: str, places: frozenset[str]) -> bool:
    """Whether a country, or a part of one such as US-CA, is listed itself or lies in a country that is.

    What is no country of ISO 3166-1 lies in none, whoever lists it.
    """
    country = place.partition("-")[0]
    return country in COUNTRIES and (place in places or country in places)


def _users(case: Case) -> Iterator[Finding]:
    if not case.use.users or not case.modifier.names.issuperset(case.use.users):
        yield deny("US", f"The consent says {named('US')}, and not every user is known to be one of them.")


def _institution(case: Case) -> Iterator[Finding]:
    if case.use.institution not in case.modifier.names:
        yield deny("IS", f"The consent says {named('IS')}, and the institution is not known to be that one.")


def _project(case: Case) -> Iterator[Finding]:
    if case.use.project not in case.modifier.names:
        yield deny("PS", f"The consent says {named('PS')}, and the project is not known to be that one.")


def _free_text(case: Case) -> Iterator[Finding]:
    words = case.modifier.value if isinstance(case.modifier.value, str) else ""
    said = f": “{words}”" if words else ""
    yield review("RS", f"The consent has {named('RS')} in words, which a person must read{said}.", mark(words))


def _no_training(case: Case) -> Iterator[Finding]:
    if case.use.trains:
        yield deny("NTRAIN", f"The consent says {named('NTRAIN')}.")


def _no_weights(case: Case) -> Iterator[Finding]:
    if case.use.share_weights:
        yield deny("NWEIGHTS", f"The consent says {named('NWEIGHTS')}.")
    elif case.use.trains and case.use.share_weights is None:
        yield review("NWEIGHTS", f"The consent says {named('NWEIGHTS')}, and the use leaves that open.")


def _no_commercial_model(case: Case) -> Iterator[Finding]:
    if case.use.commercial_model:
        yield deny("NCM", f"The consent says {named('NCM')}.")
    elif case.use.trains and case.use.commercial_model is None:
        yield deny("NCM", f"The consent says {named('NCM')}, and whether the model is so is not known.")


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
