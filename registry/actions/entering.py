"""Enters a donor's file that may be taken: whose it is, its object, its row, and the answer that the donor reads."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from consent import queries as consent
from core.actors import Actor
from core.audit.record import gathered, record
from core.errors import Conflict, Invalid, Missing, Refused, Unavailable
from core.lifecycle import move
from core.storage import many
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.pieces import Front, front, join
from core.storage.zones import Zone
from core.texts import gettext_noop as _
from registry.actions.donations import NO_CONSENT
from registry.models import DonatedFile, Donation, Invitation
from registry.permissions import require_giver
from registry.rules.coded import Coded, digest_of
from registry.rules.header import Header
from registry.rules.identity import Outcome, Person, compare, key_text
from registry.rules.invitations import Invited
from registry.rules.keyed import keyed
from registry.rules.lifecycle import UNSENT, DonationState, FileState, InvitationState
from registry.work.room import take_room
from registry.work.sharing import note_study, study_keys

QUESTION = "another_person"
#: The code of bytes that are not the ones that were promised.
OTHER_BYTES = "checksum_mismatch"


class Taken(StrEnum):
    """What happened to a file."""

    RECEIVED = "received"
    HELD = "held"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"  # not a scan: what discs carry besides
    REFUSED = "refused"  # a scan, or what should hold scans, that cannot be taken


SENTENCES = {
    Taken.RECEIVED: _("Received."),
    Taken.HELD: _("The name on this image is not yours, so we put it aside and ask you."),
    Taken.DUPLICATE: _("We have this image already."),
}


@dataclass(frozen=True)
class FileAnswer:
    """The answer to one file. `sentence` is for the donor; `file` is None where nothing was stored.

    `header` is there once it was read. `code` says for programs why a file was refused.
    """

    outcome: Taken
    sentence: str
    file: DonatedFile | None = None
    name: str = ""
    header: Header | None = field(default=None, repr=False)
    code: str = ""


#: A whole file's size in bytes and its SHA-256 in hex.
Total = tuple[int, str]
#: What else is written where a file is entered, in the same transaction.
Entered = Callable[[FileAnswer], None]


@dataclass(frozen=True)
class InParts:
    """How the bytes of a whole file came: most of it as objects that are stored already, and its end."""

    parts: Sequence[StoredObject]
    end: bytes = field(repr=False)


@dataclass(frozen=True)
class How:
    """How a file comes.

    `study_uid`: the study that it must be of, where one was named. `is_promised`: its room is reserved already.
    `total` is its size in bytes and SHA-256 where they are known, and `in_parts` what it may go on consisting of.
    `coded`: the donor's browser has de-identified it. `entered` is called in the transaction that enters it.
    """

    study_uid: str = ""
    is_promised: bool = False
    total: Total | None = None
    coded: Coded | None = None
    in_parts: InParts | None = None
    entered: Entered | None = None


def other_bytes() -> Invalid:
    """What a sender is told of a whole file that is not the one that was promised."""
    return Invalid(
        "The whole file is not the one that was promised. Nothing of it was kept: send the list of files again.",
        OTHER_BYTES,
    )


def require_open(donation: Donation, by: Actor) -> None:
    """Raises Missing for another's donation, Conflict without consent or when it takes no more files."""
    require_giver(by, donation)
    require_taking(donation)


def require_taking(donation: Donation) -> None:
    """Raises Conflict without consent, or where the donation takes no more files."""
    if not consent.may_give_new(donation.donor_id):
        raise Conflict(NO_CONSENT, "no_consent")
    if not donation.is_unsent:
        raise Conflict("This donation was sent off already. Begin a new one for more images.", "closed")


def hold_open(donation: Donation) -> None:
    """Locks the donation's row against a submission or withdrawal at the same moment."""
    if not Donation.objects.filter(pk=donation.pk, state__in=UNSENT).update(state=F("state")):
        raise Conflict("This donation was sent off, or ended, meanwhile. Begin a new one for more images.", "closed")


def _hold_invited(by: Actor) -> None:
    """Locks the invitation's row against its end at the same moment, where somebody sends by one."""
    if isinstance(by, Invited):
        mine = Invitation.objects.filter(pk=by.invitation_id, state=InvitationState.OPEN)
        if not mine.update(state=F("state")):
            raise Conflict("This invitation has ended.", "over")


def known(donation: Donation, sha256: str) -> DonatedFile | None:
    """The same bytes, given by the same donor before and not taken back since."""
    mine = DonatedFile.objects.filter(donation__donor_id=donation.donor_id, sha256=sha256)
    return mine.exclude(state=FileState.REMOVED).first()


def reserve(donation: Donation, size: int) -> StoredObject:
    """The object's row, with room for `size` bytes; none is taken for what was promised before. Raises TooMuch."""
    programme_id, donor_id = donation.programme_id, donation.donor_id
    with transaction.atomic():
        hold_open(donation)  # so that no row comes after the withdrawal that would have erased it
        if size:
            take_room(size, donor_id=donor_id, programme_id=programme_id)
        return storage.reserve(Zone.QUARANTINE, programme_id=programme_id, donor_id=donor_id, size=size or None)


