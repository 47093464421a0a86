"""What the engine makes of the cohort and of the real files: the whole cohort clean, and nothing planted left in it."""

import pytest

from curation.deid import Cleaned, Quarantined, deidentify, derive_subject_key
from portal.story.cohort import (
    Handling,
    PlantedValue,
    compile_needles,
    make_cohort,
    planted,
    real_files,
    search_bytes,
    studies,
)

DOMAIN_KEY = bytes(range(32))


def test_every_file_of_the_cohort_becomes_clean_and_nothing_planted_is_left():
    donors = list(make_cohort(40))
    everybody = compile_needles(value for donor in donors for value in planted(donor).values)
    for donor in donors:
        dates = compile_needles(planted(donor).dates)
        key = derive_subject_key(DOMAIN_KEY, str(donor.index))
        for file in studies(donor):
            result = deidentify(file.data, key=key)
            assert isinstance(result, Cleaned)
            assert result.pixel_risk == "clear"
            assert search_bytes(result.data, everybody) == []
            assert search_bytes(result.data, dates) == []


@pytest.mark.parametrize("file", real_files(), ids=lambda file: file.name)
def test_a_real_file_is_handled_as_its_hint_says_and_names_nobody_afterwards(file):
    result = deidentify(file.data, key=derive_subject_key(DOMAIN_KEY, "real"))
    if file.handling is not Handling.EITHER:
        assert isinstance(result, Quarantined) == (file.handling is Handling.HELD)
    if isinstance(result, Cleaned):
        if file.handling is not Handling.EITHER:
            assert result.pixel_risk == {Handling.CLEAN: "clear", Handling.LOOK: "look"}[file.handling]
        needles = compile_needles(PlantedValue("name", known, -1) for known in file.known_as)
        assert search_bytes(result.data, needles) == []
