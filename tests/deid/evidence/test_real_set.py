"""Over all real files together: few are held back for other causes than pixels, and what referred still refers."""

from collections import Counter

import pytest

from curation.deid import BASIC, RESEARCH, Cleaned, Deidentifier, Profile
from curation.deid.files.container import read_container
from curation.deid.reading.parse import Parser
from tests.deid import checker, corpus
from tests.deid.references_by_place import Uid, check_references, uids_of

from .sweep import KEY

#: Neither may ever pass: no DICOM at all, and directories of discs.
NEVER = frozenset({"not_dicom", "dicomdir", "empty"})
#: The picture's own doing: bytes behind it, or a slide's label.
BY_PIXELS = frozenset({"pixel_data_length", "slide_label"})
MOST = 0.05


@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_few_are_held_back_for_other_causes_than_pixels(profile: Profile) -> None:
    engine = Deidentifier(KEY, profile=profile)
    results = [engine.clean(path.read_bytes()) for path in corpus.files()]
    reasons = Counter(each.reason for each in results if not isinstance(each, Cleaned))
    taken = len(results) - sum(reasons[reason] for reason in NEVER)
    other = sum(count for reason, count in reasons.items() if reason not in NEVER | BY_PIXELS)
    assert reasons["engine_failed"] == 0
    assert other / taken < MOST, reasons


def uids(data: bytes) -> list[Uid]:
    """The UIDs of a file."""
    container = read_container(data)
    return uids_of(Parser(container.data).root(container.start, container.encoding))


@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_references_over_the_set_resolve_as_before(profile: Profile) -> None:
    engine, before, after = Deidentifier(KEY, profile=profile), [], []
    for path in corpus.files():
        result = engine.clean(path.read_bytes())
        if isinstance(result, Cleaned):
            before.append(uids(path.read_bytes()))
            after.append(uids(result.data))
    broken = check_references(before, after)
    assert sum(len(each) for each in after) > 1000
    assert [found for found in broken if not (found.gone and _goes_by_table(found.path))] == []


def _goes_by_table(path: tuple[int, ...]) -> bool:
    """Whether Table E.1-1 takes the sequence away that the reference stands in, or allows that."""
    return any("X" in checker.TABLE.get(f"{tag:08X}", {"basic": ""})["basic"] for tag in path)
