"""Files in parts: what is missing of a manifest, parts that count whole or not at all, and what each fault leaves."""

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, Invalid, Missing, NotAllowed, TooMuch
from core.storage import work as storage
from core.storage.models import StoredObject
from registry import actions
from registry.actions import parts
from registry.models import DonatedFile, Donation, Upload, UploadPart
from registry.rules.lifecycle import UPLOAD_TRANSITIONS, UploadState
from registry.rules.promised import Promised, Standing, read_manifest
from registry.work import reap_broken_off
from registry.work.parts import reap_parts
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.sent import PIECE, by, living, of, own, promised, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("short_parts")]


def test_a_file_that_comes_in_parts_is_the_file_that_was_promised(donation: Donation) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    for end in (100, PIECE * 3 + 1, len(data) - 1):
        assert send(upload, data, end=end).offset == end
        assert not DonatedFile.objects.exists()
    done = send(upload, data)
    assert (done.state, done.offset, done.outcome) == (UploadState.TAKEN, len(data), "received")
    file = DonatedFile.objects.get()
    assert (done.file, file.sha256, storage.read(file.stored)) == (file, upload.sha256, data)
    assert not UploadPart.objects.exists()
    assert list(living()) == [file.stored]
    for sweep in (reap_parts, reap_broken_off):
        StoredObject.objects.update(created_at=timezone.now() - timedelta(days=3))
        sweep()
    assert storage.read(StoredObject.objects.get(pk=file.stored_id)) == data


def test_a_file_of_one_part_is_stored_once(donation: Donation, monkeypatch: pytest.MonkeyPatch) -> None:
    data = own(donation)
    monkeypatch.setattr(parts, "PART", len(data))
    send(promised(donation, data)[0], data)
    assert StoredObject.objects.count() == 1


def test_the_manifest_is_answered_with_what_this_donor_lacks(donation: Donation) -> None:
    mine, begun, fresh, theirs = (own(donation) for _ in range(4))
    other = make.donation(consent.donor(donation.programme), 0, submitted=False)
    make.upload(other, make.own_dicom(other.donor), by(other))
    make.upload(other, theirs, by(other))
    make.upload(donation, mine, by(donation))
    send(promised(donation, begun)[0], begun, end=700)
    listed = [of(data, index) for index, data in enumerate((mine, begun, fresh, theirs, fresh))]
    answer = actions.promise_files(donation=donation, files=listed, by=by(donation))
    assert [(each.standing, each.upload and each.upload.offset) for each in answer] == [
        (Standing.PRESENT, None),
        (Standing.MISSING, 700),
        (Standing.MISSING, 0),
        (Standing.MISSING, 0),  # another donor gave it, which nobody learns here
        (Standing.MISSING, 0),
    ]
    assert answer[2].upload == answer[4].upload
    again = actions.promise_files(donation=donation, files=listed, by=by(donation))
    assert [each.upload for each in again] == [each.upload for each in answer]
    assert Upload.objects.count() == 3


def test_what_was_taken_back_is_missing_again_and_what_is_no_scan_is_not_asked_for_twice(donation: Donation) -> None:
    data, readme = own(donation), b"Read me first. " * 100
    make.upload(donation, data, by(donation))
    assert send(promised(donation, readme)[0], readme).outcome == "skipped"
    listed = [of(data), of(readme, 1), Promised(2, 0, hashlib.sha256().hexdigest())]
    refused = [Standing.REFUSED] * 2
    answer = actions.promise_files(donation=donation, files=listed, by=by(donation))
    assert [each.standing for each in answer] == [Standing.PRESENT, *refused]
    actions.abandon_donation(donation=donation, by=by(donation))
    fresh = actions.start_donation(donor=donation.donor, by=by(donation))
    answer = actions.promise_files(donation=fresh, files=listed, by=by(donation))
    assert [each.standing for each in answer] == [Standing.MISSING, *refused]


@pytest.mark.parametrize(
    "files",
    [
        [],
        {},
        [{"index": 0, "size": 1, "sha256": "a" * 64, "name": "Smith^John"}],
        [{"index": 0, "size": 1, "sha256": "A" * 64}],
        [{"index": 0, "size": 1, "sha256": ["a" * 64]}],
        [{"index": 0, "size": -1, "sha256": "a" * 64}],
        [{"index": 0, "size": True, "sha256": "a" * 64}],
        [{"index": 0, "size": 1 << 60, "sha256": "a" * 64}],
        [{"index": 0, "size": 1, "sha256": "a" * 64, "series": "Smith"}],
        [{"index": 0, "size": 1, "sha256": "a" * 64}] * 2,
        ["a" * 64],
        [{"index": n, "size": 1, "sha256": "a" * 64} for n in range(10_001)],
    ],
)
def test_a_manifest_holds_numbers_and_digests_alone(files: Any) -> None:
    for body in ({"files": files}, {"files": files, "folder": "Smith"}, files):
        with pytest.raises(Invalid) as refusal:
            read_manifest(body)
        assert "Smith" not in refusal.value.sentence


