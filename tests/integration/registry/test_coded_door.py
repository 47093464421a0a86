"""A file that the donor's browser has de-identified: promised so, taken without a question, refused with a name."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pydicom import dcmread
from pydicom.uid import generate_uid

from core.audit.models import Event
from core.errors import Invalid
from curation.deid.standard.claims import METHOD_TEXT
from registry import actions
from registry.actions import promises
from registry.actions.promises import promise_one
from registry.models import DonatedFile, Donation, GivenStudy, Upload
from registry.queries.sharing import shared_studies
from registry.rules.coded import METHOD
from registry.rules.lifecycle import FileState, UploadState
from registry.rules.promised import Standing, read_manifest
from tests.factories import consent
from tests.factories import curation as images
from tests.factories import registry as make
from tests.factories.coded import coded, said, sent

pytestmark = pytest.mark.django_db
DIGEST = "a" * 64


def entry(**more: Any) -> dict[str, Any]:
    """A manifest of one file."""
    return {"files": [{"index": 0, "size": 9, "sha256": DIGEST, **more}]}


def test_the_manifest_says_which_files_are_coded_and_of_which_study_they_were() -> None:
    assert [(each.coded, each.study) for each in read_manifest(entry())] == [(False, "")]
    assert [(each.coded, each.study) for each in read_manifest(entry(coded=True))] == [(True, "")]
    (found,) = read_manifest(entry(coded=True, study="b" * 64))
    assert found.study == "b" * 64


@pytest.mark.parametrize(
    "more",
    [
        {"coded": 1},
        {"coded": "true"},
        {"coded": None},
        {"study": DIGEST},
        {"coded": False, "study": DIGEST},
        {"coded": True, "study": ""},
        {"coded": True, "study": "1.2.840.10008"},
        {"coded": True, "study": [DIGEST]},
        {"coded": True, "study": None},
    ],
)
def test_and_nothing_else(more: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        read_manifest(entry(**more))
    assert "1.2.840" not in refusal.value.sentence


def test_one_manifest_does_not_say_both_of_the_same_bytes() -> None:
    both = [{"index": n, "size": 9, "sha256": DIGEST, "coded": bool(n)} for n in range(2)]
    with pytest.raises(Invalid, match="that it is coded and that it is not"):
        read_manifest({"files": both})


def test_a_coded_file_is_taken_and_nobody_is_asked_whose_it_is(donation: Donation) -> None:
    files = coded(donation.donor, *(images.image(donation.donor) for _ in range(2)))
    assert [upload.outcome for upload in sent(donation, files)] == ["received", "received"]
    for file in DonatedFile.objects.all():
        assert (file.coded, file.state, file.person_key, file.modality) == (True, FileState.RECEIVED, "", "CT")
        assert file.study_key
    donation.refresh_from_db()
    assert donation.state == "open"
    raw = images.image(donation.donor)
    (upload,) = sent(donation, [raw], is_coded=False)  # beside them the donor's own name is no second person
    assert (upload.outcome, DonatedFile.objects.get(pk=upload.file_id).coded) == ("received", False)


def test_what_the_door_looks_for_is_what_the_engine_writes() -> None:
    assert METHOD.encode() == METHOD_TEXT


def renamed(data: bytes, **elements: Any) -> bytes:
    """A file with other values."""
    dataset = dcmread(BytesIO(data))
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


@pytest.mark.parametrize(
    "elements",
    [
        {"PatientName": "Example^Ethel"},
        {"PatientID": "D-AAAAAAAAAAAAAAAA"},
        {"PatientBirthDate": "19610304"},
        {"PatientIdentityRemoved": "NO"},
        {"DeidentificationMethod": "By hand"},
    ],
)
def test_a_file_that_still_names_somebody_is_not_taken_as_coded(donation: Donation, elements: dict[str, str]) -> None:
    (data,) = coded(donation.donor, images.image(donation.donor))
    (upload,) = sent(donation, [renamed(data, **elements)])
    assert (upload.state, upload.outcome) == (UploadState.REFUSED, "refused")
    assert not DonatedFile.objects.exists()


def test_what_was_refused_as_coded_can_still_come_as_it_is(donation: Donation) -> None:
    raw = images.image(donation.donor)
    for _ in range(2):
        sent(donation, [raw])
    assert list(Upload.objects.values_list("state", "coded")) == [("refused", True)]
    (upload,) = sent(donation, [raw], is_coded=False)
    assert (upload.outcome, upload.coded) == ("received", False)
    (answer,) = actions.promise_files(donation=donation, files=[said(raw)], by=donation.donor.person.user)
    assert answer.standing == Standing.PRESENT


def test_what_comes_coded_is_one_scan_and_no_zip(donation: Donation) -> None:
    data = make.zipped({"a": coded(donation.donor, images.image(donation.donor))[0]})
    (upload,) = sent(donation, [data])
    assert upload.outcome == "refused"
    assert not DonatedFile.objects.exists()


def test_until_it_is_whole_the_last_word_holds_and_then_the_first_file(donation: Donation) -> None:
    raw, by = images.image(donation.donor), donation.donor.person.user
    (data,) = coded(donation.donor, raw)
    study = dcmread(BytesIO(raw)).StudyInstanceUID
    for how in ({"is_coded": False}, {}, {"study": study}, {"is_coded": False}, {"study": study}):
        actions.promise_files(donation=donation, files=[said(data, **how)], by=by)
    upload = Upload.objects.get()
    assert (upload.coded, bool(upload.study)) == (True, True)
    assert study not in upload.study + upload.study_key
    assert hashlib.sha256(study.encode()).hexdigest() not in (upload.study, upload.study_key)
    actions.add_part(upload=upload, offset=0, stream=BytesIO(data), by=by)
    for how in ({"is_coded": False}, {}):
        (answer,) = actions.promise_files(donation=donation, files=[said(data, **how)], by=by)
        assert answer.standing == Standing.PRESENT
    (again,) = make.upload(donation, data, by)
    assert again.outcome == "duplicate"
    assert DonatedFile.objects.get().coded


def test_no_other_door_takes_a_file_as_coded(donation: Donation) -> None:
    """The same bytes by the form, from a hospital's system, or in parts without a manifest: a file like any other."""
    by, files = donation.donor.person.user, coded(donation.donor, *(images.image(donation.donor) for _ in range(3)))
    make.upload(donation, files[0], by)
    actions.add_file(donation=donation, stream=BytesIO(files[2]), by=by)
    upload = promise_one(donation=donation, size=len(files[1]), sha256="", by=by)
    actions.add_part(upload=upload, offset=0, stream=BytesIO(files[1]), by=by)
    assert set(DonatedFile.objects.values_list("coded", flat=True)) == {False}


