"""In a run over a folder, what one file of a study says of its subject is repeated by no other file of it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from pydicom import Dataset

from curation.deid import RESEARCH
from curation.deid.folder import Job, run
from curation.deid.folder.progress import Progress

from . import checker, planted


def nameless(title: str) -> Dataset:
    """A file that says nothing of its subject but for its title."""
    dataset = planted.dataset()
    for keyword in ("PatientName", "OtherPatientIDs", "PatientBirthDate"):
        setattr(dataset, keyword, "")
    dataset.ReferencedImageSequence = dataset.RequestAttributesSequence = dataset.AnatomicRegionSequence = []
    dataset.SeriesDescription = title
    return dataset


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_name_that_only_another_file_holds_goes_from_a_title(
    tmp_path: Path, first: str, second: str, workers: int
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    titled, named = nameless("Hand, knee"), planted.dataset()
    named.PatientName, named.SOPInstanceUID = "Hand^Kunigunde", "1.2.840.99999.1.78"
    (source / first).write_bytes(planted.as_file(titled))
    (source / second).write_bytes(planted.as_file(named))
    job = Job(
        source=source, target=tmp_path / "out", report=tmp_path / "r.json", profile=RESEARCH, domain_key=b"k" * 32,
        key_source="file", workers=workers,
    )  # fmt: skip
    run(job, Progress(StringIO()))
    entry = next(each for each in json.loads(job.report.read_text())["files"] if each["source"] == first)
    assert checker.read((job.target / entry["output"]).read_bytes()).SeriesDescription == "knee"
