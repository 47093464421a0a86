"""The states of donations, uploads, files, images, versions, requests, grants and the rest, and every allowed move."""

from enum import StrEnum

from core.texts import gettext_noop as _


class DonationState(StrEnum):
    """A donation: files that a donor sends together."""

    OPEN = "open"  # files may be added
    STOPPED = "stopped"  # something on the files does not look like the donor's: the donor is asked
    SUBMITTED = "submitted"  # complete; workers and curators are at it
    SETTLED = "settled"  # every file has been decided
    ABANDONED = "abandoned"  # taken back by the donor before it was sent
    WITHDRAWN = "withdrawn"


#: Neither sent nor ended: a donation that files can come into. A donor has one of these at most.
UNSENT = (DonationState.OPEN, DonationState.STOPPED)


class UploadState(StrEnum):
    """One file that was promised and comes in parts."""

    OPEN = "open"  # bytes of it are missing
    TAKEN = "taken"  # it is whole, and in the donation
    REFUSED = "refused"  # it is whole, and is not one that can be taken
    ENDED = "ended"  # stopped by the sender, expired, other than promised, or its donation was sent or ended


class InvitationState(StrEnum):
    """A hospital that the donor asked to send, by a code in a letter."""

    OPEN = "open"
    FINISHED = "finished"  # the hospital said that everything was sent
    ENDED = "ended"  # by the donor, by the clock, or with its donation


class FileState(StrEnum):
    """One file as it was uploaded."""

    HELD = "held"  # the name on it is not the account's: waits for the donor's answer
    RECEIVED = "received"
    CLEANED = "cleaned"  # a de-identified output exists (see curation's derivations)
    QUARANTINED = "quarantined"  # cannot be used; the reason is a code
    DUPLICATE = "duplicate"
    REMOVED = "removed"  # taken back by the donor, or erased


class ImageState(StrEnum):
    """An accepted, de-identified image that versions may hold."""

    AVAILABLE = "available"
    RECALLED = "recalled"  # somebody may be recognised in it: out of reach until a steward has decided
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class VersionState(StrEnum):
    """A version of a dataset."""

    FREEZING = "freezing"
    FROZEN = "frozen"
    CLOSED = "closed"  # no new use


class RequestState(StrEnum):
    """A request for access."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"


class GrantState(StrEnum):
    """A grant: person, purpose, version and date."""

    OFFERED = "offered"  # approved; waits for the researcher's signature
    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


class EvidenceState(StrEnum):
    """Evidence that a grantee owes for what donors ask."""

    OWED = "owed"
    GIVEN = "given"  # waits for the committee or a steward
    ACCEPTED = "accepted"


class ReportState(StrEnum):
    """A report that released data may show who somebody is."""

    OPEN = "open"  # what it names is out of reach; a steward is to decide
    CONFIRMED = "confirmed"  # what it names is erased
    DISMISSED = "dismissed"  # what it named may be used again


class TakeoutState(StrEnum):
    """A donor's copies of what they sent."""

    MAKING = "making"
    READY = "ready"  # for some days
    ENDED = "ended"  # and erased