def test_the_study_that_a_page_tells_of_is_that_of_raw_files(donation: Donation) -> None:
    """Half of an examination comes coded and half as it is: one examination; and another account's is the same one."""
    study = generate_uid()

    def change(dataset: Any) -> None:
        dataset.StudyInstanceUID = study

    first, second = (images.image(donation.donor, change=change) for _ in range(2))
    sent(donation, coded(donation.donor, first), study=study)
    sent(donation, [second], is_coded=False)
    assert len(set(DonatedFile.objects.values_list("study_key", flat=True))) == 1
    other = make.donation(consent.donor(donation.programme), 0, submitted=False)
    sent(other, coded(other.donor, images.image(other.donor, change=change)), study=study)
    for each in (donation, other):
        actions.submit_donation(donation=each, by=each.donor.person.user)
    assert list(shared_studies(donation.programme_id).values()) == [[donation.donor_id, other.donor_id]]
    assert GivenStudy.objects.count() == 2


def test_the_database_keeps_no_name_of_a_coded_file(donation: Donation) -> None:
    sent(donation, coded(donation.donor, images.image(donation.donor)))
    for change in ({"person_key": DIGEST}, {"state": "held"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DonatedFile.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.update(study=DIGEST)


def test_what_a_promise_says_of_its_study_goes_with_the_promise(donation: Donation) -> None:
    first, second = coded(donation.donor, *(images.image(donation.donor) for _ in range(2)))
    sent(donation, [first], study="1.2.3")
    by = donation.donor.person.user
    actions.promise_files(donation=donation, files=[said(second, study="1.2.3")], by=by)
    assert Upload.objects.exclude(study="").count() == 1
    donation.refresh_from_db()
    actions.submit_donation(donation=donation, by=by)
    assert list(Upload.objects.order_by("pk").values_list("state", "study", "study_key")) == [
        ("taken", "", ""),
        ("ended", "", ""),
    ]
    assert DonatedFile.objects.get().study_key


def test_the_trail_and_the_receipt_tell_of_what_was_sent(donation: Donation) -> None:
    (data,) = coded(donation.donor, images.image(donation.donor))
    sent(donation, [data])
    donation.refresh_from_db()
    receipt = actions.complete_donation(donation=donation, by=donation.donor.person.user)
    assert receipt["files"] == [{"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}]
    assert '"coded":true' in Event.objects.get(verb="file.received").data


def test_what_is_said_anew_changes_no_file_that_has_just_become_whole(
    donation: Donation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says once more how it comes, of what another window has just finished sending."""
    (data,) = coded(donation.donor, images.image(donation.donor))
    by = donation.donor.person.user
    actions.promise_files(donation=donation, files=[said(data)], by=by)
    say_again = promises._say_again

    def later(*given: Any) -> None:
        Upload.objects.update(state=UploadState.TAKEN)
        say_again(*given)

    monkeypatch.setattr(promises, "_say_again", later)
    actions.promise_files(donation=donation, files=[said(data, study="1.2.3")], by=by)
    upload = Upload.objects.get()
    assert (upload.state, upload.coded, upload.study) == ("taken", True, "")
