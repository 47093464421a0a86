"""A run over a folder cleans what is there, tells of each file, overwrites nothing, and goes on where it stopped."""

import hashlib
import json
import multiprocessing
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from random import Random

import pytest

from curation.deid import BASIC, RESEARCH, deidentify, derive_group_key, derive_subject_key
from curation.deid.folder import FolderError, Job, run
from curation.deid.folder.progress import Progress
from curation.deid.results import Cleaned

from . import checker, planted

KEY = b"k" * 32


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder as a hospital's disc has it: nested, without extensions, with other files between."""
    folder = tmp_path / "in"
    (folder / "Kunigunde Zwetschgenbaum" / "A").mkdir(parents=True)
    (folder / "Kunigunde Zwetschgenbaum" / "A" / "IM000001").write_bytes(planted.as_file(planted.dataset()))
    other = planted.dataset()
    other.PatientID, other.PatientName = "Q-1", "Other^Person"
    (folder / "IM2.dcm").write_bytes(planted.as_file(other))
    (folder / "README.TXT").write_text("Kunigunde's disc")
    (folder / "empty").write_bytes(b"")
    return folder


def series(folder: Path, number: int, slices: int, patient: str = "P-1") -> None:
    """One series of small slices."""
    for place in range(slices):
        slice_ = planted.dataset()
        slice_.PatientID = patient
        slice_.SeriesInstanceUID = f"1.2.840.99999.{number}"
        slice_.SOPInstanceUID = f"1.2.840.99999.{number}.{place}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{place:04}").write_bytes(planted.as_file(slice_))


def job(source: Path, name: str = "run", **more: object) -> Job:
    """A run with a key, into a folder of its own beside the source."""
    given = {"profile": RESEARCH, "domain_key": KEY, "key_source": "file", **more}
    return Job(source=source, target=source.parent / f"{name}-out", report=source.parent / f"{name}.json", **given)


def done(job: Job) -> dict[str, object]:
    """Runs, and reads the report."""
    run(job, Progress(StringIO()))
    content: dict[str, object] = json.loads(job.report.read_text())
    assert not job.journal.exists()
    return content


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_is_told_of_and_the_source_stays_as_it_was(source: Path) -> None:
    before = contents(source)
    this = job(source)
    report = done(this)
    assert report["counts"] == {"files": 4, "clean": 2, "skipped": 2}
    assert report["reasons"] == {"empty": 1, "not_dicom": 1}
    assert set(report["sentences"]) == {"empty", "not_dicom"}
    assert (report["profile"], report["key"], report["subject"]) == ("research", "file", "patient")
    assert report["rules_digest"] == RESEARCH.digest
    assert report["options"] == sorted(RESEARCH.options)
    assert contents(source) == before
    written = contents(this.target)
    assert [entry["source"] for entry in report["files"]] == [
        "IM2.dcm",
        "README.TXT",
        "empty",
        "Kunigunde Zwetschgenbaum/A/IM000001",
    ]
    for entry in report["files"]:
        if entry["status"] == "skipped":
            assert (entry["actions"], len(entry["reasons"])) == ([], 1)
        else:
            data = written.pop(entry["output"])
            assert entry["source_sha256"] == hashlib.sha256(before[entry["source"]]).hexdigest()
            assert entry["output_sha256"] == hashlib.sha256(data).hexdigest()
            assert checker.read(data).SOPInstanceUID in entry["output"]
            assert {"path": "(0010,1040)", "rule": "PS3.15 E.1-1:00101040:X"} in entry["actions"]
    assert not written
    assert stat.S_IMODE(this.report.stat().st_mode) == 0o600


def test_what_was_done_is_told_without_values(source: Path) -> None:
    report = done(job(source))
    for entry in report["files"]:
        del entry["source"]
    assert not any(secret in json.dumps(report) for secret in planted.SECRETS)
    assert not any(secret in name for secret in planted.SECRETS for name in contents(source.parent / "run-out"))


