"""Takes a donor's files at the door, alone or in ZIPs: what each is; entered whole or answered with a sentence."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.conf import settings

from core.actors import Actor
from core.errors import TooMuch
from core.texts import gettext_noop as _
from registry.actions.entering import (
    SENTENCES,
    FileAnswer,
    How,
    Taken,
    Total,
    known,
    other_bytes,
    require_open,
    reserve,
    store,
)
from registry.models import Donation
from registry.rules import archive, sniff
from registry.rules.coded import CODE as NOT_CODED
from registry.rules.coded import SENTENCE as NOT_CODED_SENTENCE
from registry.rules.coded import says_coded
from registry.rules.header import HeaderError, read_header
from registry.rules.sniff import Kind

#: Of these the bytes lie in quarantine, and are the ones that the answer is about.
STORED = (Taken.RECEIVED, Taken.HELD)

CHUNK = 1 << 20
MEMORY = 4 << 20
ZIPS_DEEP = 2

TOO_LARGE = _("This file is larger than we can take.")
OTHER_STUDY = _("This image belongs to another examination than the address says.")


def add_upload(*, donation: Donation, stream: BinaryIO, by: Actor, name: str = "") -> list[FileAnswer]:
    """Takes one uploaded file (seekable), or each file in it when it is a ZIP, also in a ZIP inside that.

    A file that cannot be taken never stops the others. `name` is only given back in the answers: names of files hold
    names of people and are not kept. Raises Missing for another's donation, Conflict when it takes no more files.
    """
    require_open(donation, by)
    return [replace(answer, name=name) for answer in _answers(donation, stream, by, _budgets())]


def take_promised(*, donation: Donation, stream: BinaryIO, by: Actor, how: How) -> list[FileAnswer]:
    """The same for a file that came whole in parts: its room in quarantine was reserved when it was promised.

    `how.total`: what it must be, where that was said; raises Invalid (code OTHER_BYTES) where it is not. One that comes
    coded is a scan and no ZIP, and comes by no other door. Whether the donation takes files from `by`, the caller has
    seen; that it is still open is seen again where a file is entered.
    """
    is_zip = how.coded is None and _kind(stream) is Kind.ZIP
    promised, is_read = how.total, is_zip or how.in_parts is not None or how.total is None
    if is_read:
        how = replace(how, total=measure(stream))
        if promised not in (None, how.total):
            raise other_bytes()
    if is_zip:
        return list(_answers(donation, stream, by, _budgets(), is_promised=True))
    answer = _take(donation, stream, by, replace(how, is_promised=True))
    # What is stored was compared as it was written: a file is read once.
    if not is_read and answer.outcome not in STORED and measure(stream) != promised:
        raise other_bytes()
    return [answer]


def add_file(*, donation: Donation, stream: BinaryIO, by: Actor, study_uid: str = "") -> FileAnswer:
    """Takes one file (seekable) that is not a ZIP; the same file twice is answered with what is there already.

    With `study_uid`, a file of another study is refused.
    """
    require_open(donation, by)
    return _take(donation, stream, by, How(study_uid=study_uid))


def _take(donation: Donation, stream: BinaryIO, by: Actor, how: How) -> FileAnswer:
    """One file. Its total, where it is known, is compared with what is stored."""
    size, sha256 = total = how.total or measure(stream)
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
    if how.study_uid and header.study_uid != how.study_uid:
        return FileAnswer(Taken.REFUSED, OTHER_STUDY, header=header, code="other_study")
    if how.coded is not None and not says_coded(header):
        return FileAnswer(Taken.REFUSED, NOT_CODED_SENTENCE, header=header, code=NOT_CODED)
    if (same := known(donation, sha256)) is not None:
        return FileAnswer(Taken.DUPLICATE, SENTENCES[Taken.DUPLICATE], same, header=header)
    try:
        stored = reserve(donation, 0 if how.is_promised else size)
    except TooMuch as full:
        return FileAnswer(Taken.REFUSED, full.sentence, header=header, code=full.code)
    answer = store(donation, stream, header, by, stored=stored, total=total, how=how)
    return replace(answer, header=header)


def _budgets() -> list[archive.Budget]:
    """One for the ZIP itself, then one for all that lie in it together; a ZIP for which none is left isn't opened."""
    limits = archive.Limits(file_bytes=settings.UPLOAD_FILE_BYTES, total_bytes=settings.UPLOAD_ARCHIVE_BYTES)
    return [archive.Budget(limits) for _ in range(ZIPS_DEEP)]


def _answers(
    donation: Donation, stream: BinaryIO, by: Actor, budgets: list[archive.Budget], *, is_promised: bool = False
) -> Iterator[FileAnswer]:
    if _kind(stream) is not Kind.ZIP:
        yield _take(donation, stream, by, How(is_promised=is_promised))
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


def measure(stream: BinaryIO) -> Total:
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