def test_a_part_that_breaks_off_or_was_changed_counts_nothing(donation: Donation) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data, end=600)
    before = set(living())
    wrong = parts.Checksum("sha1", hashlib.sha1(b"other", usedforsecurity=False).digest())
    for said, code in ({"length": 2_000}, "broken_off"), ({"checksum": wrong}, "checksum_mismatch"):
        for end in (1_900, len(data)):
            with pytest.raises(Invalid) as refusal:
                send(upload, data, end=end, **said)
            assert refusal.value.code == code
    with pytest.raises(TooMuch):
        send(upload, data + b"more")
    assert (Upload.objects.get().offset, Upload.objects.get().state) == (600, UploadState.OPEN)
    assert set(living()) == before
    right = parts.Checksum("sha256", hashlib.sha256(data[600:]).digest())
    assert send(upload, data, checksum=right, length=len(data) - 600).outcome == "received"


def test_a_part_for_another_place_is_refused_and_erased(donation: Donation) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    stale = Upload.objects.get()
    send(upload, data, end=1_000)
    for begin in (0, 999, 1_001):
        with pytest.raises(Conflict):
            send(upload, data, begin=begin, end=1_500)
    with pytest.raises(Conflict):  # who looked before the other's part came
        actions.add_part(upload=stale, offset=0, stream=BytesIO(data[:1_000]), by=by(donation))
    assert sum(thing.size or 0 for thing in living()) == 1_000
    send(upload, data)
    with pytest.raises(Conflict):
        send(upload, data, begin=len(data))
    assert DonatedFile.objects.count() == 1


def test_another_donors_upload_is_not_there(donation: Donation) -> None:
    (upload,) = promised(donation, own(donation))
    stranger = make.user_of(consent.donor(donation.programme))
    with pytest.raises(Missing):
        actions.promise_files(donation=donation, files=[of(b"x")], by=stranger)
    with pytest.raises(Missing):
        actions.add_part(upload=upload, offset=0, stream=BytesIO(b"x"), by=stranger)
    with pytest.raises(Missing):
        actions.end_upload(upload=upload, by=stranger)
    data = own(donation)
    done = send(promised(donation, data)[0], data)
    with pytest.raises(NotAllowed):
        actions.end_upload(upload=done, by=by(donation))


def test_a_name_that_is_anothers_stops_the_donation_and_a_zip_is_opened(donation: Donation) -> None:
    packed = make.zipped({"a": own(donation), "b": own(donation), "README": b"hello"})
    done = send(promised(donation, packed)[0], packed)
    assert (done.state, done.outcome, done.file) == (UploadState.TAKEN, "unpacked", None)
    assert DonatedFile.objects.filter(state="received").count() == 2
    data = make.dicom("Somebody^Else", "19330303")
    assert send(promised(donation, data)[0], data).outcome == "held"
    donation.refresh_from_db()
    assert donation.state == "stopped"
    more = own(donation)
    assert send(promised(donation, more)[0], more).outcome == "received"


@pytest.mark.parametrize("start", list(UploadState))
@pytest.mark.parametrize("end", list(UploadState))
def test_each_pair_of_states(start: UploadState, end: UploadState) -> None:
    assert (end in UPLOAD_TRANSITIONS[start]) == (start == UploadState.OPEN and end != UploadState.OPEN)


def test_the_database_refuses_what_must_never_be(donation: Donation) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data, end=100)
    part = UploadPart.objects.get()
    later = timezone.now()
    for wrong in (
        lambda: Upload.objects.update(offset=upload.size + 1),
        lambda: Upload.objects.update(offset=-1),
        lambda: Upload.objects.update(state="lost"),
        lambda: Upload.objects.create(
            donation=donation, programme_id=donation.programme_id, sha256=upload.sha256, size=1, expires_at=later
        ),
        lambda: UploadPart.objects.create(upload=upload, stored=part.stored, start=200, size=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
