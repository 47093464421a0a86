"""SIGKILL of the web server in mid-upload: what was stored stays, the rest can be sent again, nothing is doubled."""

import http.client
import threading
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from core.accounts.models import Programme
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry import actions
from registry.models import DonatedFile, Donation
from registry.work import reap_broken_off
from tests.factories import consent, curation
from tests.faults.cleaning import check_nothing_astray
from tests.faults.portal import Donor
from tests.faults.tree import Tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
FILES = 6


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation that has just begun."""
    donor = consent.donor(programme)
    return actions.start_donation(donor=donor, by=donor.person.user)


@pytest.fixture
def browser(donation: Donation, running: Tree) -> Donor:
    """The donor at the portal."""
    return Donor.signed_in(running.port, donation.donor.person.user)


def disc(donation: Donation) -> bytes:
    """A ZIP with the donor's images."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(FILES):
            archive.writestr(f"IM{number}", curation.image(donation.donor))
    return out.getvalue()


def check_taken_once(donation: Donation) -> None:
    """Each image is there once, its bytes under its row; after the reaper there is nothing else."""
    StoredObject.objects.update(created_at=timezone.now() - timedelta(days=2))
    reap_broken_off()
    files = DonatedFile.objects.filter(donation=donation)
    assert list(files.values_list("state", flat=True)) == ["received"] * FILES
    assert files.values("sha256").distinct().count() == FILES
    living = StoredObject.objects.filter(zone=Zone.QUARANTINE).exclude(state=ObjectState.ERASED)
    assert set(living.values_list("pk", "state")) == {(file.stored_id, "stored") for file in files}
    check_nothing_astray()


def test_half_a_form_is_nothing_and_can_be_sent_again(running: Tree, donation: Donation, browser: Donor) -> None:
    data = disc(donation)
    with browser.half_upload(donation.pk, data):
        running.kill("gunicorn")
        until(running.complete)
    assert not DonatedFile.objects.exists()
    assert not StoredObject.objects.filter(zone=Zone.QUARANTINE).exists()
    assert browser.upload(donation.pk, data).status == 200
    check_taken_once(donation)


@pytest.mark.parametrize(
    "after", [2, pytest.param(1, marks=pytest.mark.nightly), pytest.param(5, marks=pytest.mark.nightly)]
)
def test_a_disc_of_which_some_images_were_stored_can_be_sent_again(
    running: Tree, donation: Donation, browser: Donor, after: int
) -> None:
    data = disc(donation)
    answers: list[int] = []

    def send() -> None:
        try:
            answers.append(browser.upload(donation.pk, data).status)
        except (OSError, http.client.HTTPException):
            return  # the server died, as it should here

    sender = threading.Thread(target=send)
    sender.start()
    until(lambda: StoredObject.objects.filter(zone=Zone.QUARANTINE).count() >= after, pause=0)
    running.kill("gunicorn")
    sender.join()
    until(running.complete)
    assert browser.upload(donation.pk, data).status == 200
    check_taken_once(donation)
