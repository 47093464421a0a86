"""Takes a donor's files at the door: what each is, whose it is; stored whole or answered with a sentence."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from consent import queries as consent
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, TooMuch
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import Zone
from core.texts import gettext_noop as _
from registry.actions.donations import NO_CONSENT, OPEN
from registry.models import DonatedFile, Donation
from registry.permissions import require_donor
from registry.rules import archive, sniff
from registry.rules.coded import CODE as NOT_CODED
from registry.rules.coded import SENTENCE as NOT_CODED_SENTENCE
from registry.rules.coded import Coded, digest_of, says_coded
from registry.rules.header import Header, HeaderError, read_header
from registry.rules.identity import Outcome, Person, compare, key_text
from registry.rules.keyed import keyed
from registry.rules.lifecycle import DonationState, FileState
from registry.rules.sniff import Kind
from registry.work.room import take_room
from registry.work.sharing import note_study, study_keys

CHUNK = 1 << 20
MEMORY = 4 << 20
ZIPS_DEEP = 2
QUESTION = "another_person"


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

TOO_LARGE = _("This file is larger than we can take.")
OTHER_STUDY = _("This image belongs to another examination than the address says.")


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


def add_upload(*, donation: Donation, stream: BinaryIO, by: Actor, name: str = "") -> list[FileAnswer]:
    """Takes one uploaded file (seekable), or each file in it when it is a ZIP, also in a ZIP inside that.

    A file that cannot be taken never stops the others. `name` is only given back in the answers: names of files hold
    names of people and are not kept. Raises Missing for another's donation, Conflict when it takes no more files.
    """
    require_open(donation, by)
    return [replace(answer, name=name) for answer in _answers(donation, stream, by, _budgets())]


def take_promised(*, donation: Donation, stream: BinaryIO, by: Actor, coded: Coded | None = None) -> list[FileAnswer]:
    """The same for a file that came whole in parts: its room in quarantine was reserved when it was promised.

    `coded`: the donor's browser has de-identified it. Such a file is a scan and no ZIP, and comes by no other door.
    """
    require_open(donation, by)
    if coded is not None:
        return [_take(donation, stream, by, is_promised=True, coded=coded)]
    return list(_answers(donation, stream, by, _budgets(), is_promised=True))


def add_file(*, donation: Donation, stream: BinaryIO, by: Actor, study_uid: str = "") -> FileAnswer:
    """Takes one file (seekable) that is not a ZIP; the same file twice is answered with what is there already.

    With `study_uid`, a file of another study is refused.
    """
    require_open(donation, by)
    return _take(donation, stream, by, study_uid=study_uid)


def _take(
    donation: Donation,
    stream: BinaryIO,
    by: Actor,
    *,
    study_uid: str = "",
    is_promised: bool = False,
    coded: Coded | None = None,
) -> FileAnswer:
    size, sha256 = measure(stream)
    if size > settings.UPLOAD_FILE_BYTES:
        return FileAnswer(Taken.REFUSED, TOO_LARGE, code="too_large")
    kind = _kind(stream)
    if kind is not Kind.DICOM:
        outcome = Taken.SKIPPED if kind in sniff.CLUTTER else Taken.REFUSED
        return FileAnswer(outcome, sniff.SENTENCES.get(kind, sniff.SENTENCES[Kind.UNKNOWN]), code=kind)
    try:
        header = read_header(stream)
    except HeaderError as error:
        return FileAnswer(Taken.REFUSED, error.sentence, code=error.code)
    if study_uid and header.study_uid != study_uid:
        return FileAnswer(Taken.REFUSED, OTHER_STUDY, header=header, code="other_study")
    if coded is not None and not says_coded(header):
        return FileAnswer(Taken.REFUSED, NOT_CODED_SENTENCE, header=header, code=NOT_CODED)
    known = _known(donation, sha256)
    if known is not None:
        return FileAnswer(Taken.DUPLICATE, SENTENCES[Taken.DUPLICATE], known, header=header)
    try:
        stored = _reserve(donation, 0 if is_promised else size)
    except TooMuch as full:
        return FileAnswer(Taken.REFUSED, full.sentence, header=header, code=full.code)
    answer = _store(donation, stream, header, by, stored=stored, sha256=sha256, size=size, coded=coded)
    return replace(answer, header=header)


def _budgets() -> list[archive.Budget]:
    """One for the ZIP itself, then one for all that lie in it together; a ZIP for which none is left isn't opened."""
    limits = archive.Limits(file_bytes=settings.UPLOAD_FILE_BYTES, total_bytes=settings.UPLOAD_ARCHIVE_BYTES)
    return [archive.Budget(limits) for _ in range(ZIPS_DEEP)]


