"""The one question: does this donor's consent, today, permit this use? Plain and pure."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Final

from consent.rules.diseases import BUILT_IN, Diseases
from consent.rules.edition import RULES_VERSION, rules_digest
from consent.rules.grammar import Alternative, Terms
from consent.rules.purposes import purpose_findings
from consent.rules.restrictions import modifier_findings
from consent.rules.use import SENSITIVE_WORDS, Use
from consent.rules.verdicts import Finding, Matter, Obligation, Outcome, Reason, Verdict, decided, review
from core.canonical import canonical_json
from core.texts import Filled
from core.texts import gettext_noop as _

__all__ = ["RULES_VERSION", "Matter", "Obligation", "Outcome", "Reason", "Verdict", "permits", "rules_digest"]

_NOTHING: Final = Verdict(
    Outcome.DENY, (Reason("NO_TERMS", _("There are no consent terms in force, so nothing is allowed.")),)
)
#: Why a person decides on a use that is about such a matter.
SENSITIVE_MATTER: Final = _("The use is about {matter}, so a person must decide.")


def permits(
    terms: Terms | None,
    use: Use,
    diseases: Diseases = BUILT_IN,
    *,
    covered: frozenset[str] = frozenset(),
    since: date | None = None,
) -> Verdict:
    """Whether `terms` permit `use`, why, and under which obligations; None or empty terms permit nothing.

    The worst finding decides inside an alternative, the best alternative decides among them. The order of
    alternatives, diseases, modifiers and lists never matters. Raises nothing: what is unknown is refused.

    `covered`: keys of matters that a person has decided the consent covers. `since`: the day from which limits in
    months are counted, where it is another than the day of the use.
    """
    if terms is None or not terms.alternatives:
        return _NOTHING
    judged = [
        tuple(decided(finding, covered) for finding in _findings(alternative, use, diseases, since))
        for alternative in terms.alternatives
    ]
    if min(_worst(findings).severity for findings in judged) == Outcome.DENY.severity:
        return Verdict(Outcome.DENY, _reasons(tuple(chain.from_iterable(judged)), Outcome.DENY))
    chosen = min(judged, key=_burden)
    outcome = _worst(chosen)
    return Verdict(outcome, _reasons(chosen, outcome), _obligations(chosen), _matters(judged, outcome))


def _findings(alternative: Alternative, use: Use, diseases: Diseases, since: date | None) -> Iterator[Finding]:
    yield from purpose_findings(alternative, use, diseases)
    yield from modifier_findings(alternative, use, diseases, since)
    for name in use.sensitive:
        yield review("SENSITIVE", Filled(SENSITIVE_MATTER, matter=Filled(SENSITIVE_WORDS[name])), name)


def _worst(findings: tuple[Finding, ...]) -> Outcome:
    return max((finding.outcome for finding in findings), key=lambda outcome: outcome.severity)


def _burden(findings: tuple[Finding, ...]) -> tuple[int, int]:
    """Orders alternatives: the better outcome, then the fewer obligations (terms themselves keep a fixed order)."""
    return _worst(findings).severity, len(_obligations(findings))


def _reasons(findings: tuple[Finding, ...], outcome: Outcome) -> tuple[Reason, ...]:
    found = {Reason(finding.code, finding.sentence) for finding in findings if finding.outcome is outcome}
    return tuple(sorted(found))


def _matters(judged: list[tuple[Finding, ...]], outcome: Outcome) -> tuple[Matter, ...]:
    if outcome is not Outcome.REVIEW:
        return ()
    open_ones = chain.from_iterable(findings for findings in judged if _worst(findings) is Outcome.REVIEW)
    found = {Matter(each.matter, each.code, each.sentence) for each in open_ones if each.outcome is Outcome.REVIEW}
    return tuple(sorted(found))


def _obligations(findings: tuple[Finding, ...]) -> tuple[Obligation, ...]:
    found = {finding.obligation for finding in findings if finding.obligation}
    return tuple(sorted(found, key=lambda obligation: canonical_json(obligation.as_json())))
