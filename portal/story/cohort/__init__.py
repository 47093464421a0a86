"""The story's invented donors and their DICOM files, and the search for what was planted in them. Plain Python."""

from portal.story.cohort.choices import Choices
from portal.story.cohort.donors import CohortDonor, make_cohort
from portal.story.cohort.needles import CompiledNeedles, PlantedValue, compile_needles
from portal.story.cohort.planted import Planted, planted
from portal.story.cohort.real import Handling, RealFile, real_files
from portal.story.cohort.relatives import relative_of, relatives_cd
from portal.story.cohort.search import Hit, search_bytes
from portal.story.cohort.studies import StudyFile, studies

__all__ = [
    "Choices",
    "CohortDonor",
    "CompiledNeedles",
    "Handling",
    "Hit",
    "Planted",
    "PlantedValue",
    "RealFile",
    "StudyFile",
    "compile_needles",
    "make_cohort",
    "planted",
    "real_files",
    "relative_of",
    "relatives_cd",
    "search_bytes",
    "studies",
]