def _answers(
    donation: Donation, stream: BinaryIO, by: Actor, budgets: list[archive.Budget], *, is_promised: bool = False
) -> Iterator[FileAnswer]:
    if _kind(stream) is not Kind.ZIP:
        yield _take(donation, stream, by, is_promised=is_promised)
        return
    if not budgets:
        yield FileAnswer(Taken.REFUSED, _("This is a ZIP in a ZIP in a ZIP. Unpack it first, then send what is in it."))
        return
    is_empty = True
    try:
        for member in archive.walk(stream, budgets[0].limits, budgets[0]):
            is_empty = False
            yield from _member_answers(donation, member, by, budgets[1:])
        if is_empty:
            yield FileAnswer(Taken.REFUSED, _("There is no file in this ZIP. Make it again, then send it again."))
    except archive.ArchiveRefused as refused:
        yield FileAnswer(Taken.REFUSED, refused.sentence)


def _member_answers(
    donation: Donation, member: archive.Member, by: Actor, budgets: list[archive.Budget]
) -> Iterator[FileAnswer]:
    if member.stream is None:
        yield FileAnswer(Taken.REFUSED, member.refusal)
        return
    with SpooledTemporaryFile(max_size=MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        try:
            while piece := member.stream.read(CHUNK):
                file.write(piece)
        except archive.DamagedMember:
            yield FileAnswer(Taken.REFUSED, archive.DAMAGED_MEMBER)
            return
        yield from _answers(donation, cast(BinaryIO, file), by, budgets)


def require_open(donation: Donation, by: Actor) -> None:
    """Raises Missing for another's donation, Conflict without consent or when it takes no more files."""
    require_donor(by, donation.donor_id)
    if not consent.may_give_new(donation.donor_id):
        raise Conflict(NO_CONSENT, "no_consent")
    if donation.state not in OPEN:
        raise Conflict("This donation was sent off already. Begin a new one for more images.", "closed")


def measure(stream: BinaryIO) -> tuple[int, str]:
    """Size in bytes and SHA-256 of the whole stream."""
    stream.seek(0)
    size, digest = 0, hashlib.sha256()
    while piece := stream.read(CHUNK):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()


def _kind(stream: BinaryIO) -> Kind:
    stream.seek(0)
    return sniff.kind_of(stream.read(sniff.HEAD_BYTES))


def _known(donation: Donation, sha256: str) -> DonatedFile | None:
    """The same bytes, given by the same donor before and not taken back since."""
    mine = DonatedFile.objects.filter(donation__donor_id=donation.donor_id, sha256=sha256)
    return mine.exclude(state=FileState.REMOVED).first()


def _reserve(donation: Donation, size: int) -> StoredObject:
    """The object's row, with room for `size` bytes; none is taken for what was promised before. Raises TooMuch."""
    programme_id, donor_id = donation.programme_id, donation.donor_id
    with transaction.atomic():
        hold_open(donation)  # so that no row comes after the withdrawal that would have erased it
        if size:
            take_room(size, donor_id=donor_id, programme_id=programme_id)
        return storage.reserve(Zone.QUARANTINE, programme_id=programme_id, donor_id=donor_id, size=size or None)


def _store(
    donation: Donation,
    stream: BinaryIO,
    header: Header,
    by: Actor,
    *,
    stored: StoredObject,
    sha256: str,
    size: int,
    coded: Coded | None,
) -> FileAnswer:
    """The object first, outside any transaction; then its row, with the donation's question where there is one."""
    programme_id, donor_id = donation.programme_id, donation.donor_id
    stream.seek(0)
    storage.write(stored, stream, by=by)
    study, study_key = study_keys(programme_id, donor_id, digest_of(header.study_uid))
    person_key = ""
    if coded is None:
        person_key = _keyed_unless_empty("person", donor_id, key_text(header.patient_name, header.birth_date))
    elif coded.study:
        study, study_key = coded.study, coded.study_key
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
    )
    try:
        with transaction.atomic():
            note_study(file, donor_id, study)
            is_somebody_elses = coded is None and _is_somebody_elses(donation, header, person_key)
            return _enter(donation, file, is_somebody_elses, by)
    except IntegrityError:
        _forget(stored, by)
        return FileAnswer(Taken.DUPLICATE, SENTENCES[Taken.DUPLICATE], _known(donation, sha256))
    except Conflict:
        _forget(stored, by)
        raise


def _enter(donation: Donation, file: DonatedFile, is_somebody_elses: bool, by: Actor) -> FileAnswer:
    hold_open(donation)
    outcome = Taken.HELD if is_somebody_elses else Taken.RECEIVED
    file.state = FileState(outcome.value)
    file.save(force_insert=True)
    how = {"coded": True} if file.coded else {}
    record(f"file.{outcome}", file, by=by, data={"donation": donation.pk, "size": file.size, **how})
    donation.refresh_from_db(fields=["state"])
    if is_somebody_elses and donation.state == DonationState.OPEN:
        move(donation, DonationState.STOPPED, by=by, why=QUESTION, question=QUESTION)
    return FileAnswer(outcome, SENTENCES[outcome], file)


def hold_open(donation: Donation) -> None:
    """Locks the donation's row against a submission or withdrawal at the same moment."""
    if not Donation.objects.filter(pk=donation.pk, state__in=OPEN).update(state=F("state")):
        raise Conflict("This donation was sent off, or ended, meanwhile. Begin a new one for more images.", "closed")


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
    storage.erase([stored], by=by, why="not_taken")
