"""What referred to an object of the study before refers to it after; what was turned elsewhere or lost is named."""

import pytest

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.files.container import read_container
from curation.deid.gates.references import Broken, Uid, check_references, uids_of
from curation.deid.reading.parse import Parser

from . import planted

KEY, OTHER = derive_subject_key(b"k" * 32, "one"), derive_subject_key(b"k" * 32, "other")
INSTANCE, REFERRED = 0x00080018, 0x00081155
SEQUENCE = 0x00081140


def uids(data: bytes) -> list[Uid]:
    """The UIDs of a file."""
    container = read_container(data)
    return uids_of(Parser(container.data).root(container.start, container.encoding))


def cleaned(data: bytes, key: bytes) -> list[Uid]:
    """The UIDs of a file after cleaning."""
    result = deidentify(data, key=key)
    assert isinstance(result, Cleaned)
    return uids(result.data)


def study() -> list[bytes]:
    """Two objects of which the first refers to the second, five items deep."""
    other = planted.dataset()
    other.SOPInstanceUID = f"{planted.STUDY_UID}.9"
    return [planted.as_file(planted.dataset()), planted.as_file(other)]


def test_references_of_a_cleaned_study_hold() -> None:
    files = study()
    broken = check_references([uids(data) for data in files], [cleaned(data, KEY) for data in files])
    assert all(found.gone for found in broken)
    assert SEQUENCE not in {found.path[0] for found in broken}


def test_two_keys_within_a_study_break_it() -> None:
    files = study()
    after = [cleaned(data, key) for data, key in zip(files, (KEY, OTHER), strict=True)]
    broken = check_references([uids(data) for data in files], after)
    assert {SEQUENCE, 0x0020000D} <= {found.path[0] for found in broken if not found.gone}


def test_what_is_named_and_what_is_not() -> None:
    own, link = (INSTANCE, 0), (SEQUENCE, 0, REFERRED, 0)
    before = [[Uid(own, b"1.1"), Uid(link, b"1.2")], [Uid(own, b"1.2"), Uid(link, b"9.9")]]
    good = [[Uid(own, b"2.1"), Uid(link, b"2.2")], [Uid(own, b"2.2"), Uid(link, b"2.9")]]
    assert check_references(before, good) == []
    lost = [[Uid(own, b"2.1")], good[1]]
    assert check_references(before, lost) == [Broken(0, link, gone=True)]
    turned = [[Uid(own, b"2.1"), Uid(link, b"2.3")], good[1]]
    assert check_references(before, turned) == [Broken(0, link, gone=False)]
    assert check_references(before, [None, good[1]]) == []
    assert check_references(before, [turned[0], None]) == []


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        check_references([[]], [])
