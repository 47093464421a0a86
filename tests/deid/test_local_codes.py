"""Local codes stay apart without being told: a keyed code of our scheme stands for each, and nothing of its meaning."""

import re

import pytest
from pydicom import Dataset

from curation.deid import BASIC, RESEARCH, Cleaned, Profile, deidentify, derive_group_key, derive_subject_key

from . import checker, planted

DOMAIN, OTHER = b"k" * 32, b"l" * 32
KEYED = re.compile("[A-Z2-7]{10}")


def coded(value: str, scheme: str = "99KUNI", keyword: str = "CodeValue") -> Dataset:
    item = Dataset()
    setattr(item, keyword, value)
    if scheme:
        item.CodingSchemeDesignator, item.CodingSchemeVersion = scheme, "Kunigunde 2"
    item.CodeMeaning = "Liver of Kunigunde"
    return item


def after(*items: Dataset, domain: bytes = DOMAIN, subject: str = "one", profile: Profile = RESEARCH) -> list[Dataset]:
    dataset = planted.dataset()
    dataset.AnatomicRegionSequence = list(items)
    key, group = derive_subject_key(domain, subject), derive_group_key(domain)
    result = deidentify(planted.as_file(dataset), key=key, group_key=group, profile=profile)
    assert isinstance(result, Cleaned)
    return list(checker.read(result.data).AnatomicRegionSequence)


@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_nothing_of_a_local_code_is_left_but_that_it_is_one(profile: Profile) -> None:
    (left,) = after(coded("KUNIGUNDE"), profile=profile)
    assert KEYED.fullmatch(left.CodeValue)
    assert (left.CodingSchemeDesignator, left.CodeMeaning) == ("99DONARA", "REMOVED")
    assert len(left) == 3


def test_different_codes_stay_apart_and_the_same_stay_together() -> None:
    items = [coded("A1"), coded("A2"), coded("A1", "99ELSE"), coded("A1", ""), coded("A1 ")]
    values = [item.CodeValue for item in after(*items)]
    assert len(set(values)) == 4
    assert values[0] == values[4]
    assert values == [item.CodeValue for item in after(*items, subject="another donor")]
    assert set(values).isdisjoint(item.CodeValue for item in after(*items, domain=OTHER))


def test_no_scheme_and_its_code_read_as_another_scheme_and_code() -> None:
    one, other = after(coded("BC", "99A"), coded("C", "99AB"))
    assert one.CodeValue != other.CodeValue


def test_long_codes_stay_long_and_urns_stay_urns() -> None:
    long, urn = after(
        coded("KUNIGUNDE-ZWETSCHGENBAUM", keyword="LongCodeValue"), coded("urn:oid:1.2.3.99999", "", "URNCodeValue")
    )
    assert re.fullmatch("[A-Z2-7]{24}", long.LongCodeValue)
    assert "CodeValue" not in long
    assert re.fullmatch(r"urn:oid:2\.25\.[0-9]{39}", urn.URNCodeValue)
    assert "CodingSchemeDesignator" not in urn


def test_a_code_is_not_made_up_where_there_is_none() -> None:
    empty = coded("")
    missing = coded("")
    del missing.CodeValue
    for left in after(empty, missing):
        assert not KEYED.fullmatch(left.get("CodeValue", ""))
        assert left.CodingSchemeDesignator != "99DONARA"


def test_public_schemes_are_left_as_they_are() -> None:
    public = coded("T-D1100", "SRT")
    (left,) = after(public)
    assert (left.CodeValue, left.CodingSchemeDesignator) == ("T-D1100", "SRT")
