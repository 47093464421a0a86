"""An identity planted in any attribute, place, text or script is gone, and what research needs is there."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.deid import BASIC, RESEARCH, Profile, Quarantined, deidentify
from curation.deid.values.terms import STRUCTURAL

from . import scores, sweep, writing
from .__main__ import END, PAGE, START
from .midib import NOT_CLAIMED, Asked, Check, failed, score
from .people import person
from .raw import WRITINGS

PROFILES = [BASIC, RESEARCH]
ATTRIBUTES = sweep.attributes()
of_each = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


@functools.cache
def everything(profile_name: str) -> tuple[Check, ...]:
    """All checks under a profile."""
    return tuple(scores.all_of(next(each for each in PROFILES if each.name == profile_name)))


@of_each
def test_every_planted_identity_is_gone_and_every_use_is_kept(profile: Profile) -> None:
    checks = everything(profile.name)
    assert failed(checks) == []
    asked = {check.asked for check in checks}
    missing = set(Asked) - asked - NOT_CLAIMED
    assert missing == (set() if profile is RESEARCH else {Asked.DATE_SHIFTED})
    assert len(checks) > 6000


def test_the_page_tells_the_score() -> None:
    told = PAGE.read_text().partition(START)[2].partition(END)[0].strip()
    assert told == score({profile.name: list(everything(profile.name)) for profile in PROFILES})


def test_a_survivor_would_be_seen() -> None:
    data = sweep.file(sweep.base(sweep.text(0x00104000, "LT", "Zorbanek")))
    assert b"zorbanek" in data.lower()
    bad = [Check(Asked.TEXT_REMOVED, "here", right=False), Check(Asked.TEXT_REMOVED, "there", right=True)]
    assert failed(bad) == ["text removed: here"]
    assert "| text removed | 1 of 2 |" in score({"basic": bad})


@pytest.mark.nightly
@of_each
@pytest.mark.parametrize("written", [each for each in WRITINGS if each != "explicit"])
def test_every_attribute_in_the_other_ways_of_writing(profile: Profile, written: str) -> None:
    assert failed(scores.attributes(profile, written)) == []


@pytest.mark.nightly
@of_each
def test_every_spelling_in_every_place(profile: Profile) -> None:
    assert failed(scores.texts(profile, people=9, every=1)) == []


@settings(max_examples=60, deadline=None)
@given(
    tags=st.lists(st.sampled_from(ATTRIBUTES), min_size=1, max_size=12, unique=True),
    around=st.lists(st.sampled_from(sorted(sweep.SEQUENCES)), min_size=1, max_size=9, unique=True),
    written=st.sampled_from(sorted(WRITINGS)),
    profile=st.sampled_from(PROFILES),
)
def test_any_attributes_at_any_depth_in_any_writing(
    tags: list[int], around: list[int], written: str, profile: Profile
) -> None:
    assert failed(sweep.swept(tags, profile, written, around)) == []


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    which=st.integers(0, 200),
    before=st.sampled_from(["", "CT CHEST ", "seen by ", "Kopf_", "T1 ax, ", "(", "MRN "]),
    after=st.sampled_from(["", " W CONTRAST", " 3mm", "_B30f", ", left knee", ") 12:30", "; AP"]),
    tag=st.sampled_from(sorted(writing.FIELDS)),
    profile=st.sampled_from(PROFILES),
)
def test_any_spelling_in_any_sentence(
    seed: int, which: int, before: str, after: str, tag: int, profile: Profile
) -> None:
    who = person(seed)
    all_spelled = list(writing.spelled(who))
    words, gone = all_spelled[which % len(all_spelled)]
    note = writing.Note(tag, before + words + after, gone)
    assert failed([scores.written(who, note, profile)]) == []


@of_each
@pytest.mark.parametrize("tag", sorted(STRUCTURAL))
def test_a_name_among_the_terms_of_a_closed_list_passes_nowhere(profile: Profile, tag: int) -> None:
    data = sweep.file(sweep.base(sweep.text(tag, "CS", sweep.WHO.family[:16].upper())))
    result = deidentify(data, key=sweep.KEY, profile=profile)
    assert isinstance(result, Quarantined) or sweep.WHO.family[:16].lower().encode() not in result.data.lower()
