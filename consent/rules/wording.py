"""Says terms in plain words by asking the matcher itself, so that what a donor reads is what is decided."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from consent.rules.diseases import DiseaseTree
from consent.rules.grammar import Alternative, Terms
from consent.rules.matching import permits
from consent.rules.obligations import duty
from consent.rules.use import Organisation, Use
from consent.rules.verdicts import Outcome, Verdict

Probe = Callable[[Alternative], Use]
# Nobody's name and no country's code: whoever is not on a list.
_STRANGER: Final = "(anyone else)"
_ELSEWHERE: Final = "ZZ"


class Question(NamedTuple):
    """A use that is put to the matcher, and how its answer reads; an empty phrase leaves that side unsaid."""

    probe: Probe
    can: str
    cannot: str


def plain(terms: Terms, diseases: DiseaseTree, day: date | None = None) -> tuple[list[str], list[str]]:
    """(can, cannot) as phrases; a phrase under `can` names its conditions, if any.

    With a day they are what holds on it: a time limit that has passed leaves nothing. Without one no limit has passed.
    """
    can: list[str] = []
    cannot: list[str] = []
    for question in _questions(terms, diseases):
        verdict = _best(terms, _on(day, question.probe), diseases)
        if verdict.outcome is Outcome.DENY:
            cannot.append(question.cannot)
        else:
            can.append(question.can and question.can + _conditions(verdict))
    return _said(can), _said(cannot)


def favourable(alternative: Alternative) -> Use:
    """The asker whom an alternative turns away least: not for profit, in the right place, on the list."""
    return Use(
        genetic=True,
        commercial=False,
        share_weights=False,
        commercial_model=False,
        org=Organisation.NONPROFIT,
        countries=_listed(alternative, "GS", _ELSEWHERE),
        users=_listed(alternative, "US", _STRANGER),
        institution=_listed(alternative, "IS", _STRANGER)[0],
        project=_listed(alternative, "PS", _STRANGER)[0],
    )


def main_purpose(alternative: Alternative) -> Use:
    """The widest purpose that an alternative's permission covers, asked for by a favourable asker."""
    use = favourable(alternative)
    match alternative.permission:
        case "NRES" | "GRU":
            return replace(use, general=True)
        case "HMB":
            return replace(use, hmb=True)
        case "DS":
            return replace(use, diseases=alternative.diseases)
        case _:
            return replace(use, poa=True)


def _questions(terms: Terms, diseases: DiseaseTree) -> Iterator[Question]:
    consented = sorted({disease for alternative in terms.alternatives for disease in alternative.diseases})
    other = "research into other illnesses" if consented else "research into health and illness"
    yield Question(_asking(hmb=True), "research into health and illness", other)
    for disease in consented:
        phrase = f"research into {diseases.label(disease)}"
        yield Question(_about(disease), phrase, phrase)
    yield Question(_asking(poa=True), *2 * ("research into where people's ancestors came from",))
    yield Question(_asking(general=True), *2 * ("any other kind of research",))
    where = " for these illnesses" if consented and not _best(terms, _asking(methods=True), diseases).allowed else ""
    methods, training = "working out better research methods", "training computer models (AI)"
    yield Question(_adding(methods=True), methods + where, methods)
    yield Question(_adding(train_model=True), training + where, training)
    if _best(terms, _adding(train_model=True), diseases).outcome is not Outcome.DENY:
        yield Question(_adding(train_model=True, share_weights=True), *2 * ("sharing those trained models",))
        selling = _adding(train_model=True, commercial_model=True)
        yield Question(selling, *2 * ("selling those trained models",))
    yield Question(_adding(commercial=True), *2 * ("making products or earning money",))
    yield Question(_adding(org=Organisation.FORPROFIT), *2 * ("work by companies",))
    yield Question(_adding(clinical=True), *2 * ("deciding about the care of patients",))
    if terms.alternatives:
        yield from _limits(terms)


def _limits(terms: Terms) -> Iterator[Question]:
    places = ", ".join(_all_listed(terms, "GS")) or "the agreed countries"
    yield Question(_adding(genetic=False), "", "studies that do not look at genes")
    yield Question(_adding(countries=(_ELSEWHERE,)), "", f"work outside {places}")
    yield Question(_adding(users=(_STRANGER,)), "", "work by people who are not on the agreed list")
    yield Question(_adding(institution=_STRANGER), "", "work at institutions that are not on the agreed list")
    yield Question(_adding(project=_STRANGER), "", "projects that are not on the agreed list")


def _asking(**purpose: bool) -> Probe:
    return lambda alternative: replace(favourable(alternative), **purpose)  # type: ignore[arg-type]  # mypy: ** of one type


def _about(disease: str) -> Probe:
    return lambda alternative: replace(favourable(alternative), diseases=(disease,))


def _adding(**more: object) -> Probe:
    """The main purpose and something more; methods work is asked for inside the diseases."""
    return lambda alternative: _inside(replace(main_purpose(alternative), **more))  # type: ignore[arg-type]  # as above


def _on(day: date | None, probe: Probe) -> Probe:
    return lambda alternative: replace(probe(alternative), date=day)


def _inside(use: Use) -> Use:
    return replace(use, methods_within_disease=True) if use.methods_work and use.diseases else use


def _best(terms: Terms, probe: Probe, diseases: DiseaseTree) -> Verdict:
    verdicts = [permits(Terms((option,)), probe(option), diseases) for option in terms.alternatives]
    nothing = permits(None, Use(), diseases)
    return min(verdicts, key=lambda verdict: verdict.outcome.severity, default=nothing)


def _conditions(verdict: Verdict) -> str:
    promises = [duty(obligation.code) for obligation in verdict.obligations]
    if verdict.outcome is Outcome.REVIEW:
        promises.insert(0, "A person must check and agree")
    return f" (on conditions: {', '.join(_lower_first(promise) for promise in promises)})" if promises else ""


def _listed(alternative: Alternative, code: str, otherwise: str) -> tuple[str, ...]:
    """One name that every list under `code` has; `otherwise` where there is none."""
    lists = [modifier.names for modifier in alternative.modifiers if modifier.code == code]
    shared = sorted(frozenset.intersection(*lists)) if lists else []
    return (shared[0],) if shared else (otherwise,)


def _all_listed(terms: Terms, code: str) -> list[str]:
    modifiers = (modifier for option in terms.alternatives for modifier in option.modifiers)
    return sorted({name for modifier in modifiers if modifier.code == code for name in modifier.names})


def _said(phrases: list[str]) -> list[str]:
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
