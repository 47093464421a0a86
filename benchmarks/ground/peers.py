"""Other de-identifiers, measured where they are installed; none is a part of Donara, and one that is absent is said."""

import io
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pydicom

Peer = Callable[[bytes], object]


def available() -> tuple[dict[str, Peer], list[str]]:
    """The peers that are here, by name and version, and the names of those that are not."""
    found: dict[str, Peer] = {}
    absent = []
    for name, make in {"dicognito": _dicognito, "dicom-anonymizer": _dicom_anonymizer, "deid": _deid}.items():
        try:
            found[f"{name} {version(name)}"] = make()
        except ImportError:
            absent.append(name)
    gdcmanon, openssl = shutil.which("gdcmanon"), shutil.which("openssl")
    if gdcmanon and openssl:
        found["gdcmanon (a process a file)"] = _gdcmanon(gdcmanon, openssl)
    else:
        absent.append("gdcmanon")
    return found, absent


def read_and_write(data: bytes) -> bytes:
    """What pydicom takes to read a file and to write it again, changing nothing."""
    return _written(pydicom.dcmread(io.BytesIO(data)))


def _written(dataset: pydicom.Dataset) -> bytes:
    out = io.BytesIO()
    dataset.save_as(out)
    return out.getvalue()


def _dicognito() -> Peer:
    anonymizer = import_module("dicognito.anonymizer").Anonymizer(seed="benchmark")

    def one(data: bytes) -> bytes:
        dataset = pydicom.dcmread(io.BytesIO(data))
        anonymizer.anonymize(dataset)
        return _written(dataset)

    return one


def _dicom_anonymizer() -> Peer:
    anonymize: Any = import_module("dicomanonymizer").anonymize_dataset

    def one(data: bytes) -> bytes:
        dataset = pydicom.dcmread(io.BytesIO(data))
        anonymize(dataset)
        return _written(dataset)

    return one


def _deid() -> Peer:
    """The header replacement of its own guide, with its default recipe."""
    dicom, config = import_module("deid.dicom"), import_module("deid.config")
    import_module("deid.logger").bot.level = 0
    recipe = config.DeidRecipe()

    def one(data: bytes) -> bytes:
        found = dicom.replace_identifiers(
            dicom_files=[pydicom.dcmread(io.BytesIO(data))], deid=recipe, save=False, disable_skip=True
        )
        return _written(found[0])

    return one


def _gdcmanon(program: str, openssl: str) -> Peer:
    """Its Basic Application Level Confidentiality Profile, which needs a certificate."""
    folder = Path(tempfile.mkdtemp(prefix="donara-bench-"))
    certificate, key, source, output = (folder / name for name in ("c.pem", "k.pem", "in.dcm", "out.dcm"))
    make: list[str | Path] = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=x",
        "-keyout",
        key,
        "-out",
    ]
    subprocess.run([*make, certificate], check=True, capture_output=True)

    def one(data: bytes) -> bytes:
        source.write_bytes(data)
        subprocess.run([program, "-e", "-c", certificate, "-i", source, "-o", output], check=True, capture_output=True)
        return output.read_bytes()

    return one


def quiet() -> None:
    """No warnings and no log lines: pydicom's quote values, and printing is not what is measured."""
    warnings.simplefilter("ignore")
    pydicom.config.logger.disabled = True
    os.environ.setdefault("MESSAGELEVEL", "CRITICAL")