def test_the_same_for_any_number_of_processes(source: Path) -> None:
    for number, slices in enumerate((70, 5, 5)):
        series(source / "many" / str(number), number, slices)
    one, two, three = (job(source, f"w{workers}", workers=workers) for workers in (1, 2, 3))
    assert done(one)["counts"]["clean"] == 82
    done(two), done(three)
    assert contents(one.target) == contents(two.target) == contents(three.target)
    assert one.report.read_bytes() == two.report.read_bytes() == three.report.read_bytes()


def test_the_engine_gives_the_same_bytes(source: Path) -> None:
    this = job(source, subject="donor 17", profile=BASIC)
    done(this)
    key, group = derive_subject_key(KEY, "donor 17"), derive_group_key(KEY)
    found = [deidentify(data, key=key, group_key=group, profile=BASIC) for data in contents(source).values()]
    assert set(contents(this.target).values()) == {each.data for each in found if isinstance(each, Cleaned)}


def test_two_objects_that_claim_one_identifier_are_both_kept(source: Path) -> None:
    twin = planted.dataset()
    twin.ConvolutionKernel = "B70s"
    (source / "twin").write_bytes(planted.as_file(twin))
    this = job(source, subject="donor 1")
    assert done(this)["counts"] == {"files": 5, "clean": 3, "skipped": 2}
    # The first two differ only in whom they name, so that for one subject they become one file.
    assert len(contents(this.target)) == 2
    before = contents(this.target)
    again = Job(**{**vars(this), "report": source.parent / "again.json"})
    done(again)
    assert contents(this.target) == before
    assert again.report.read_bytes() == this.report.read_bytes()


def test_whose_the_files_are(source: Path) -> None:
    series(source / "Q", 5, 1, patient="Q-1")
    people = {}
    for subject in ("patient", "folder", "donor 1"):
        this = job(source, subject.replace(" ", ""), subject=subject)
        report = done(this)
        names = {
            e["source"]: checker.read((this.target / e["output"]).read_bytes()).PatientID
            for e in report["files"]
            if e["status"] == "clean"
        }
        people[subject] = [names["IM2.dcm"], names["Q/0000"], names["Kunigunde Zwetschgenbaum/A/IM000001"]]
    assert people["patient"][0] == people["patient"][1] != people["patient"][2]
    assert len(set(people["folder"])) == 3
    assert len(set(people["donor 1"])) == 1


def test_what_is_not_clear_is_held_unless_somebody_else_looks(source: Path) -> None:
    doubted, hidden = planted.dataset(), planted.dataset()
    doubted.ConversionType = "WSD"
    del hidden[0x60003000]
    hidden.add_new(0x60000100, "US", 16)
    (source / "doubted").write_bytes(planted.as_file(doubted))
    (source / "hidden").write_bytes(planted.as_file(hidden))
    said = {}
    for pixels in ("hold", "as-is"):
        this = job(source, pixels, pixels=pixels)
        report = done(this)
        said[pixels] = {entry["source"]: entry for entry in report["files"]}
        assert len(contents(this.target)) == report["counts"]["clean"]
    for entry in (said["hold"]["doubted"], said["hold"]["hidden"], said["as-is"]["hidden"]):
        assert (entry["status"], entry["reasons"]) == ("quarantined", ["pixels_need_a_look"])
        assert "output" not in entry
    assert said["as-is"]["doubted"]["status"] == said["hold"]["IM2.dcm"]["status"] == "clean"
    for pixels in said:
        assert said[pixels]["doubted"]["pixel_reasons"] == ["converted"]
        assert said[pixels]["hidden"]["pixel_risk"] == "clean"
        assert said[pixels]["hidden"]["pixel_reasons"] == ["acquired", "hidden_bits"]
        assert said[pixels]["IM2.dcm"]["pixel_risk"] == "clear"


def test_an_interrupted_run_goes_on_with_the_same_choice_about_pictures(source: Path) -> None:
    assert job(source).terms(KEY) != job(source, pixels="as-is").terms(KEY)


