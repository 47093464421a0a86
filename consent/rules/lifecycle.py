"""The states of a form version, a consent and a withdrawal step, and which may follow which."""

from enum import StrEnum
from typing import Final


class FormVersionState(StrEnum):
    """A form version is written, then fixed for ever, then no longer offered."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class ConsentState(StrEnum):
    """The projection of a donor's consent events: in force, or taken back."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class WithdrawalStepState(StrEnum):
    """One duty of a withdrawal: it is due until it is done; a failure is tried again."""

    DUE = "due"
    FAILED = "failed"
    DONE = "done"


FORM_VERSION_TRANSITIONS: Final = {
    FormVersionState.DRAFT: frozenset({FormVersionState.PUBLISHED}),
    FormVersionState.PUBLISHED: frozenset({FormVersionState.RETIRED}),
    FormVersionState.RETIRED: frozenset[FormVersionState](),
}

# A donor who comes back signs anew: that is a new consent, never a withdrawn one revived.
CONSENT_TRANSITIONS: Final = {
    ConsentState.ACTIVE: frozenset({ConsentState.WITHDRAWN}),
    ConsentState.WITHDRAWN: frozenset[ConsentState](),
}

WITHDRAWAL_STEP_TRANSITIONS: Final = {
    WithdrawalStepState.DUE: frozenset({WithdrawalStepState.DONE, WithdrawalStepState.FAILED}),
    WithdrawalStepState.FAILED: frozenset({WithdrawalStepState.DUE}),
    WithdrawalStepState.DONE: frozenset[WithdrawalStepState](),
}
