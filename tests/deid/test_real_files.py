"""No real file crashes the engine, and of none does anything survive that Table E.1-1 says must go."""

import hashlib
import re
from pathlib import Path

import pytest

from curation.deid import (
    BASIC,
    RESEARCH,
    Cleaned,
    Profile,
    Quarantined,
    deidentify,
    derive_subject_key,
)
from curation.deid.texts.vocabulary import is_known

from . import checker, corpus
from .residual import residual_search
from .subject import subject_values

KEY = derive_subject_key(bytes(range(32)), "donor-1")
OTHER = derive_subject_key(bytes(range(32)), "donor-2")


@pytest.fixture(params=corpus.files(), ids=corpus.short_name)
def path(request: pytest.FixtureRequest) -> Path:
    """Each real file in turn."""
    chosen: Path = request.param
    return chosen


def test_there_are_real_files() -> None:
    assert len(corpus.files()) > 250


def test_the_checker_finds_what_is_in_uncleaned_files() -> None:
    data = next(path for path in corpus.files() if path.name == "CT_small.dcm").read_bytes()
    assert len(checker.survivors(data, data, BASIC.options)) > 50


def anyones(value: str, data: bytes, output: bytes) -> bool:
    """Whether what stands of a value is words of imaging, or the maker's name, which is kept."""
    maker = str(checker.read(data).get("Manufacturer", "")).lower()
    words = [word for word in re.findall(r"[^\W_]+", value.lower()) if word.encode() in output.lower()]
    return all(word in maker or is_known(word) or len(word) < 3 for word in words)


@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_a_real_file_is_cleaned_or_refused_with_a_reason(path: Path, profile: Profile) -> None:
    data = path.read_bytes()
    result = deidentify(data, key=KEY, profile=profile)
    assert result.source_sha256 == hashlib.sha256(data).hexdigest()
    if isinstance(result, Quarantined):
        assert result.reason != "engine_failed"
        assert result.sentence.endswith(".")
        return
    assert checker.survivors(data, result.data, profile.options) == []
    values = subject_values(data)
    left = [values[index] for index in residual_search(result.data, values)]
    assert [value for value in left if not anyones(value, data, result.data)] == []
    assert hashlib.sha256(result.data).hexdigest() == result.output_sha256


def test_pixels_of_a_real_file_are_untouched(path: Path) -> None:
    data = path.read_bytes()
    result = deidentify(data, key=KEY)
    if not isinstance(result, Cleaned):
        return
    before, after = checker.read(data), checker.read(result.data)
    for name in checker.PIXELS:
        assert (name in before) == (name in after)
        if name in before:
            old, new = bytes(before[name].value), bytes(after[name].value)
            # Comments inside compressed frames are blanked in place; all else is the same.
            assert new == old or (len(new) == len(old) and all(n in (o, 0) for n, o in zip(new, old, strict=True)))


def test_a_second_cleaning_gives_the_same_bytes_and_another_donor_shares_no_uid(path: Path) -> None:
    data = path.read_bytes()
    once, again, other = (deidentify(data, key=key) for key in (KEY, KEY, OTHER))
    assert once == again
    if isinstance(once, Cleaned) and isinstance(other, Cleaned):
        mine, theirs = (set(_new_uids(cleaned.data)) for cleaned in (once, other))
        assert mine.isdisjoint(theirs)


def _new_uids(data: bytes) -> list[str]:
    found = [checker.values(element) for element in checker.walk(checker.read(data)) if element.VR == "UI"]
    return [uid for uids in found for uid in uids if checker.NEW_UID.fullmatch(uid)]


def test_few_real_files_are_refused_for_causes_beside_their_kind() -> None:
    reasons = [
        result.reason
        for result in (deidentify(path.read_bytes(), key=KEY) for path in corpus.files())
        if isinstance(result, Quarantined)
    ]
    damaged = [reason for reason in reasons if reason in ("malformed", "unreadable_element", "transfer_syntax_unknown")]
    assert len(damaged) <= len(corpus.files()) // 50