def test_what_is_no_file_or_cannot_be_read_is_told_and_stops_nothing(source: Path) -> None:
    os.mkfifo(source / "pipe")
    (source / "link").symlink_to("/etc/passwd")
    (source / "folder link").symlink_to(source)
    os.mkdir(os.fsencode(source) + b"/\xff\xfe")
    Path(os.fsdecode(os.fsencode(source) + b"/\xff\xfe/\xe4")).write_bytes(planted.as_file(planted.dataset()))
    (source / ("n" * 255)).write_bytes(b"no DICOM")
    for subject in ("patient", "folder"):
        this = job(source, subject, subject=subject)
        files = {entry["source"]: entry for entry in done(this)["files"]}
        assert {files[name]["reasons"][0] for name in ("pipe", "link", "folder link")} == {"link_or_special_file"}
        odd = next(entry for name, entry in files.items() if os.fsencode(name) == b"\xff\xfe/\xe4")
        assert odd["status"] == "clean"


@contextmanager
def started(this: Job) -> Iterator[multiprocessing.Process]:
    """A run in a process of its own."""
    process = multiprocessing.get_context("fork").Process(target=run, args=(this, Progress(StringIO())))
    process.start()
    yield process
    process.join()


def test_a_run_that_is_killed_goes_on_and_repeats_little(source: Path) -> None:
    for number in range(2):
        series(source / "many" / str(number), number, 60)
    whole, cut = job(source, "whole"), job(source, "cut", workers=2)
    done(whole)
    chance = Random(7)
    for _ in range(4):
        with started(cut) as process:
            process.join(chance.uniform(0.4, 1.2))
            if process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
    if not cut.report.exists():
        done(cut)
    assert contents(cut.target) == contents(whole.target)
    assert cut.report.read_bytes() == whole.report.read_bytes()


def test_a_random_key_is_kept_until_the_run_is_complete(source: Path) -> None:
    series(source / "many", 1, 200)
    first = job(source, key_source="random", domain_key=b"1" * 32)
    with started(first) as process:
        while not (first.target.exists() and any(first.target.glob("*/*/*.dcm"))):
            process.join(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert stat.S_IMODE(first.journal.stat().st_mode) == 0o600
    done(Job(**{**vars(first), "domain_key": b"2" * 32}))
    names = {checker.read(data).PatientName for data in contents(first.target).values()}
    assert len(names) == 3  # one for each patient, under one key
    assert not list(source.parent.glob("*.journal*"))


def test_an_unfinished_run_goes_on_only_as_it_began(source: Path) -> None:
    series(source / "many", 1, 200)
    this = job(source)
    with started(this) as process:
        while not (this.target.exists() and any(this.target.glob("*/*/*.dcm"))):
            process.join(0.01)
        os.kill(process.pid, signal.SIGKILL)
    for change, words in (
        ({"profile": BASIC}, "the profile or the rules was another one"),
        ({"domain_key": b"x" * 32}, "the key was another one"),
        ({"subject": "folder"}, "--subject was another one"),
        ({"target": source.parent / "elsewhere"}, "OUT was another one"),
    ):
        with pytest.raises(FolderError, match=words):
            done(Job(**{**vars(this), **change}))
    (source / "new").write_bytes(b"")
    with pytest.raises(FolderError, match="IN has changed"):
        done(this)
    (source / "new").unlink()
    removed = next(this.target.glob("*/*/*.dcm"))
    removed.unlink()
    done(this)
    assert removed.exists()


def test_two_random_keys_never_meet_in_one_folder(source: Path) -> None:
    this = job(source, key_source="random")
    done(this)
    before = contents(this.target)
    with pytest.raises(FolderError, match="Choose an empty OUT"):
        run(Job(**{**vars(this), "report": source.parent / "2.json"}), Progress(StringIO()))
    assert contents(this.target) == before
    assert not (source.parent / "2.json").exists()


def test_nothing_in_out_is_overwritten(source: Path) -> None:
    this = job(source)
    names = [entry["output"] for entry in done(this)["files"] if entry["status"] == "clean"]
    for name in names:
        (this.target / name).write_bytes(b"mine")
    again = Job(**{**vars(this), "report": source.parent / "2.json"})
    entries = [entry for entry in done(again)["files"] if entry["status"] == "clean"]
    assert all((this.target / name).read_bytes() == b"mine" for name in names)
    for entry in entries:
        assert entry["output"] not in names
        assert hashlib.sha256((this.target / entry["output"]).read_bytes()).hexdigest() == entry["output_sha256"]
