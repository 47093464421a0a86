"""What the matcher answers: an outcome, the reasons for it and the obligations that come with it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from core.canonical import sha256_hex
from core.texts import Filled
from core.texts import gettext_noop as _


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


@dataclass(frozen=True, slots=True, order=True)
class Matter:
    """What a consent leaves to a person; `key` is what a decision names.

    The key is the reason's code, and a word more where one code stands for several things to look at.
    """

    key: str
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
    #: The key of the matter, where a person decides.
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to 'may this use have these data?'; store the rules' version beside it.

    `matters`: for REVIEW, everything that any alternative leaves to a person.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...] = ()
    matters: tuple[Matter, ...] = ()

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


def review(code: str, sentence: str, about: str = "") -> Finding:
    """A finding that a person must decide about; `about` tells it from others of the same code."""
    return Finding(Outcome.REVIEW, code, sentence, matter=f"{code}:{about}" if about else code)


def mark(text: str) -> str:
    """A short mark of what a consent says, for `about`: a decision about one wording says nothing of another."""
    return sha256_hex(text)[:16] if text else ""


def decided(finding: Finding, covered: Collection[str]) -> Finding:
    """The finding once a person has decided that the consent covers these matters; nothing else ever becomes better."""
    if finding.outcome is not Outcome.REVIEW or finding.matter not in covered:
        return finding
    sentence = _("A person has decided that this is covered. {matter}")
    return permit(finding.code, Filled(sentence, matter=Filled(finding.sentence)))


def deny(code: str, sentence: str) -> Finding:
    """A finding that forbids."""
    return Finding(Outcome.DENY, code, sentence)
