"""The invented donors: as many of each kind as the story needs, the same at every run, and named like nobody else."""

from itertools import islice
from pathlib import Path

import pydicom
import pytest

from portal.story.cohort import CohortDonor, compile_needles, make_cohort, planted, search_bytes


@pytest.fixture(scope="module")
def cohort() -> list[CohortDonor]:
    return list(make_cohort())


def test_three_hundred_donors_of_whom_half_have_a_lesion_and_twenty_decline_training(cohort):
    assert len(cohort) == 300
    assert sum(donor.has_lesion for donor in cohort) == 150
    assert sum(not donor.choices.training for donor in cohort) == 20


def test_every_choice_is_made_by_some_and_not_by_others(cohort):
    assert {donor.choices.permission for donor in cohort} == {"general", "health", "cancer"}
    assert {donor.choices.commercial for donor in cohort} == {True, False}
    assert not any(donor.choices.weights and not donor.choices.training for donor in cohort)


def test_the_same_seed_gives_the_same_people_and_another_seed_others(cohort):
    assert list(make_cohort()) == cohort
    others = {(donor.given_name, donor.family_name) for donor in make_cohort(seed=8)}
    assert others.isdisjoint((donor.given_name, donor.family_name) for donor in cohort)


def test_the_cohort_is_made_lazily():
    assert [donor.index for donor in islice(make_cohort(1000), 3)] == [0, 1, 2]


def test_a_cohort_whose_phone_numbers_would_repeat_is_refused():
    with pytest.raises(ValueError, match="1000"):
        next(make_cohort(1001))


def test_no_two_donors_share_a_name_or_number(cohort):
    for field in ("family_name", "given_name", "email", "national_id", "hospital_id", "phone", "address"):
        assert len({getattr(donor, field) for donor in cohort}) == len(cohort), field


def test_the_first_ten_donors_already_need_every_character_set(cohort):
    used = {character_set for donor in cohort[:10] for character_set in donor.name.character_sets}
    assert used == {"ISO_IR 100", "ISO_IR 192", "", "ISO 2022 IR 87", "GB18030"}


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_nothing_planted_occurs_in_dicoms_own_words_or_in_this_project(seed):
    needles = compile_needles(value for donor in make_cohort(seed=seed) for value in planted(donor).values)
    root = Path(__file__).parents[3]
    rooms = ("config", "core", "consent", "registry", "curation", "training_jobs", "portal", "docs", "scripts")
    ours = [
        path for room in rooms for path in (root / room).rglob("*") if path.suffix in {".py", ".html", ".md", ".css"}
    ]
    dictionaries = Path(pydicom.__file__).parent.glob("_*dict.py")
    for path in (*dictionaries, *ours):
        assert search_bytes(path.read_bytes(), needles) == [], path
