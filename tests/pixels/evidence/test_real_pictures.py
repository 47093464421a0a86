"""Real pictures: none makes the examination fail, and none that somebody has written on passes unseen."""

from collections import Counter

import pytest

from curation.deid import Deidentifier
from tests.deid import corpus

from .outcomes import KEY
from .real_files import WRITTEN_ON, all_seen, seen

#: Small, and of every kind that is written on.
QUICK = ("examples_rgb_color.dcm", "examples_palette.dcm", "vlut_04.dcm")


@pytest.mark.parametrize("name", QUICK)
def test_a_real_picture_with_writing_goes_to_a_person(name: str) -> None:
    path = next(each for each in corpus.files() if each.name == name)
    assert seen(path, Deidentifier(KEY)).risk in ("look", "quarantined")


@pytest.mark.nightly
def test_every_real_picture_is_decided_and_none_with_writing_passes() -> None:
    found = list(all_seen())
    assert len(found) == len(corpus.files())
    passed = [each.path.name for each in found if each.risk in ("clear", "clean")]
    assert not set(passed) & set(WRITTEN_ON)
    assert set(Counter(each.risk for each in found)) <= {"clear", "clean", "look", "quarantined"}
