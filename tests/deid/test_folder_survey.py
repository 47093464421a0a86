"""The first look tells whose each file of a long series is, and to which study it belongs, however it was read."""

from pathlib import Path

from curation.deid.folder.job import PATIENT
from curation.deid.folder.said import Said, facts_from
from curation.deid.folder.survey import Belonging, Surveyor

from . import planted

SLICES = 12


def test_every_file_of_a_series_belongs_where_its_header_says(tmp_path: Path) -> None:
    said, surveyor = Said(), Surveyor(bytes(tmp_path), PATIENT)
    for number in range(SLICES):
        dataset = planted.dataset()
        dataset.SOPInstanceUID = f"1.2.3.{number}"
        (tmp_path / "file").write_bytes(planted.as_file(dataset))
        whose = Belonging(f"patient\n\n{planted.NUMBER}", planted.STUDY_UID, planted.SERIES_UID, f"1.2.3.{number}")
        assert surveyor.look(b"file", said) == whose
    ((subject, study, text),) = said.texts()
    assert (subject, study) == whose[:2]
    assert planted.NAME in facts_from([text]).names
