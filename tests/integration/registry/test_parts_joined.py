"""A file that came whole in parts: entered once, together with the end of its upload, whoever comes in between."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from core.errors import Conflict, NotAllowed
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.roles import Role
from core.storage.store import store
from core.storage.zones import ObjectState, Zone
from registry import actions
from registry.actions import entering, parts
from registry.actions.promises import promise_one
from registry.models import DonatedFile, Donation, QuarantineUse, Upload, UploadPart
from registry.rules.lifecycle import UploadState
from registry.work.room import count_again
from tests.factories import registry as make
from tests.factories.parts import being
from tests.integration.core.test_store_keys import opens
from tests.integration.registry.sent import by, living, own, promised, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("short_parts")]


@pytest.mark.parametrize("is_sealed", [True, False])
def test_no_byte_of_it_is_stored_twice_where_its_parts_can_be_shut_for_the_web_process(
    donation: Donation, settings: Any, is_sealed: bool
) -> None:
    """A store that seals nothing gets the whole file once more: in `incoming` the web process could go on reading."""
    settings.OBJECT_STORE = {**settings.OBJECT_STORE, "sealed": is_sealed}
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data, end=1_000)
    send(upload, data)
    stored = DonatedFile.objects.get().stored
    assert storage.read(stored) == data
    assert stored.pieces.exists() == is_sealed
    left = StoredObject.objects.filter(zone=Zone.INCOMING).exclude(state=ObjectState.ERASED)
    assert set(left) == set(stored.pieces.all())
    erased = StoredObject.objects.filter(state=ObjectState.ERASED)
    assert erased.exists() != is_sealed
    if is_sealed:
        with being(Role.WEB):
            assert not any(opens(each, Role.WEB) for each in left)


@pytest.mark.parametrize("pieces", [1, 6])
def test_an_upload_that_is_stopped_while_its_file_is_entered_leaves_nothing(
    donation: Donation, empty_store: None, monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    """The file and the upload's end are written together: neither is there without the other."""
    data, put = own(donation), entering.storage.put
    monkeypatch.setattr(parts, "PART", len(data) // pieces + 1)
    (upload,) = promised(donation, data)
    if pieces > 1:
        send(upload, data, end=1_000)

    def stopped_meanwhile(stored: StoredObject, piece: Any) -> Any:
        written = put(stored, piece)
        if stored.zone == Zone.QUARANTINE:
            actions.end_upload(upload=Upload.objects.get(), by=by(donation))
        return written

    monkeypatch.setattr(entering.storage, "put", stopped_meanwhile)
    with pytest.raises(Conflict, match="goes on elsewhere"):
        send(upload, data)
    assert Upload.objects.get().state == UploadState.ENDED
    assert not DonatedFile.objects.exists()
    assert not living().exists()
    assert not any(list(store().keys(zone)) for zone in (Zone.INCOMING, Zone.QUARANTINE))


@pytest.mark.parametrize("how", ["whole", "in parts", "unannounced"])
def test_what_was_given_in_an_earlier_donation_is_a_duplicate_by_every_way(donation: Donation, how: str) -> None:
    data = own(donation)
    make.upload(donation, data, by(donation))
    actions.submit_donation(donation=donation, by=by(donation))
    later = make.donation(donation.donor, 0, submitted=False)
    digest = "" if how == "unannounced" else hashlib.sha256(data).hexdigest()
    upload = promise_one(donation=later, size=len(data), sha256=digest, by=by(later))
    if how == "in parts":
        send(upload, data, end=1_000)
    assert send(upload, data).outcome == "duplicate"
    assert living().count() == DonatedFile.objects.count() == 1
    assert not StoredObject.objects.exclude(part_of=None).exists()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Does something once, at the moment when the whole of a file has been read and its end is to be stored."""

    def plan(deed: Callable[[], object]) -> None:
        put, deeds = entering.storage.put, [deed]

        def at_that_moment(stored: StoredObject, data: Any) -> Any:
            if stored.zone == Zone.QUARANTINE and deeds:
                deeds.pop()()
            return put(stored, data)

        monkeypatch.setattr(entering.storage, "put", at_that_moment)

    return plan


def test_a_slower_senders_part_goes_when_the_file_is_entered(donation: Donation, meanwhile: Any) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data, end=600)
    meanwhile(lambda: send(upload, data, end=1_200))
    assert send(upload, data, begin=600).outcome == "received"
    stored = DonatedFile.objects.get().stored
    assert storage.read(stored) == data
    assert not UploadPart.objects.exists()
    assert set(StoredObject.objects.exclude(state=ObjectState.ERASED)) == {stored, *stored.pieces.all()}
    count_again(donation.donor_id)
    assert QuarantineUse.objects.get(scope="donor").used == len(data)


def test_the_slower_of_two_who_end_a_file_is_told_that_it_stands_elsewhere(donation: Donation, meanwhile: Any) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data, end=600)
    meanwhile(lambda: send(upload, data, begin=600))
    with pytest.raises(Conflict, match="goes on elsewhere"):
        send(upload, data, begin=600)
    stored = DonatedFile.objects.get().stored
    assert storage.read(stored) == data
    assert set(StoredObject.objects.exclude(state=ObjectState.ERASED)) == {stored, *stored.pieces.all()}


def test_whoever_comes_when_the_parts_are_taken_already_is_told_so(
    donation: Donation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other sender ends the file while this one stages: nothing is left of which the whole could be read."""
    data, stage = own(donation), parts._stage
    (upload,) = promised(donation, data)
    send(upload, data, end=600)

    def quicker(*given: Any) -> StoredObject:
        monkeypatch.setattr(parts, "_stage", stage)
        send(upload, data, begin=600)
        return stage(*given)

    monkeypatch.setattr(parts, "_stage", quicker)
    with pytest.raises(Conflict, match="goes on elsewhere"):
        send(upload, data, begin=600)
    assert storage.read(DonatedFile.objects.get().stored) == data
    assert not UploadPart.objects.exists()


def test_stopping_a_file_that_was_taken_meanwhile_says_so(donation: Donation) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data)
    with pytest.raises(NotAllowed, match="in your donation already"):
        actions.end_upload(upload=upload, by=by(donation))  # whose row was read before
    assert storage.read(DonatedFile.objects.get().stored) == data


def test_bytes_that_come_after_their_object_was_erased_go_again(
    donation: Donation, empty_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = entering.storage.put

    def erased_before(stored: StoredObject, data: Any) -> Any:
        storage.erase([StoredObject.objects.get(pk=stored.pk)], by=by(donation), why="withdrawal")
        return put(stored, data)

    monkeypatch.setattr(entering.storage, "put", erased_before)
    with pytest.raises(Conflict):
        actions.add_upload(donation=donation, stream=BytesIO(own(donation)), by=by(donation))
    assert not DonatedFile.objects.exists()
    assert not list(store().keys(Zone.QUARANTINE))
