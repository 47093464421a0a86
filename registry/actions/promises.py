"""The manifest goes first: what the donor is about to send is noted with its room; the answer says what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.audit.record import record
from core.bulk import insert
from core.errors import Invalid, TooMuch
from registry.actions.entering import hold_open, require_open
from registry.models import DonatedFile, Donation, Upload
from registry.rules.lifecycle import FileState, UploadState
from registry.rules.promised import Promised, Standing
from registry.work.room import take_room
from registry.work.sharing import study_keys

#: An upload that nothing came of for so long ends.
LASTS: Final = timedelta(days=7)


@dataclass(frozen=True)
class FileStanding:
    """How one promised file stands; `upload` is where it goes on, where bytes of it are missing."""

    index: int
    standing: Standing
    upload: Upload | None = None


def promise_files(*, donation: Donation, files: Sequence[Promised], by: Actor) -> list[FileStanding]:
    """Notes which files will come, and says how each stands; promising them again finds what was promised before.

    Looks at nothing but what this donor gave. Raises Missing for another's donation, Conflict when it takes no more
    files, TooMuch, with nothing promised, where there is no room for all of them.
    """
    require_open(donation, by)
    with transaction.atomic():
        hold_open(donation)
        given, refused, uploads = _given(donation), _refused(donation), _open(donation)
        known, sizes = given | uploads.keys(), range(1, settings.UPLOAD_ARCHIVE_BYTES + 1)
        lacking = [file for file in _once(files) if file.sha256 not in known and file.size in sizes]
        fresh = [file for file in lacking if (file.sha256, file.coded) not in refused]
        _say_again(donation, [(uploads[file.sha256], file) for file in _once(files) if file.sha256 in uploads])
        if fresh:
            uploads |= {upload.sha256: upload for upload in _promise(donation, fresh, by)}
        _keep([uploads[file.sha256] for file in files if file.sha256 in uploads])
    return [_standing(file, given, uploads) for file in files]


def promise_one(*, donation: Donation, size: int, sha256: str, by: Actor) -> Upload:
    """One upload, of a file that no manifest told of (`sha256` may be empty), or the one that is open for it already.

    Raises as `promise_files`; TooMuch also for a file larger than is taken.
    """
    require_open(donation, by)
    if size > settings.UPLOAD_ARCHIVE_BYTES:
        raise TooMuch("This file is larger than we can take.", "too_large")
    with transaction.atomic():
        hold_open(donation)
        found = _open(donation).get(sha256) if sha256 else None
        if found is not None:
            if found.size != size:
                raise Invalid("The manifest promised another size for this file.", "other_size")
            _keep([found])
            return found
        return _promise(donation, [Promised(0, size, sha256)], by)[0]


def _promise(donation: Donation, files: Sequence[Promised], by: Actor) -> list[Upload]:
    total = sum(file.size for file in files)
    take_room(total, donor_id=donation.donor_id, programme_id=donation.programme_id)
    until = timezone.now() + LASTS
    rows = [
        Upload(
            donation=donation,
            programme_id=donation.programme_id,
            sha256=file.sha256,
            size=file.size,
            series=file.series,
            expires_at=until,
            **_manner(donation, file),
        )
        for file in files
    ]
    insert(Upload, rows)
    record("donation.promised", donation, by=by, data={"files": len(files), "bytes": total})
    return rows


def _manner(donation: Donation, file: Promised) -> dict[str, Any]:
    """How it comes, as the columns of an upload say it; what was told of its study is not kept as it was told."""
    study, study_key = study_keys(donation.programme_id, donation.donor_id, file.study)
    return {"coded": file.coded, "study": study, "study_key": study_key}


def _say_again(donation: Donation, promised: Sequence[tuple[Upload, Promised]]) -> None:
    """Of a file that is not whole yet, how it comes is what was said last."""
    by_manner: dict[tuple[bool, str], list[Upload]] = {}
    manners = {(file.coded, file.study): _manner(donation, file) for _, file in promised}
    for upload, file in promised:
        manner = manners[file.coded, file.study]
        if any(getattr(upload, name) != value for name, value in manner.items()):
            by_manner.setdefault((file.coded, file.study), []).append(upload)
    for said, uploads in by_manner.items():
        for start in range(0, len(uploads), 500):
            some = [upload.pk for upload in uploads[start : start + 500]]
            # One of them may have become whole just now.
            Upload.objects.filter(pk__in=some, state=UploadState.OPEN).update(**manners[said])


def _given(donation: Donation) -> set[str]:
    """Digests of what this donor gave and has not taken back."""
    mine = DonatedFile.objects.filter(donation__donor_id=donation.donor_id).exclude(state=FileState.REMOVED)
    return set(mine.values_list("sha256", flat=True))


def _refused(donation: Donation) -> set[tuple[str, bool]]:
    """Digests of what came whole before and is not taken, and whether it came coded: otherwise it may come still."""
    mine = Upload.objects.filter(donation__donor_id=donation.donor_id, state=UploadState.REFUSED)
    return set(mine.values_list("sha256", "coded"))


def _open(donation: Donation) -> dict[str, Upload]:
    mine = Upload.objects.filter(donation=donation, state=UploadState.OPEN).exclude(sha256="")
    return {upload.sha256: upload for upload in mine}


def _once(files: Iterable[Promised]) -> list[Promised]:
    """Each content once: the same file may lie in two folders of a disc."""
    return list({file.sha256: file for file in files}.values())


def _keep(uploads: Sequence[Upload]) -> None:
    """Their time begins anew."""
    until, keys = timezone.now() + LASTS, [upload.pk for upload in uploads]
    for start in range(0, len(keys), 500):
        Upload.objects.filter(pk__in=keys[start : start + 500], state=UploadState.OPEN).update(expires_at=until)


def _standing(file: Promised, given: set[str], uploads: dict[str, Upload]) -> FileStanding:
    if file.sha256 in given:
        return FileStanding(file.index, Standing.PRESENT)
    if (upload := uploads.get(file.sha256)) is not None:
        return FileStanding(file.index, Standing.MISSING, upload)
    return FileStanding(file.index, Standing.REFUSED)
