"""Heads are held: defaced by the operator's tool where there is one, else used inside the sandbox only."""

import json
import socket
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from pydicom import Dataset, dcmread

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.audit.models import Event
from core.errors import NotAllowed
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import ObjectState, Zone
from curation import tasks
from curation.models import Series
from curation.rules.lifecycle import SeriesState
from curation.work.defacing import step, tool
from registry import work as registry
from registry.models import Image, VersionEntry
from registry.rules.leaving import Way
from tests.factories import consent, curation
from tests.integration.curation.test_pages import signed_in

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
TOY = Path(__file__).parents[2] / "defacers" / "toy.py"
SLICES = 6
THE_SWEEP_SEES = step.series_to_deface


def head(number: int, part: str = "HEAD") -> Callable[[Dataset], None]:
    """Makes one slice of a head of the sample."""

    def change(dataset: Dataset) -> None:
        dataset.BodyPartExamined = part
        dataset.ImagePositionPatient, dataset.ImageOrientationPatient = [0, 0, 10 * number], [1, 0, 0, 0, 1, 0]
        dataset.PixelSpacing, dataset.SliceThickness = [1.5, 1.5], 10

    return change


def given(programme: Programme, drain: Drain, part: str = "HEAD") -> Series:
    """A series of slices that was cleaned and shown."""
    donor = consent.donor(programme)
    curation.donation(donor, *(curation.image(donor, change=head(number, part)) for number in range(SLICES)))
    drain()
    return Series.objects.get(donor=donor)


