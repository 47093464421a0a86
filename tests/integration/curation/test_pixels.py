"""Pictures on their way through the workers: what is found is kept for curators, what they draw goes, nothing twice."""

import hashlib
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

from core.accounts.models import Programme
from core.due.models import DueWork
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import ObjectState, Zone
from curation import actions
from curation.models import Derivation, Redaction, Series
from curation.rules.drawing import Drawing
from curation.rules.lifecycle import SeriesState
from curation.rules.risks import REASONS
from curation.tasks import ask_for_leftovers
from curation.work import redact
from curation.work.erase import LEFT_BEHIND
from registry.models import DonatedFile
from tests.factories import consent, curation
from tests.pixels.drawn import written

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def burned(text: str) -> Callable[[Dataset], None]:
    """A change that writes something into the pixels."""

    def change(dataset: Dataset) -> None:
        dataset.PixelData = written(text, at=(8, 8), size=16, value=4000)(dataset.pixel_array).tobytes()

    return change


def secondary(dataset: Dataset) -> None:
    """A picture that its header does not clear."""
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    burned("DOE 4711")(dataset)


def test_what_is_found_is_blanked_and_kept_for_the_curator(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    name = f"{donor.person.family_name}"
    given = curation.donation(donor, curation.image(donor, change=burned(name)), curation.image(donor))
    drain()
    series = Series.objects.get(donation_id=given.pk)
    assert (series.state, series.pixel_risk) == (SeriesState.WAITING, "look")
    marked, plain = sorted(series.derivations.all(), key=lambda made: not made.marks)
    assert any(mark["blanked"] and mark["said"] for mark in marked.marks)
    assert "writing_found" in marked.pixel_reasons
    assert set(marked.pixel_reasons) <= set(REASONS)
    assert name not in json.dumps([marked.marks, marked.pixel_reasons, marked.sheet])
    data = read(marked.output)
    assert marked.output_sha256 == hashlib.sha256(data).hexdigest() != marked.cleaned_sha256
    assert marked.sop_uid == str(dcmread(BytesIO(data)).SOPInstanceUID) != marked.cleaned_uid
    assert marked.before is not None
    assert read(marked.before).startswith(b"\x89PNG")
    assert (plain.marks, plain.before, plain.output_sha256, plain.sop_uid) == (
        [],
        None,
        plain.cleaned_sha256,
        plain.cleaned_uid,
    )
    assert len(marked.pixel_rules) == 64


def test_the_same_image_given_twice_stays_one_though_its_pixels_changed(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    data = curation.image(donor, change=burned("DOE 4711"))
    again = dcmread(BytesIO(data))
    again.preamble = b"\1" * 128  # other bytes of the source, and the same once they are cleaned
    out = BytesIO()
    again.save_as(out, enforce_file_format=True)
    for each in (data, out.getvalue()):
        curation.donation(donor, each)
        drain()
    assert Derivation.objects.count() == 1
    assert sorted(DonatedFile.objects.values_list("state", flat=True)) == ["cleaned", "duplicate"]


def drawn_upon(series: Series, image: Derivation) -> None:
    """A curator draws a region upon one image, and nothing has been done about it yet."""
    curator = curation.curator(series.programme)
    actions.redact_series(series=series, regions=[Drawing(image.pk, None, 20, 30, 40, 24)], by=curator)


def check_redacted(series: Series, image: Derivation, before: Derivation) -> None:
    series.refresh_from_db()
    image.refresh_from_db()
    assert series.state == SeriesState.WAITING
    was, now = (dcmread(BytesIO(data)) for data in (original(before), read(image.output)))
    mask = np.zeros(now.pixel_array.shape, bool)
    mask[30:54, 20:60] = True
    assert len(np.unique(now.pixel_array[mask])) == 1
    assert np.array_equal(was.pixel_array[~mask], now.pixel_array[~mask])
    assert image.sop_uid == str(now.SOPInstanceUID) != before.sop_uid
    assert image.output_sha256 == hashlib.sha256(read(image.output)).hexdigest()
    assert (image.cleaned_uid, image.cleaned_sha256) == (before.cleaned_uid, before.cleaned_sha256)
    assert [mark["kind"] for mark in image.marks if mark["kind"] == "drawn"] == ["drawn"]
    kept = {image.output_id, image.render_id, image.before_id}
    named = {before.output_id, before.render_id, before.before_id} - {None}
    assert not kept & named
    assert set(StoredObject.objects.filter(pk__in=named).values_list("state", flat=True)) == {ObjectState.ERASED}
    assert Redaction.objects.filter(applied_at=None).count() == 0


def original(_: Derivation) -> bytes:
    return Path(str(get_testdata_file("CT_small.dcm"))).read_bytes()


def test_what_a_curator_drew_is_blanked_and_the_series_waits_again(programme: Programme, drain: Drain) -> None:
    series = curation.waiting_series(programme)
    image, other = series.derivations.order_by("position")
    before, untouched = Derivation.objects.get(pk=image.pk), other.output_id
    drawn_upon(series, image)
    drain()
    check_redacted(series, image, before)
    other.refresh_from_db()
    assert other.output_id == untouched


@pytest.mark.parametrize("at", ["_written", "_replaced", "erase", "show_again"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_kill_while_something_is_blanked_loses_nothing(
    programme: Programme, drain: Drain, at: str, after: bool
) -> None:
    class Killed(BaseException):
        pass

    def deadly(*args: object, **kwargs: object) -> object:
        if after:
            real(*args, **kwargs)
        raise Killed

    series = curation.waiting_series(programme, 1)
    image = series.derivations.get()
    before = Derivation.objects.get(pk=image.pk)
    drawn_upon(series, image)
    real = getattr(redact, at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redact, at, deadly)
        with pytest.raises(Killed):
            redact.redact_series(series.pk)
    redact.redact_series(series.pk)

    StoredObject.objects.update(created_at=timezone.now() - 2 * LEFT_BEHIND)
    ask_for_leftovers()
    drain()
    check_redacted(series, image, before)
    mine = StoredObject.objects.filter(zone__in=(Zone.CLEAN, Zone.REVIEW)).exclude(state=ObjectState.ERASED)
    assert set(mine.values_list("pk", flat=True)) == {image.output_id, image.render_id, image.before_id}
    assert not DueWork.objects.filter(done=False).exists()


def test_the_withdrawal_of_a_donor_leaves_nothing_of_what_was_drawn(programme: Programme) -> None:
    series = curation.waiting_series(programme, 1)
    drawn_upon(series, series.derivations.get())
    Series.objects.filter(pk=series.pk).update(state=SeriesState.WITHDRAWN)
    before = set(StoredObject.objects.values_list("pk", flat=True))
    assert redact.redact_series(series.pk) is None
    assert set(StoredObject.objects.values_list("pk", flat=True)) == before


def test_a_folder_is_written_with_its_pictures_cleaned_where_nobody_has_to_look(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name, change in (("hidden", hide), ("look", secondary)):
        dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{len(name)}"
        change(dataset)
        dataset.save_as(source / f"{name}.dcm", enforce_file_format=True)
    key = tmp_path / "key"
    key.write_text("07" * 32)
    outputs = []
    for run in ("a", "b"):
        with pytest.raises(SystemExit):
            call_command(
                *("deidentify", str(source), str(tmp_path / run), "--report", str(tmp_path / f"{run}.json")),
                *("--key-file", str(key), "--pixels", "clean"),
            )
        outputs.append(sorted(path.read_bytes() for path in (tmp_path / run).rglob("*.dcm")))
    report = json.loads((tmp_path / "a.json").read_text())
    reasons = {entry["source"]: entry["reasons"] for entry in report["files"]}
    assert reasons == {"hidden.dcm": [], "look.dcm": ["pixels_need_a_look"]}
    assert outputs[0] == outputs[1]
    (made,) = outputs[0]
    assert int(dcmread(BytesIO(made)).pixel_array.max()) < 1 << 12


def hide(dataset: Dataset) -> None:
    """An overlay in the bits above the values (PS3.5 section 8.1.2, retired)."""
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    values = dataset.pixel_array.astype(np.uint16) & 0xFFF
    values[10:20, 10:90] |= 1 << 12
    dataset.PixelData = values.tobytes()
    dataset.add_new(0x60000010, "US", dataset.Rows)
    dataset.add_new(0x60000011, "US", dataset.Columns)
    dataset.add_new(0x60000040, "CS", "G")
    dataset.add_new(0x60000050, "SS", [1, 1])
    dataset.add_new(0x60000100, "US", 16)
    dataset.add_new(0x60000102, "US", 12)
