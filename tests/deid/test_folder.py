"""The command cleans a folder of any shape, names no one in its report, and never writes over anything."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from curation.deid import RULES_DIGEST
from curation.deid.folder import clean_one, deidentify_folder

from . import checker, planted


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


def run(source: Path, target: Path, report: Path, **options: object) -> dict[str, object]:
    """The command's report."""
    call_command("deidentify", str(source), str(target), report=report, **options)
    content: dict[str, object] = json.loads(report.read_text())
    return content


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_cleaned_and_reported(source: Path, tmp_path: Path) -> None:
    before = contents(source)
    report = run(source, tmp_path / "out", tmp_path / "report.json")
    assert report["counts"] == {"files": 4, "clean": 2, "quarantined": 2}
    assert report["reasons"] == {"empty": 1, "not_dicom": 1}
    assert (report["rules_digest"], report["key"]) == (RULES_DIGEST, "random")
    assert contents(source) == before
    written = contents(tmp_path / "out")
    assert len(written) == 2
    assert isinstance(report["files"], list)
    for entry in report["files"]:
        assert entry["source_sha256"] in {hashlib.sha256(data).hexdigest() for data in before.values()}
        if entry["status"] == "clean":
            assert checker.read(written[entry["output"]]).SOPInstanceUID in entry["output"]
            assert hashlib.sha256(written[entry["output"]]).hexdigest() == entry["output_sha256"]
    text = (tmp_path / "report.json").read_text() + "".join(written)
    assert not any(secret in text for secret in planted.SECRETS)


def test_one_key_gives_one_answer_and_two_runs_change_nothing(source: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("ab" * 32)
    first = run(source, tmp_path / "out", tmp_path / "1.json", key_file=key)
    written = contents(tmp_path / "out")
    second = run(source, tmp_path / "out", tmp_path / "2.json", key_file=key)
    assert first == second
    assert first["key"] == "file"
    assert contents(tmp_path / "out") == written
    other = run(source, tmp_path / "other", tmp_path / "3.json")
    assert other != first
    assert set(contents(tmp_path / "other")).isdisjoint(written)


def test_two_objects_that_claim_one_identifier_are_both_kept(source: Path, tmp_path: Path) -> None:
    twin = planted.dataset()
    twin.ConvolutionKernel = "B70s"
    (source / "twin").write_bytes(planted.as_file(twin))
    report = run(source, tmp_path / "out", tmp_path / "report.json", subject="donor 1")
    assert report["counts"] == {"files": 5, "clean": 3, "quarantined": 2}
    # The first two differ only in whom they name, so that for one subject they become one file.
    assert len(contents(tmp_path / "out")) == 2


def test_a_subject_groups_its_files_and_patients_are_told_apart(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "patients", tmp_path / "1.json")
    run(source, tmp_path / "one", tmp_path / "2.json", subject="donor 1")
    names = [
        {checker.read(data).PatientID for data in contents(tmp_path / folder).values()}
        for folder in ("patients", "one")
    ]
    assert [len(people) for people in names] == [2, 1]


def test_the_key_may_come_from_the_environment(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONARA_DEID_KEY", "cd" * 32)
    assert run(source, tmp_path / "out", tmp_path / "1.json")["key"] == "environment"
    monkeypatch.setenv("DONARA_DEID_KEY", "too short")
    with pytest.raises(CommandError, match="64 hexadecimal digits"):
        run(source, tmp_path / "out", tmp_path / "2.json")


def test_a_file_that_vanishes_or_cannot_be_read_is_told_and_stops_nothing(tmp_path: Path) -> None:
    seen: list[int] = []
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "in" / name).write_bytes(b"")

    def done(files: int) -> None:
        seen.append(files)
        (tmp_path / "in" / "b").unlink(missing_ok=True)

    report = deidentify_folder(tmp_path / "in", tmp_path / "out", b"k" * 32, seen=done)
    assert (report["counts"]["files"], seen) in ((2, [1, 2]), (3, [1, 2, 3]))
    gone, _ = clean_one(tmp_path / "in" / "b", tmp_path / "out", b"k" * 32, "")
    assert (gone["status"], gone["reason"]) == ("skipped", "unreadable_file")
    os.mkfifo(tmp_path / "in" / "pipe")
    (tmp_path / "in" / "link").symlink_to("/etc/passwd")
    assert deidentify_folder(tmp_path / "in", tmp_path / "out", b"k" * 32)["counts"]["files"] == 2


def test_what_would_lose_something_is_refused_with_a_sentence(source: Path, tmp_path: Path) -> None:
    (tmp_path / "taken.json").write_text("{}")
    for target, report, sentence in (
        (source / "out", tmp_path / "r.json", "inside each other"),
        (tmp_path, tmp_path / "r.json", "inside each other"),
        (tmp_path / "out", tmp_path / "taken.json", "exists already"),
        (tmp_path / "out", tmp_path / "nowhere" / "r.json", "does not exist"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(source, target, report)
    with pytest.raises(CommandError, match="not a folder"):
        run(source / "IM2.dcm", tmp_path / "out", tmp_path / "r.json")
    with pytest.raises(CommandError, match="could not be read"):
        run(source, tmp_path / "out", tmp_path / "r.json", key_file=tmp_path / "no key")
    assert (tmp_path / "taken.json").read_text() == "{}"


def test_two_random_keys_never_meet_in_one_folder(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DONARA_DEID_KEY", raising=False)
    run(source, tmp_path / "out", tmp_path / "1.json")
    before = sorted((tmp_path / "out").rglob("*"))
    with pytest.raises(CommandError, match="Choose an empty OUT"):
        run(source, tmp_path / "out", tmp_path / "2.json")
    assert sorted((tmp_path / "out").rglob("*")) == before
    assert not (tmp_path / "2.json").exists()
