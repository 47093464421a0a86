"""In a run over a folder, what no longer leads to where it did in its study is quarantined, however the run goes."""

import json
import multiprocessing
import os
import signal
import sys
from io import StringIO
from pathlib import Path

import pytest
from pydicom import Dataset

from curation.deid import RESEARCH
from curation.deid.folder import Job, crew, run
from curation.deid.folder.journal import Journal
from curation.deid.folder.progress import Progress
from curation.deid.reasons import SENTENCES
from curation.deid.values import pseudonyms

from . import checker, planted

running = sys.modules[run.__module__]
BROKEN = "reference_broken"
STUDY, SECOND = planted.STUDY_UID, "1.2.840.99999.1.78"


def image(series: int, number: int, patient: str = "P-1", refers_to: str = "") -> bytes:
    """A slice that refers to another object, or to none."""
    dataset = planted.dataset()
    dataset.PatientID, dataset.RequestAttributesSequence = patient, []
    dataset.SeriesInstanceUID = f"1.2.840.99999.5.{series}"
    dataset.SOPInstanceUID = f"1.2.840.99999.5.{series}.{number}"
    link = Dataset()
    link.ReferencedSOPInstanceUID = refers_to or f"1.2.840.99999.5.{series}.{number + 1}"
    dataset.ReferencedImageSequence = [link]
    return planted.as_file(dataset)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A study of which two files, the second a copy, bear another patient's number: what they refer to is not his."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(40):
        (folder / f"a{number:02}").write_bytes(image(1, number))
    stray = image(2, 1, patient="p 1", refers_to="1.2.840.99999.5.1.7")
    (folder / "b1").write_bytes(stray)
    (folder / "b2").write_bytes(stray)
    (folder / "c").write_bytes(image(3, 1, patient="p 1", refers_to="1.2.840.99999.5.2.1"))
    return folder


def job(source: Path, name: str, workers: int = 1, subject: str = "patient") -> Job:
    out = source.parent / name
    return Job(source, out, out.with_suffix(".json"), RESEARCH, b"k" * 32, "file", subject, workers)


def done(this: Job) -> dict[str, str]:
    """Runs; what became of each file: its output, or why there is none."""
    run(this, Progress(StringIO()))
    report = json.loads(this.report.read_text())
    assert not this.journal.exists()
    return {each["source"]: each.get("output") or each["reasons"][0] for each in report["files"]}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_leads_into_another_subjects_files_is_taken_back(source: Path) -> None:
    one, two, three = (job(source, f"w{workers}", workers) for workers in (1, 2, 3))
    found = done(one)
    assert {name for name, what in found.items() if what == BROKEN} == {"b1", "b2"}
    assert found == done(two) == done(three)
    assert contents(one.target) == contents(two.target) == contents(three.target)
    assert set(contents(one.target)) == set(found.values()) - {BROKEN}
    assert one.report.read_bytes() == two.report.read_bytes() == three.report.read_bytes()
    report = json.loads(one.report.read_text())
    assert (report["reasons"], report["sentences"]) == ({BROKEN: 2}, {BROKEN: SENTENCES[BROKEN]})
    entry = next(each for each in report["files"] if each["source"] == "b1")
    assert set(entry) == {"source", "status", "reasons", "source_sha256", "actions"}
    assert [folder for folder in one.target.glob("*/*") if not any(folder.iterdir())] == []


def test_files_of_one_subject_hold_together(source: Path) -> None:
    this = job(source, "together", subject="donor 1")
    assert BROKEN not in done(this).values()


def test_processes_that_disagree_are_found(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted defect: a table of random UIDs in each process, as home-made tools have it."""
    for series in (4, 5, 6):
        for number in range(40):
            (source / f"d{series}{number:02}").write_bytes(image(series, number))
    fork, real = multiprocessing.get_context("fork"), pseudonyms.keyed_uid
    monkeypatch.setattr(crew.multiprocessing, "get_context", lambda _: fork)
    monkeypatch.setattr(pseudonyms, "keyed_uid", lambda key, uid: real(key, b"%d %b" % (os.getpid(), uid)))
    this = job(source, "random", workers=3, subject="donor 1")
    found = done(this)
    studies = {checker.read(data).StudyInstanceUID for data in contents(this.target).values()}
    assert len(studies) == 1
    assert BROKEN in found.values()
    assert set(contents(this.target)) == set(found.values()) - {BROKEN}


STAGES = [
    (running, "_take_back"),
    (Journal, "take_back"),
    (Path, "rmdir"),
    (Journal, "forget_strays"),
    (running, "write_report"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "name"), STAGES, ids=[name for _, name in STAGES])
def test_a_kill_at_this_point_changes_nothing(
    source: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, after: bool
) -> None:
    whole, cut = job(source, "whole"), job(source, "cut")
    done(whole)
    real, calls = getattr(where, name), []

    def deadly(*args: object, **named: object) -> object:
        calls.append(args)
        # Strays are first forgotten at the beginning of a run, when nothing was taken back.
        if name == "forget_strays" and len(calls) == 1:
            return real(*args, **named)
        result = real(*args, **named) if after else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(where, name, deadly)
        process = multiprocessing.get_context("fork").Process(target=run, args=(cut, Progress(StringIO())))
        process.start()
        process.join()
    assert process.exitcode == -signal.SIGKILL
    if not cut.report.exists():
        done(cut)
    assert contents(cut.target) == contents(whole.target)
    assert cut.report.read_bytes() == whole.report.read_bytes()