#: A donation's state as its donor reads it.
DONATION_WORDS = {
    DonationState.OPEN: _("Not sent yet"),
    DonationState.STOPPED: _("We have a question"),
    DonationState.SUBMITTED: _("Being checked"),
    DonationState.SETTLED: _("Checked"),
    DonationState.ABANDONED: _("Taken back"),
    DonationState.WITHDRAWN: _("Withdrawn"),
}
DONATION_TRANSITIONS = {
    DonationState.OPEN: frozenset(
        {DonationState.STOPPED, DonationState.SUBMITTED, DonationState.ABANDONED, DonationState.WITHDRAWN}
    ),
    DonationState.STOPPED: frozenset({DonationState.OPEN, DonationState.ABANDONED, DonationState.WITHDRAWN}),
    DonationState.SUBMITTED: frozenset({DonationState.SETTLED, DonationState.WITHDRAWN}),
    DonationState.SETTLED: frozenset({DonationState.WITHDRAWN}),
    DonationState.ABANDONED: frozenset({DonationState.WITHDRAWN}),
    DonationState.WITHDRAWN: frozenset[DonationState](),
}
UPLOAD_TRANSITIONS = {
    UploadState.OPEN: frozenset({UploadState.TAKEN, UploadState.REFUSED, UploadState.ENDED}),
    UploadState.TAKEN: frozenset[UploadState](),
    UploadState.REFUSED: frozenset[UploadState](),
    UploadState.ENDED: frozenset[UploadState](),
}
INVITATION_TRANSITIONS = {
    InvitationState.OPEN: frozenset({InvitationState.FINISHED, InvitationState.ENDED}),
    InvitationState.FINISHED: frozenset[InvitationState](),
    InvitationState.ENDED: frozenset[InvitationState](),
}
TAKEOUT_TRANSITIONS = {
    TakeoutState.MAKING: frozenset({TakeoutState.READY, TakeoutState.ENDED}),
    TakeoutState.READY: frozenset({TakeoutState.MAKING, TakeoutState.ENDED}),  # asked for anew, as files came since
    TakeoutState.ENDED: frozenset[TakeoutState](),
}
FILE_TRANSITIONS = {
    FileState.HELD: frozenset({FileState.RECEIVED, FileState.REMOVED}),
    FileState.RECEIVED: frozenset({FileState.CLEANED, FileState.QUARANTINED, FileState.DUPLICATE, FileState.REMOVED}),
    FileState.CLEANED: frozenset({FileState.QUARANTINED, FileState.REMOVED}),
    FileState.QUARANTINED: frozenset({FileState.RECEIVED, FileState.REMOVED}),
    FileState.DUPLICATE: frozenset({FileState.REMOVED}),
    FileState.REMOVED: frozenset[FileState](),
}
IMAGE_TRANSITIONS = {
    ImageState.AVAILABLE: frozenset({ImageState.RECALLED, ImageState.WITHDRAWN}),
    ImageState.RECALLED: frozenset({ImageState.AVAILABLE, ImageState.WITHDRAWN, ImageState.ERASED}),
    ImageState.WITHDRAWN: frozenset({ImageState.ERASED}),
    ImageState.ERASED: frozenset[ImageState](),
}
VERSION_TRANSITIONS = {
    VersionState.FREEZING: frozenset({VersionState.FROZEN, VersionState.CLOSED}),
    VersionState.FROZEN: frozenset({VersionState.CLOSED}),
    VersionState.CLOSED: frozenset[VersionState](),
}
REQUEST_TRANSITIONS = {
    RequestState.DRAFT: frozenset({RequestState.SUBMITTED, RequestState.TAKEN_BACK}),
    RequestState.SUBMITTED: frozenset({RequestState.APPROVED, RequestState.REJECTED, RequestState.TAKEN_BACK}),
    RequestState.APPROVED: frozenset[RequestState](),
    RequestState.REJECTED: frozenset[RequestState](),
    RequestState.TAKEN_BACK: frozenset[RequestState](),
}
GRANT_TRANSITIONS = {
    GrantState.OFFERED: frozenset({GrantState.ACTIVE, GrantState.REVOKED, GrantState.EXPIRED}),
    GrantState.ACTIVE: frozenset({GrantState.REVOKED, GrantState.EXPIRED}),
    GrantState.REVOKED: frozenset[GrantState](),
    GrantState.EXPIRED: frozenset[GrantState](),
}
EVIDENCE_TRANSITIONS = {
    EvidenceState.OWED: frozenset({EvidenceState.GIVEN}),
    EvidenceState.GIVEN: frozenset({EvidenceState.ACCEPTED, EvidenceState.OWED}),
    EvidenceState.ACCEPTED: frozenset[EvidenceState](),
}
REPORT_TRANSITIONS = {
    ReportState.OPEN: frozenset({ReportState.CONFIRMED, ReportState.DISMISSED}),
    ReportState.CONFIRMED: frozenset[ReportState](),
    ReportState.DISMISSED: frozenset[ReportState](),
}
