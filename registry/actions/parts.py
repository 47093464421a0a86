"""Takes an upload's bytes part by part: a part counts whole or not at all, and the last one with the whole file."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import Conflict, Gone, Invalid, Missing, NotAllowed, Refused, TooMuch, Unavailable
from core.lifecycle import move
from core.storage import work as storage
from core.storage.joined import Piece, joined
from core.storage.models import StoredObject
from core.storage.pieces import PIECE_CHANGED, can_front
from core.storage.zones import Zone
from registry.actions.entering import (
    OTHER_BYTES,
    FileAnswer,
    How,
    InParts,
    Taken,
    hold_open,
    other_bytes,
    require_taking,
)
from registry.actions.promises import LASTS
from registry.actions.uploads import STORED, take_promised
from registry.models import Upload, UploadPart
from registry.permissions import require_donor
from registry.rules.coded import Coded
from registry.rules.lifecycle import UploadState
from registry.work.parts import end_uploads, erase_parts, erase_unless_joined
from registry.work.room import count_again

#: Bytes of a staged part at most, and what one request holds in memory.
PART: Final = 8 << 20
MOST_PARTS: Final = 10_000
_MEDIA: Final = "application/octet-stream"


@dataclass(frozen=True)
class Checksum:
    """What the sender says of the bytes of one request: the name of the algorithm in hashlib, and the digest."""

    algorithm: str
    digest: bytes


@dataclass
class _Came:
    """What came with one request: pieces that are stored already, and the end of the file where it is there."""

    place: int
    staged: list[tuple[int, StoredObject]] = field(default_factory=list)
    tail: bytes = b""


def add_part(
    *,
    upload: Upload,
    offset: int,
    stream: BinaryIO,
    by: Actor,
    length: int | None = None,
    checksum: Checksum | None = None,
) -> Upload:
    """Adds what `stream` holds from `offset` on: all of it or nothing; `length` is what was announced, in bytes.

    Raises Missing for another's upload; Gone when it has ended; Conflict when it stands elsewhere, also because
    somebody else was quicker; TooMuch beyond the file's end; Invalid when the bytes broke off or are not those of the
    checksum (code `checksum_mismatch`), which for the whole file ends the upload.
    """
    _require_under_way(upload, offset, by)
    came = _Came(offset)
    try:
        _receive(upload, came, stream, by, length, checksum)
        if came.place == upload.size:
            return _finish(upload, came, by)
        return _advance(upload, offset, came)
    except BaseException as error:
        # A worker that is killed here leaves objects that no part names; a sweep erases them.
        _drop([stored for _, stored in came.staged], by)
        is_gone, is_changed = isinstance(error, Missing), isinstance(error, Conflict) and error.code == PIECE_CHANGED
        if (is_gone or is_changed) and _is_over(upload):
            raise _elsewhere() from None  # whoever was quicker has taken the parts away
        if is_gone:
            _end(upload, by, "other_bytes")
            raise other_bytes() from None  # the store no longer has the bytes of a part as they came
        raise


def end_upload(*, upload: Upload, by: Actor) -> None:
    """Stops an upload and erases what came of it. Raises NotAllowed once it is in the donation; twice is no error."""
    require_donor(by, upload.donation.donor_id)
    if upload.state != UploadState.TAKEN:
        _end(upload, by, "terminated")
        upload.refresh_from_db()
    if upload.state == UploadState.TAKEN:
        raise NotAllowed("This file is in your donation already. Take the donation back instead.", "taken")


def _require_under_way(upload: Upload, offset: int, by: Actor) -> None:
    require_donor(by, upload.donation.donor_id)
    if upload.state == UploadState.ENDED or (upload.state == UploadState.OPEN and upload.expires_at <= timezone.now()):
        raise Gone("This upload has ended. Send the list of files again, then go on.", "ended")
    if upload.state != UploadState.OPEN or offset != upload.offset:
        raise _elsewhere()
    require_taking(upload.donation)
    if upload.offset and upload.parts.count() >= MOST_PARTS:
        raise TooMuch("This file came in too many parts. Stop it, and send larger ones.", "too_many_parts")


def _receive(
    upload: Upload, came: _Came, stream: BinaryIO, by: Actor, length: int | None, checksum: Checksum | None
) -> None:
    """Reads all of the stream, a piece at a time; each is stored, but for the end of the file."""
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    while piece := _read(stream):
        if came.place + len(piece) > upload.size:
            raise TooMuch("More bytes came than this file has.", "too_long")
        if digest is not None:
            digest.update(piece)
        if came.place + len(piece) == upload.size:
            came.tail = piece
        else:
            came.staged.append((came.place, _stage(upload, piece, by)))
        came.place += len(piece)
    if length is not None and came.place - upload.offset != length:
        raise Invalid("The upload broke off. This part was not kept: send it again.", "broken_off")
    if checksum is not None and digest is not None and digest.digest() != checksum.digest:
        raise Invalid("This part was changed on its way. It was not kept: send it again.", OTHER_BYTES)


def _read(stream: BinaryIO) -> bytes:
    """The next PART bytes; fewer at the end only."""
    found = bytearray()
    while len(found) < PART and (piece := stream.read(min(1 << 20, PART - len(found)))):
        found += piece
    return bytes(found)


def _stage(upload: Upload, piece: bytes, by: Actor) -> StoredObject:
    donation = upload.donation
    with transaction.atomic():
        hold_open(donation)
        stored = storage.reserve(
            Zone.INCOMING, programme_id=donation.programme_id, donor_id=donation.donor_id, media_type=_MEDIA
        )
    try:
        return storage.write(stored, piece, by=by)
    except Unavailable:
        with suppress(Refused):  # a store that is away erases nothing either: a sweep does
            _drop([stored], by)
        raise


def _advance(upload: Upload, offset: int, came: _Came) -> Upload:
    """The offset and the parts' rows in one transaction; who comes second finds the offset elsewhere."""
    until = timezone.now() + LASTS
    with transaction.atomic():
        hold_open(upload.donation)
        mine = Upload.objects.filter(pk=upload.pk, state=UploadState.OPEN, offset=offset)
        if not mine.update(offset=came.place, expires_at=until):
            raise _elsewhere()
        for start, stored in came.staged:
            UploadPart.objects.create(upload=upload, stored=stored, start=start, size=stored.size or 0)
    upload.refresh_from_db()
    return upload


