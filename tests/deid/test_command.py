"""The commands: every way in which they can be asked wrongly has a sentence, and every end its exit code."""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pydicom.data import get_testdata_file

from curation.deid import command
from curation.deid.folder.progress import Progress

from . import planted

ROOT = Path(__file__).parents[2]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with one file."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "IM1").write_bytes(planted.as_file(planted.dataset()))
    return tmp_path / "in"


def asked(*arguments: object) -> int:
    """The exit code of `donara-deid`."""
    return command.main([str(each) for each in arguments])


def test_what_would_lose_something_or_cannot_be_is_refused_with_one_sentence(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = source.parent
    out, report = here / "out", here / "r.json"
    (here / "taken.json").write_text("{}")
    (here / "file").write_text("text")
    (here / "short").write_text("abcd")
    for arguments, sentence in (
        ((source, source, "--report", report), "inside each other"),
        ((source, source / "out", "--report", report), "inside each other"),
        ((source, here, "--report", report), "inside each other"),
        ((source / "IM1", out, "--report", report), "IN is not a folder"),
        ((here / "nowhere", out, "--report", report), "IN is not a folder"),
        ((source, here / "file", "--report", report), "OUT is not a folder"),
        ((source, out, "--report", here / "taken.json"), "exists already"),
        ((source, out, "--report", here / "nowhere" / "r.json"), "does not exist"),
        ((source, out, "--report", out / "r.json"), "does not exist"),
        ((source, out, "--report", source / "r.json"), "outside of IN and OUT"),
        ((source, out, "--report", report, "--profile", "bsic"), "neither basic nor research"),
        ((source, out, "--report", report, "--profile", here / "file"), "not TOML"),
        ((source, out, "--report", report, "--workers", 0), "--workers must be 1 or more"),
        ((source, out, "--report", report, "--subject", ""), "--subject must be"),
        ((source, out, "--report", report, "--key-file", here / "nokey"), "could not be read"),
        ((source, out, "--report", report, "--key-file", here / "short"), "64 hexadecimal digits"),
    ):
        assert asked(*arguments) == command.USAGE
        told = capsys.readouterr()
        assert sentence in told.err
        assert (told.out, told.err.count("\n")) == ("", 1)
    assert (here / "taken.json").read_text() == "{}"
    assert not out.exists()


def test_the_exit_code_says_whether_all_is_clean(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = source.parent
    assert asked(source, here / "1", "--report", here / "1.json") == command.CLEAN
    assert capsys.readouterr().out == "clean: 1\n"
    (source / "cut").write_bytes((source / "IM1").read_bytes()[:-100])
    (source / "other").write_text("Kunigunde")
    assert asked(source, here / "2", "--report", here / "2.json", "--profile", "basic") == command.QUARANTINED
    told = capsys.readouterr()
    assert told.out == "clean: 1\nquarantined: 1\nskipped: 1\n"
    assert not any(secret in told.err for secret in planted.SECRETS)
    assert json.loads((here / "2.json").read_text())["profile"] == "basic"


def test_manage_py_has_the_same_commands(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = source.parent
    monkeypatch.setenv(command.KEY_VARIABLE, "cd" * 32)
    call_command("deidentify", str(source), str(here / "out"), report=here / "r.json")
    assert json.loads((here / "r.json").read_text())["key"] == "environment"
    with pytest.raises(CommandError, match="exists already") as error:
        call_command("deidentify", str(source), str(here / "out"), report=here / "r.json")
    assert error.value.returncode == command.USAGE
    (source / "cut").write_bytes((source / "IM1").read_bytes()[:-100])
    with pytest.raises(SystemExit, match="3"):
        call_command("deidentify", str(source), str(here / "out"), report=here / "2.json")


def test_explain_tells_of_each_element_before_anything_is_written(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("explain", str(source / "IM1"))
    told = capsys.readouterr().out
    assert "(0010,1040)\tPatient's Address\tremove\tPS3.15 E.1-1:00101040:X\n" in told
    assert not any(secret in told for secret in planted.SECRETS)
    (source / "text").write_text("Kunigunde " * 50)
    assert command.explain_main([str(source / "text")]) == command.QUARANTINED
    assert capsys.readouterr().out == "The file would be quarantined. The file is not a DICOM file.\n"
    assert command.explain_main([str(source / "nowhere")]) == command.USAGE
    assert capsys.readouterr().err == "FILE cannot be read: No such file or directory.\n"


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


def test_a_disk_that_takes_no_more_ends_in_a_sentence_and_the_run_goes_on_later(source: Path) -> None:
    big = planted.dataset()
    big.Rows = big.Columns = 512
    big.PixelData = bytes(512 * 512 * 2)
    (source / "IM2").write_bytes(planted.as_file(big))
    here = source.parent
    line = [sys.executable, "-m", "curation.deid", source, here / "out", "--report", here / "r.json"]
    full = subprocess.run(line, cwd=ROOT, preexec_fn=_small_files, capture_output=True, text=True, check=False)
    assert full.returncode == command.FAILED
    assert full.stderr == (
        "OUT could not be written: File too large. What is done is kept; run the same command again to go on.\n"
    )
    again = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (command.CLEAN, "clean: 2\n")


def test_ctrl_c_is_answered_and_the_run_goes_on_later(source: Path) -> None:
    for number in range(6000):
        (source / f"copy{number}").hardlink_to(source / "IM1")
    here = source.parent
    line = [sys.executable, "-m", "curation.deid", source, here / "out", "--report", here / "r.json"]
    # Whoever starts the tests in the background has Ctrl-C ignored for them, and so for what they start.
    process = subprocess.Popen(
        line,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not (here / "out" / ".unfinished").exists() and process.poll() is None:
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, err) == (command.STOPPED, "")
    assert out == "Stopped. What is done is kept; run the same command again to go on.\n"
    assert (here / "r.json.journal").exists()


class Screen:
    """A terminal that keeps what was written."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        """It is one."""
        return True

    def write(self, text: str) -> int:
        """Keeps it."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def test_a_terminal_shows_a_bar() -> None:
    screen = Screen()
    progress = Progress(screen)  # type: ignore[arg-type]  # as much of a stream as is asked for
    progress.begin("Cleaning", 4)
    progress.add(4)
    progress.end()
    assert "[##############################] Cleaning: 4 of 4 files" in screen.text


def test_the_tutorial_holds(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorials" / "deidentify-a-folder.md").read_text()
    lines, *looks = re.findall(r"```\n(.*?)```", page, re.DOTALL)
    assert lines.count("\n") == 3
    files = tmp_path / "some"
    files.mkdir()
    for name in ("CT_small.dcm", "MR_truncated.dcm"):
        shutil.copy(str(get_testdata_file(name, download=False)), files)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "manage.py").write_text((ROOT / "manage.py").read_text())
    known = {**os.environ, "DONARA_MODE": "test", "PYTHONPATH": str(ROOT)}
    first, *rest = lines.splitlines(keepends=True)
    script = "".join(
        [first, f"export IN={files}\n", *rest[:-1], "set +e\n", rest[-1], "echo code $?\nset -e\n", *looks]
    )
    ended = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=known, capture_output=True, text=True, check=False
    )
    assert "clean: 1\nquarantined: 1\ncode 3\nMR_truncated.dcm truncated\n(0008," in ended.stdout, ended.stderr
    assert list((tmp_path / "clean").glob("*/*/*.dcm"))