def store(
    donation: Donation, stream: BinaryIO, header: Header, by: Actor, *, stored: StoredObject, total: Total, how: How
) -> FileAnswer:
    """The bytes first, outside any transaction; then all rows in one, with the donation's question where there is one.

    Raises Invalid, with nothing kept, where what the stream holds is not `total`; Conflict, and whatever `how.entered`
    raises, with nothing kept either.
    """
    ahead = _put(stored, stream, by, total, how.in_parts)
    file, study = _row(donation, stored, header, by, total, how.coded)
    try:
        with gathered():
            hold_open(donation)
            join(stored, ahead, storage.Written(*total), by=by)
            note_study(file, donation.donor_id, study)
            is_somebody_elses = how.coded is None and _is_somebody_elses(donation, header, file.person_key)
            answer = _enter(donation, file, is_somebody_elses, by)
            if how.entered is not None:
                how.entered(answer)
            return answer
    except IntegrityError:
        _forget(stored, by)
        return FileAnswer(Taken.DUPLICATE, SENTENCES[Taken.DUPLICATE], known(donation, file.sha256))
    except Conflict:
        _forget(stored, by)
        raise


def _put(stored: StoredObject, stream: BinaryIO, by: Actor, total: Total, in_parts: InParts | None) -> Front:
    """Puts a file's bytes, or its end behind the parts that are there already and were read by the caller."""
    stream.seek(0)
    ahead = front(stored, in_parts.parts if in_parts else ())
    try:
        written = storage.put(stored, in_parts.end if in_parts else stream)
    except Missing:  # a part that it is made of
        _forget(stored, by)
        raise
    except Unavailable:
        with suppress(Refused):  # a store that is away erases nothing either: a sweep does
            _forget(stored, by)
        raise
    if not in_parts and written != total:
        _forget(stored, by)
        raise other_bytes()
    return ahead


def _row(
    donation: Donation, stored: StoredObject, header: Header, by: Actor, total: Total, coded: Coded | None
) -> tuple[DonatedFile, str]:
    """The file's row, and the digest of the study that it is of."""
    programme_id, donor_id = donation.programme_id, donation.donor_id
    study, study_key = study_keys(programme_id, donor_id, digest_of(header.study_uid))
    person_key = ""
    if coded is None:
        person_key = _keyed_unless_empty("person", donor_id, key_text(header.patient_name, header.birth_date))
    elif coded.study:
        study, study_key = coded.study, coded.study_key
    size, sha256 = total
    file = DonatedFile(
        donation=donation,
        programme_id=programme_id,
        stored=stored,
        sha256=sha256,
        size=size,
        modality=header.modality[:16],
        coded=coded is not None,
        study_key=study_key,
        person_key=person_key,
        invitation_id=by.invitation_id if isinstance(by, Invited) else None,
    )
    return file, study


def _enter(donation: Donation, file: DonatedFile, is_somebody_elses: bool, by: Actor) -> FileAnswer:
    _hold_invited(by)
    outcome = Taken.HELD if is_somebody_elses else Taken.RECEIVED
    file.state = FileState(outcome.value)
    file.save(force_insert=True)
    how = {"coded": True} if file.coded else {}
    record(f"file.{outcome}", file, by=by, data={"donation": donation.pk, "size": file.size, **how})
    if is_somebody_elses:
        donation.refresh_from_db(fields=["state"])
        if donation.state == DonationState.OPEN:
            move(donation, DonationState.STOPPED, by=by, why=QUESTION, question=QUESTION)
    return FileAnswer(outcome, SENTENCES[outcome], file)


def _is_somebody_elses(donation: Donation, header: Header, person_key: str) -> bool:
    """Whether the donor must be asked: another name, or a second person among files whose name decides nothing."""
    identity = consent.identity_of(donation.donor_id)
    if identity is None:
        raise Conflict(NO_CONSENT, "no_consent")
    person = Person(identity.given_name, identity.family_name, tuple(identity.previous_names), identity.birth_date)
    outcome = compare(header.patient_name, header.birth_date, person)
    if outcome is Outcome.MATCH or not person_key:
        return outcome is Outcome.DIFFERENT
    taken = DonatedFile.objects.filter(donation__donor_id=donation.donor_id).exclude(
        state__in=[FileState.HELD, FileState.REMOVED]
    )
    if taken.filter(person_key=person_key).exists():
        return False  # the donor has said before that this name is theirs, or it was never in doubt
    return outcome is Outcome.DIFFERENT or taken.filter(donation=donation).exclude(person_key="").exists()


def _keyed_unless_empty(purpose: str, donor_id: object, text: str) -> str:
    return keyed(settings.MASTER_KEY, purpose, donor_id, text) if text else ""


def _forget(stored: StoredObject, by: Actor) -> None:
    many.take_back([stored], by=by, why="not_taken")