@pytest.fixture
def defacer(settings: object, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Configures the toy, with what it is to do wrong; the sweep does not see what waits for it yet."""

    def configure(*wrong: str) -> None:
        monkeypatch.setattr(step, "series_to_deface", list)
        settings.DEFACER = [sys.executable, str(TOY), "{in}", "{out}", *wrong]  # type: ignore[attr-defined]  # pytest's

    return configure


def defaced(series: Series, drain: Drain) -> Series:
    """The series once the sweep and a worker have been at it."""
    assert series.state == SeriesState.DEFACING
    step.series_to_deface = THE_SWEEP_SEES
    tasks.ask_for_defacing()
    drain()
    series.refresh_from_db()
    assert not list(step._place().glob("*"))
    return series


def test_a_head_waits_with_its_hold_and_is_used_inside_the_sandbox_only(programme: Programme, drain: Drain) -> None:
    series = given(programme, drain)
    assert (series.state, series.holds) == (SeriesState.WAITING, ["head"])
    curation.accept(series, by=curation.curator(programme))
    image = Image.objects.filter(series_uid=series.series_uid).first()
    assert image is not None
    assert image.undefaced_head
    entry = VersionEntry(image=image)
    assert registry.read_image(entry, way=Way.SANDBOX)
    with pytest.raises(NotAllowed):
        registry.read_image(entry, way=Way.OUTSIDE)


def test_the_curator_reads_that_it_is_a_head(programme: Programme, drain: Drain) -> None:
    series = given(programme, drain)
    client = signed_in(curation.curator(programme))
    for address in (reverse("curation:worklist"), reverse("curation:series", args=[series.pk])):
        assert "Shows a head, not defaced" in client.get(address).content.decode()


def test_what_is_no_head_is_not_held(programme: Programme, drain: Drain) -> None:
    series = given(programme, drain, "KNEE")
    assert series.holds == []
    curation.accept(series, by=curation.curator(programme))
    image = Image.objects.filter(series_uid=series.series_uid).first()
    assert image is not None
    assert not image.undefaced_head
    assert registry.read_image(VersionEntry(image=image), way=Way.OUTSIDE)


def test_a_tool_takes_the_face_off_and_only_pixels_change(
    programme: Programme, drain: Drain, defacer: Callable[..., None]
) -> None:
    defacer()
    series = given(programme, drain)
    before = {made.file_id: dcmread(BytesIO(read(made.output))) for made in series.derivations.all()}
    old = set(series.derivations.values_list("output_id", flat=True))
    series = defaced(series, drain)
    assert (series.state, series.holds) == (SeriesState.WAITING, [])
    for made in series.derivations.all():
        was, now = before[made.file_id], dcmread(BytesIO(read(made.output)))
        assert now.SOPInstanceUID == now.file_meta.MediaStorageSOPInstanceUID == made.sop_uid != was.SOPInstanceUID
        assert now.RecognizableVisualFeatures == "NO"
        codes = [item.CodeValue for item in now.DeidentificationMethodCodeSequence]
        assert codes == [*(item.CodeValue for item in was.DeidentificationMethodCodeSequence), "113102"]
        half = was.Rows // 2
        assert not now.pixel_array[:half].any()
        assert (now.pixel_array[half:] == was.pixel_array[half:]).all()
        for name in ("SOPInstanceUID", "RecognizableVisualFeatures", "DeidentificationMethodCodeSequence", "PixelData"):
            for each in (was, now):
                if name in each:
                    del each[name]
        assert now == was
    assert set(StoredObject.objects.filter(pk__in=old).values_list("state", flat=True)) == {ObjectState.ERASED}
    living = StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW], state=ObjectState.STORED)
    assert living.count() == 2 * SLICES
    curation.accept(series, by=curation.curator(programme))
    assert set(Image.objects.values_list("undefaced_head", flat=True)) == {False}


@pytest.mark.parametrize("wrong", ["dies", "loses one", "does nothing", "moves it", "cuts it"])
def test_a_tool_that_fails_leaves_the_series_as_it_was_and_says_so(
    programme: Programme, drain: Drain, defacer: Callable[..., None], wrong: str
) -> None:
    defacer(wrong)
    series = given(programme, drain)
    before = list(series.derivations.order_by("pk").values_list("output_id", "output_sha256", "sop_uid"))
    series = defaced(series, drain)
    assert (series.state, series.holds) == (SeriesState.WAITING, ["head", "defacing_failed"])
    assert list(series.derivations.order_by("pk").values_list("output_id", "output_sha256", "sop_uid")) == before
    living = StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW], state=ObjectState.STORED)
    assert living.count() == 2 * SLICES
    for made in series.derivations.all():
        assert "113102" not in str(dcmread(BytesIO(read(made.output))).DeidentificationMethodCodeSequence)


def test_a_donor_who_withdraws_meanwhile_leaves_nothing(
    programme: Programme, drain: Drain, defacer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    defacer()
    series = given(programme, drain)
    run = step.run_tool

    def run_and_withdraw(*arguments: object, **more: object) -> None:
        run(*arguments, **more)  # type: ignore[arg-type]  # as it was called
        consent_actions.withdraw(donor=series.donor, kind="no_further_use", by=series.donor.person.user)

    monkeypatch.setattr(step, "run_tool", run_and_withdraw)
    monkeypatch.setattr(step, "series_to_deface", THE_SWEEP_SEES)
    tasks.ask_for_defacing()
    drain()
    series.refresh_from_db()
    assert series.state == SeriesState.WITHDRAWN
    assert not StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW], state=ObjectState.STORED).exists()
    assert not list(step._place().glob("*"))


def test_what_a_worker_that_died_left_is_removed(programme: Programme, drain: Drain) -> None:
    left = step._place() / "0" / "in"
    left.mkdir(parents=True)
    (left / "000000.dcm").write_bytes(b"x")
    tasks.ask_for_defacing()
    assert not left.exists()


def test_a_tool_that_takes_too_long_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    script = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    command = [sys.executable, "-c", f"{script}; time.sleep(60)", "{in}", "{out}"]
    with pytest.raises(tool.DefacingFailed, match="timeout"):
        tool.run_tool(command, tmp_path / "in", tmp_path / "out", wall=1)


def test_behind_walls_a_tool_reaches_no_network_and_writes_only_where_it_may(tmp_path: Path) -> None:
    for name in ("in", "out", "secret"):
        (tmp_path / name).mkdir()
    (tmp_path / "secret" / "key").write_text("key")
    assert bool(tool.walls(tmp_path, tmp_path, [])) == tool._works("/usr/bin/bwrap")
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = (
            "import json, os, socket, sys\n"
            "def can(act):\n"
            "    try:\n"
            "        act()\n"
            "        return True\n"
            "    except OSError:\n"
            "        return False\n"
            f"port, secret = {server.getsockname()[1]}, {str(tmp_path / 'secret' / 'key')!r}\n"
            "found = {'network': can(lambda: socket.create_connection(('127.0.0.1', port), 2)),\n"
            "         'secret': can(lambda: open(secret)),\n"
            "         'source': can(lambda: open(sys.argv[1] + '/x', 'w')),\n"
            "         'environment': sorted(os.environ)}\n"
            "json.dump(found, open(sys.argv[2] + '/found', 'w'))\n"
        )
        command = [sys.executable, "-c", program, "{in}", "{out}"]
        tool.run_tool(command, tmp_path / "in", tmp_path / "out", hidden=[tmp_path / "secret"])
    found = json.loads((tmp_path / "out" / "found").read_text())
    assert not any(name.startswith(("DONARA", "DATABASE", "DJANGO")) for name in found["environment"])
    if tool.walls(tmp_path, tmp_path, []):
        assert (found["network"], found["secret"], found["source"]) == (False, False, False)


def test_why_it_failed_is_in_the_audit_trail(programme: Programme, drain: Drain, defacer: Callable[..., None]) -> None:
    defacer("loses one")
    defaced(given(programme, drain), drain)
    event = Event.objects.filter(verb="curation.series.waiting").latest("sequence")
    assert "wrong_count" in str(event.data)
