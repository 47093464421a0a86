"""Every hostile file is answered with a sentence; what is sound beside it is kept, and nothing else is laid down."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from django.utils import timezone

from core.accounts.models import Programme
from core.storage.models import StoredObject
from curation import deid
from registry.actions.entering import SENTENCES
from registry.models import DonatedFile
from tests.factories import consent
from tests.factories import registry as make
from tests.hostile import fuzz, scans, zips
from tests.hostile.cases import Case

FAMILIES = {"zips": zips, "scans": scans}


@cache
def made(family: str) -> tuple[Case, ...]:
    """The files of a family, once in a process."""
    return tuple(FAMILIES[family].cases())


families = pytest.mark.parametrize("family", FAMILIES)
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning")]


def amiss(case: Case, answers: list[make.actions.FileAnswer]) -> Iterator[str]:
    """What is wrong with how one was answered."""
    found = tuple(sorted(answer.outcome.value for answer in answers))
    sentences = [answer.sentence for answer in answers]
    if not answers or any(not sentence.endswith(".") for sentence in sentences):
        yield "no sentence"
    if case.outcomes and found != tuple(sorted(case.outcomes)):
        yield f"{found} {sentences}"
    if case.says and not any(case.says in sentence for sentence in sentences):
        yield f"does not say {case.says!r} but {sentences}"
    if any((answer.file is None) != (answer.outcome.value in {"refused", "skipped"}) for answer in answers):
        yield "kept and not said, or said and not kept"


@families
def test_each_ends_in_a_sentence_and_nothing_is_lost(programme: Programme, family: str) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = make.actions.start_donation(donor=donor, by=by)
    wrong: dict[str, list[str]] = {}
    kept = 0
    for case in made(family):
        answers = make.upload(donation, case.data, by)
        kept += sum(answer.outcome.value in {"received", "held"} for answer in answers)
        if found := list(amiss(case, answers)):
            wrong[case.name] = found
    (last,) = make.upload(donation, make.own_dicom(donor), by)
    assert wrong == {}, "\n".join(f"{name}: {found}" for name, found in wrong.items())
    assert last.sentence == SENTENCES[last.outcome]
    assert DonatedFile.objects.count() == StoredObject.objects.count() == kept + 1


def test_there_are_two_hundred_and_each_is_another() -> None:
    found = [case for family in FAMILIES for case in made(family)]
    assert len(found) >= 200, len(found)
    assert [name for name, number in Counter(case.name for case in found).items() if number > 1] == []


@pytest.mark.nightly
def test_the_engine_ends_with_each_as_well() -> None:
    key = deid.derive_subject_key(b"k" * 32, "hostile")
    for case in made("scans"):
        result = deid.deidentify(case.data, key=key, profile=deid.RESEARCH)
        if isinstance(result, deid.Quarantined):
            assert result.reason != "engine_failed", case.name
        else:
            assert result.data[:132] == bytes(128) + b"DICM", case.name


def test_what_else_a_scan_may_be_is_gone_once_it_is_cleaned() -> None:
    key = deid.derive_subject_key(b"k" * 32, "hostile")
    for name, data, needle in scans.polyglots():
        result = deid.deidentify(data, key=key, profile=deid.RESEARCH)
        if isinstance(result, deid.Quarantined):
            assert "ends as" in name, (name, result.reason)
            continue
        assert result.data[:132] == bytes(128) + b"DICM", name
        assert needle not in result.data, name


@pytest.mark.nightly
@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_what_is_broken_at_random_ends_in_a_sentence_too(name: str) -> None:
    assert fuzz.at_random(name, 3_000, seed=timezone.now().toordinal())
