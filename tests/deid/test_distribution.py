"""The distribution `donara-deid` is the engine and its command: no Django, no NumPy, no registry, the same bytes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file

from curation import deid
from curation.deid import Cleaned, deidentify, derive_group_key, derive_subject_key

HERE = Path(deid.__file__).parent
FILES = ("CT_small.dcm", "MR_small_RLE.dcm", "JPEG2000.dcm", "liver_1frame.dcm", "rtplan.dcm", "DICOMDIR-nopatient")
KEY = "cd" * 32


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built distribution and pydicom, and nothing else."""
    folder = tmp_path_factory.mktemp("distribution")
    shutil.copytree(HERE, folder / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    build = ["wheel", *offline, "--no-build-isolation", "-w", folder / "wheels", folder / "source"]
    subprocess.run([*pip, *build], check=True)
    (wheel,) = (folder / "wheels").iterdir()
    subprocess.run([*pip, "install", *offline, "--target", folder / "site", wheel], check=True)
    package = Path(pydicom.__file__).parent
    for part in (package, package.with_name(f"pydicom-{pydicom.__version__}.dist-info")):
        (folder / "site" / part.name).symlink_to(part)
    return folder / "site"


def alone(installed: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python that knows the standard library and the distribution only."""
    command = [sys.executable, "-S", *map(str, arguments)]
    known = {"PYTHONPATH": str(installed), "PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, env=known, cwd=installed, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("module", ["django", "numpy", "curation", "registry"])
def test_nothing_else_is_there(installed: Path, module: str) -> None:
    assert "ModuleNotFoundError" in alone(installed, "-c", f"import {module}").stderr


def test_the_licence_comes_with_it(installed: Path) -> None:
    (licence,) = installed.glob("donara_deid-*.dist-info/licenses/LICENSE")
    assert licence.read_bytes() == (HERE.parents[1] / "LICENSE").read_bytes()


def test_the_command_writes_the_same_bytes_as_the_engine_here(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in FILES:
        path = get_testdata_file(name, download=False)
        assert path
        shutil.copy(path, tmp_path / "in")
    script = installed / "bin" / "donara-deid"
    places = (tmp_path / "in", tmp_path / "out", "--report", tmp_path / "report.json")
    places += ("--subject", "donor 17", "--pixels", "as-is")
    ended = alone(installed, script, *places, DONARA_DEID_KEY=KEY)
    assert ended.stderr == ""
    report = json.loads((tmp_path / "report.json").read_text())
    assert ended.returncode == (3 if "quarantined" in report["counts"] else 0)
    key, group = derive_subject_key(bytes.fromhex(KEY), "donor 17"), derive_group_key(bytes.fromhex(KEY))
    clean = 0
    for entry in report["files"]:
        here = deidentify((tmp_path / "in" / entry["source"]).read_bytes(), key=key, group_key=group)
        assert isinstance(here, Cleaned) == (entry["status"] == "clean")
        if isinstance(here, Cleaned):
            assert (tmp_path / "out" / entry["output"]).read_bytes() == here.data
            assert report["rules_digest"] == here.rules_digest
            clean += 1
    assert clean >= 4


def test_it_explains_and_says_what_is_wrong_in_a_sentence(installed: Path) -> None:
    path = get_testdata_file("CT_small.dcm", download=False)
    ended = alone(installed, installed / "bin" / "donara-deid-explain", path)
    assert "(0010,0010)\tPatient's Name\tpseudonym\t" in ended.stdout
    ended = alone(installed, "-m", "donara_deid", "nowhere", "out", "--report", "report.json")
    assert (ended.returncode, ended.stderr) == (2, "IN is not a folder. Name the folder that holds the DICOM files.\n")
