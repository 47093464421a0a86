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


class WithdrawalState(StrEnum):
    """A withdrawal counts from its first moment; it is complete when every duty has its proof."""

    UNDER_WAY = "under_way"
    COMPLETE = "complete"


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

# A donor who comes back signs anew, as a new donor: a withdrawn consent is never revived.
CONSENT_TRANSITIONS: Final = {
    ConsentState.ACTIVE: frozenset({ConsentState.WITHDRAWN}),
    ConsentState.WITHDRAWN: frozenset[ConsentState](),
}

WITHDRAWAL_TRANSITIONS: Final = {
    WithdrawalState.UNDER_WAY: frozenset({WithdrawalState.COMPLETE}),
    WithdrawalState.COMPLETE: frozenset[WithdrawalState](),
}

WITHDRAWAL_STEP_TRANSITIONS: Final = {
    WithdrawalStepState.DUE: frozenset({WithdrawalStepState.DONE, WithdrawalStepState.FAILED}),
    WithdrawalStepState.FAILED: frozenset({WithdrawalStepState.DUE}),
    WithdrawalStepState.DONE: frozenset[WithdrawalStepState](),
}
