"""Broken files that are bred by what they reach in the code, some minutes a night each; corpora stay in var/fuzz."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.hostile import fuzz

pytestmark = [pytest.mark.nightly, pytest.mark.xdist_group("guided")]
ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "var" / "fuzz"
#: No dependency of anything else: it is built against one Python after another, and nothing that is shipped needs it.
GUIDE = "atheris==3.0.0"
SECONDS = os.environ.get("DONARA_FUZZ_SECONDS", "300")
PROGRAMS = {name: ["tests.hostile.fuzz", name] for name in fuzz.TARGETS} | {"engine": ["tests.deid.evidence.fuzz"]}


@pytest.fixture(scope="module")
def guide() -> Path:
    """Where the guide lies."""
    place = FOLDER / GUIDE
    if not place.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--only-binary", ":all:", "--target", place, GUIDE], check=True, timeout=300)
    return place


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_that_is_bred_makes_a_reader_fail(guide: Path, name: str) -> None:
    program = [sys.executable, "-m", *PROGRAMS[name], SECONDS, FOLDER / name]
    ended = subprocess.run(
        program,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(guide)},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=float(SECONDS) + 300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3_000:]
    assert "Done " in ended.stderr, "it was guided, and came to its end"
