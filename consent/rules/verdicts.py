"""What the matcher answers: an outcome, the reasons for it and the obligations that come with it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final


class Outcome(StrEnum):
    """From best to worst: allowed; allowed under obligations; a person decides; not allowed."""

    PERMIT = "PERMIT"
    CONDITIONAL = "CONDITIONAL"
    REVIEW = "REVIEW"
    DENY = "DENY"

    @property
    def severity(self) -> int:
        """0 for PERMIT up to 3 for DENY; compare these, not the words."""
        return _SEVERITY[self]


_SEVERITY: Final = {outcome: place for place, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why: `code` is a term's code, or one of NO_TERMS, PURPOSE and SENSITIVE."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the recipient must do; `evidence` shows that it was done, `expires` is its last day."""

    code: str
    sentence: str
    evidence: str
    expires: date | None = None

    def as_json(self) -> dict[str, Any]:
        """This obligation as JSON."""
        expires = self.expires.isoformat() if self.expires else None
        return {"code": self.code, "sentence": self.sentence, "evidence": self.evidence, "expires": expires}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer about one alternative; an alternative is as bad as its worst finding."""

    outcome: Outcome
    code: str
    sentence: str
    obligation: Obligation | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to 'may this use have these data?'; store the rules' version beside it."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the use may go ahead without a person's decision (under the obligations, if any)."""
        return self.outcome in (Outcome.PERMIT, Outcome.CONDITIONAL)

    def as_json(self) -> dict[str, Any]:
        """This verdict as JSON."""
        return {
            "outcome": self.outcome.value,
            "reasons": [{"code": reason.code, "sentence": reason.sentence} for reason in self.reasons],
            "obligations": [obligation.as_json() for obligation in self.obligations],
        }


def permit(code: str, sentence: str) -> Finding:
    """A finding that allows."""
    return Finding(Outcome.PERMIT, code, sentence)


def review(code: str, sentence: str) -> Finding:
    """A finding that a person must decide about."""
    return Finding(Outcome.REVIEW, code, sentence)


def deny(code: str, sentence: str) -> Finding:
    """A finding that forbids."""
    return Finding(Outcome.DENY, code, sentence)