def _finish(upload: Upload, came: _Came, by: Actor) -> Upload:
    """Checks the whole file and takes it; only then does the offset reach its end."""
    before = list(upload.parts.select_related("stored").order_by("start")) if upload.offset else []
    parts = [*(part.stored for part in before), *(stored for _, stored in came.staged)]
    promised = (upload.size, upload.sha256) if upload.sha256 else None
    # Where the whole file is compared, its pieces need not be.
    fetch = _piece if promised else storage.read
    pieces: list[Piece] = [(stored.size or 0, partial(fetch, stored)) for stored in parts]
    in_parts = InParts(parts, came.tail) if parts and can_front(parts) else None
    how = How(
        total=promised,
        coded=Coded(upload.study, upload.study_key) if upload.coded else None,
        in_parts=in_parts,
        entered=partial(_is_entered, upload, by, in_parts),
    )
    whole = joined([*pieces, (len(came.tail), lambda: came.tail)])
    try:
        answers = take_promised(donation=upload.donation, stream=whole, by=by, how=how)
    except Invalid as error:
        if error.code == OTHER_BYTES:
            if _is_over(upload):
                raise _elsewhere() from None  # whoever was quicker has taken the parts away
            _end(upload, by, "other_bytes")
        raise
    if upload.state == UploadState.OPEN:
        _becomes(upload, by, answers)
    if in_parts and upload.outcome in STORED:
        came.staged.clear()  # they are the donation's now
    with suppress(Unavailable):  # the file is taken: what its parts leave behind is a sweep's affair, and no failure
        _drop([stored for _, stored in came.staged], by)
        if parts:
            erase_parts(UploadPart.objects.filter(upload=upload), by=by, why="whole")
    if upload.outcome not in STORED:
        count_again(upload.donation.donor_id)  # its room is not used after all
    return upload


def _is_entered(upload: Upload, by: Actor, in_parts: InParts | None, answer: FileAnswer) -> None:
    """In the transaction that enters a file: its upload ends, and parts that it goes on consisting of are its own."""
    _becomes(upload, by, [answer])
    if in_parts:
        # Not those of a sender who was slower: nothing of these is in the file.
        UploadPart.objects.filter(upload=upload, stored__part_of__isnull=False).delete()


def _becomes(upload: Upload, by: Actor, answers: Sequence[FileAnswer]) -> None:
    """Notes what a whole file has become."""
    upload.told = Counter((answer.outcome.value, answer.sentence) for answer in answers)
    one = answers[0] if len(answers) == 1 else None
    is_kept = any(answer.outcome not in (Taken.SKIPPED, Taken.REFUSED) for answer in answers)
    outcome, file = (one.outcome.value, one.file) if one else ("unpacked", None)
    try:
        state = UploadState.TAKEN if is_kept else UploadState.REFUSED
        move(upload, state, by=by, offset=upload.size, outcome=outcome, file=file, study="", study_key="")
    except Conflict:
        raise _elsewhere() from None  # the same part came twice at once; the file is in the donation once


def _piece(stored: StoredObject) -> bytes:
    with storage.open_object(stored) as stream:
        return stream.read()


def _is_over(upload: Upload) -> bool:
    return not Upload.objects.filter(pk=upload.pk, state=UploadState.OPEN).exists()


def _end(upload: Upload, by: Actor, why: str) -> None:
    with transaction.atomic():
        end_uploads(Upload.objects.filter(pk=upload.pk), by=by, why=why)
    erase_parts(UploadPart.objects.filter(upload=upload), by=by, why=why)
    count_again(upload.donation.donor_id)


def _drop(staged: Sequence[StoredObject], by: Actor) -> None:
    erase_unless_joined([stored.pk for stored in staged], by=by, why="not_taken")


def _elsewhere() -> Conflict:
    return Conflict("This file goes on elsewhere than you sent. Ask how far it is, then go on from there.", "offset")
