"""Room in quarantine: each limit holds at every door with a sentence of its own, and what goes makes room again."""

from io import BytesIO
from typing import Any

import pytest

from core.accounts.models import Programme
from core.accounts.roles import Scope
from core.errors import TooMuch
from registry import actions
from registry.models import DonatedFile, Donation, QuarantineUse, Upload
from registry.rules.promised import Promised
from registry.rules.room import SENTENCES
from registry.work.parts import reap_parts
from registry.work.room import count_all_again
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.sent import by, promised, send
from tests.integration.registry.test_api import Program

pytestmark = pytest.mark.django_db
LARGE = 1 << 40


def most(settings: Any, **limits: int) -> None:
    """These limits, in bytes, and no others."""
    settings.QUARANTINE_MOST = {"donor": LARGE, "day": LARGE, "programme": LARGE, **limits}


def used(scope: str) -> int:
    """The one sum of this scope."""
    return QuarantineUse.objects.get(scope=scope).used


@pytest.mark.parametrize("scope", ["donor", "day", "programme"])
def test_each_limit_holds_at_each_door_with_its_own_sentence(donation: Donation, settings: Any, scope: str) -> None:
    data = make.own_dicom(donation.donor)
    most(settings, **{scope: len(data) + 10})
    assert [answer.outcome for answer in make.upload(donation, data, by(donation))] == ["received"]
    (answer,) = make.upload(donation, make.own_dicom(donation.donor), by(donation))
    assert (answer.outcome, answer.sentence) == ("refused", SENTENCES[scope])
    with pytest.raises(TooMuch) as refusal:
        actions.promise_files(donation=donation, files=[Promised(0, 11, "a" * 64)], by=by(donation))
    assert (refusal.value.code, refusal.value.status) == (f"quota_{scope}", 413)
    program = Program(by(donation), Scope.DONATIONS)
    tus = {**program.headers, "Tus-Resumable": "1.0.0", "Upload-Length": "11"}
    begun = program.client.post(f"/api/v1/donations/{donation.pk}/uploads/", headers=tus)
    assert (begun.status_code, begun.json()["title"]) == (413, SENTENCES[scope])
    assert not Upload.objects.exists()
    assert used(scope) == len(data)
    actions.promise_files(donation=donation, files=[Promised(0, 10, "a" * 64)], by=by(donation))


def test_another_donor_and_another_programme_have_their_own(
    donation: Donation, other_programme: Programme, settings: Any
) -> None:
    most(settings, donor=100, day=100, programme=150)
    actions.promise_files(donation=donation, files=[Promised(0, 100, "a" * 64)], by=by(donation))
    neighbour = make.donation(consent.donor(donation.programme), 0, submitted=False)
    with pytest.raises(TooMuch) as refusal:
        actions.promise_files(donation=neighbour, files=[Promised(0, 51, "a" * 64)], by=by(neighbour))
    assert refusal.value.code == "quota_programme"
    actions.promise_files(donation=neighbour, files=[Promised(0, 50, "a" * 64)], by=by(neighbour))
    stranger = make.donation(consent.donor(other_programme), 0, submitted=False)
    actions.promise_files(donation=stranger, files=[Promised(0, 100, "a" * 64)], by=by(stranger))


def test_what_is_counted_is_what_lies_there_and_what_is_promised(donation: Donation, drain: Any) -> None:
    given, whole, stopped, readme = (
        make.own_dicom(donation.donor),
        *(make.own_dicom(donation.donor) for _ in range(2)),
        b"hi",
    )
    make.upload(donation, given, by(donation))
    first, second, third = promised(donation, whole, stopped, readme)
    everything = len(given) + len(whole) + len(stopped) + len(readme)
    send(second, stopped, end=100)
    count_all_again()
    assert used("donor") == used("programme") == used("day") == everything
    send(first, whole)
    send(third, readme)  # no scan: its room is free again
    count_all_again()
    assert used("donor") == used("programme") == everything - len(readme)
    actions.end_upload(upload=second, by=by(donation))
    assert used("donor") == len(given) + len(whole)
    actions.abandon_donation(donation=donation, by=by(donation))
    drain()
    reap_parts()
    count_all_again()
    assert (used("donor"), used("programme"), used("day")) == (0, 0, everything)
    assert DonatedFile.objects.filter(state="removed").count() == 2


def test_counting_again_while_somebody_reserves_forgets_nothing(donation: Donation) -> None:
    actions.promise_files(donation=donation, files=[Promised(0, 100, "a" * 64)], by=by(donation))
    QuarantineUse.objects.update(used=7)  # as a kill at the worst moment might have left it
    assert count_all_again() == 2
    assert used("donor") == 100
    assert count_all_again() == 0


def test_a_zip_counts_what_is_in_it(donation: Donation, settings: Any) -> None:
    files = {str(n): make.own_dicom(donation.donor) for n in range(3)}
    size = len(files["0"]) + len(files["1"])
    most(settings, donor=size + 9)
    answers = actions.add_upload(donation=donation, stream=BytesIO(make.zipped(files)), by=by(donation))
    assert [answer.outcome.value for answer in answers] == ["received", "received", "refused"]
    assert used("donor") == size
