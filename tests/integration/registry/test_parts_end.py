"""Uploads that come to nothing, or not at once: what is erased, what waits, and that it can be promised anew."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict, Gone, Invalid
from core.storage import work as storage
from core.storage.interface import StoreUnreachable
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone
from registry import actions
from registry.models import DonatedFile, Donation, Upload, UploadPart
from registry.rules.lifecycle import UploadState
from registry.work import reap_broken_off
from registry.work.parts import reap_parts
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.sent import by, living, own, promised, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("short_parts")]


def test_a_whole_file_that_is_not_the_promised_one_is_not_kept(donation: Donation) -> None:
    data, other = own(donation), own(donation)
    (upload,) = promised(donation, data)
    changed = data[:-1] + b"\0"
    send(upload, changed, end=2_000)
    with pytest.raises(Invalid, match="not the one that was promised"):
        send(upload, changed)
    assert not living().exists()
    assert not UploadPart.objects.exists()
    with pytest.raises(Gone):
        send(upload, data, begin=2_000)
    (anew,) = promised(donation, data)
    assert anew != upload
    assert send(anew, data).outcome == "received"
    assert send(promised(donation, other)[0], other).outcome == "received"


def test_a_part_that_the_store_lost_ends_the_upload_and_it_can_be_promised_anew(donation: Donation) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data, end=1_000)
    store().delete(Zone.INCOMING, str(UploadPart.objects.all()[0].stored_id))
    with pytest.raises(Invalid, match="send the list of files again"):
        send(upload, data)
    assert not living().exists()
    (anew,) = promised(donation, data)
    assert send(anew, data).outcome == "received"


def test_uploads_are_forgotten_a_month_after_their_donation_was_sent(donation: Donation) -> None:
    data, other = own(donation), own(donation)
    send(promised(donation, data)[0], data)
    (rest,) = promised(donation, other)
    send(rest, other, end=1_000)
    Upload.objects.update(expires_at=timezone.now() + timedelta(days=1))
    actions.submit_donation(donation=donation, by=by(donation))
    reap_parts()
    assert Upload.objects.count() == 2
    Upload.objects.update(expires_at=timezone.now() - timedelta(days=31))
    reap_parts()
    assert not Upload.objects.exists()
    assert list(living()) == [DonatedFile.objects.get().stored]


@pytest.mark.parametrize("fails_at", range(1, 9))
def test_a_store_that_fails_at_any_moment_loses_nothing_and_doubles_nothing(
    donation: Donation, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    """Each put in turn fails; the sender asks how far it is and goes on, as after a kill."""
    data, kind, puts = own(donation), type(store()), iter(range(1, 100))
    put = kind.put
    (upload,) = promised(donation, data)

    def failing(self: Any, zone: Zone, key: str, stream: Any) -> int:
        if next(puts) == fails_at:
            raise StoreUnreachable("away")
        return put(self, zone, key, stream)

    monkeypatch.setattr(kind, "put", failing)
    failures = 0
    while (now := Upload.objects.get()).state == UploadState.OPEN:
        try:
            send(upload, data, end=now.offset + 1_000)
        except StoreUnreachable:
            failures += 1
            assert Upload.objects.get().offset == now.offset
    assert failures == 1
    assert storage.read(DonatedFile.objects.get().stored) == data
    StoredObject.objects.update(created_at=timezone.now() - timedelta(days=2))
    reap_parts()
    reap_broken_off()
    assert list(living()) == [DonatedFile.objects.get().stored]


def test_parts_wait_for_the_next_day_and_go_when_their_time_is_over(donation: Donation) -> None:
    data = own(donation)
    (upload,) = promised(donation, data)
    send(upload, data, end=1_000)
    StoredObject.objects.update(created_at=timezone.now() - timedelta(days=3))
    reap_broken_off()
    reap_parts()
    assert sum(thing.size or 0 for thing in living()) == 1_000
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Gone):
        send(upload, data)
    promised(donation, data)  # another day: promised again before the sweep came
    reap_parts()
    assert send(upload, data, end=1_500).offset == 1_500
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    reap_parts()
    assert Upload.objects.get().state == UploadState.ENDED
    assert not living().exists()
    assert not UploadPart.objects.exists()


@pytest.mark.parametrize("how", ["abandon", "submit", "withdraw", "nothing_new", "stop"])
def test_what_ends_a_donation_ends_its_uploads(donation: Donation, drain: Any, how: str) -> None:
    given, data = own(donation), own(donation)
    make.upload(donation, given, by(donation))
    (upload,) = promised(donation, data)
    send(upload, data, end=1_000)
    who = by(donation)
    if how == "abandon":
        actions.abandon_donation(donation=donation, by=who)
    elif how == "submit":
        actions.submit_donation(donation=donation, by=who)
    elif how == "stop":
        actions.end_upload(upload=upload, by=who)
        actions.end_upload(upload=upload, by=who)
    else:
        kind = {"withdraw": "no_further_use", "nothing_new": "nothing_new"}[how]
        consent.actions.withdraw(donor=donation.donor, kind=kind, by=who)
    found = Upload.objects.get()
    assert found.state == UploadState.ENDED
    with pytest.raises((Gone, Conflict)):
        actions.add_part(upload=found, offset=1_000, stream=BytesIO(data[1_000:]), by=who)
    reap_parts()
    assert not UploadPart.objects.exists()
    drain()
    assert living().count() == (1 if how in {"submit", "stop"} else 0)
    assert Upload.objects.exists() == (how != "withdraw")
