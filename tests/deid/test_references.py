"""What led to an object of the study before leads to it after; files that disagree are found, wherever made."""

from collections.abc import Iterable, Sequence

import pytest
from pydicom import Dataset

from curation.deid import BASIC, RESEARCH, Cleaned, Deidentifier, Profile, SubjectKey, derive_subject_key
from curation.deid.files.container import read_container
from curation.deid.gates.references import Linked, broken, links_of
from curation.deid.reading.parse import Parser
from curation.deid.values import pseudonyms

from . import planted
from .references_by_place import Broken, Uid, check_references, uids_of

KEY, OTHER = derive_subject_key(b"k" * 32, "one"), derive_subject_key(b"k" * 32, "other")
INSTANCE, REFERRED = 0x00080018, 0x00081155
SEQUENCE = 0x00081140
FIRST, SECOND = f"{planted.SERIES_UID}.3", f"{planted.STUDY_UID}.9"


def study() -> list[bytes]:
    """Two objects of which the first refers to the second, five items deep, and the second to neither."""
    other = planted.dataset()
    other.SOPInstanceUID, other.ReferencedImageSequence, other.RequestAttributesSequence = SECOND, [], []
    return [planted.as_file(planted.dataset()), planted.as_file(other)]


def cleaned(data: bytes, key: SubjectKey = KEY, profile: Profile = RESEARCH) -> Cleaned:
    result = Deidentifier(key, profile=profile).clean(data)
    assert isinstance(result, Cleaned)
    return result


def linked(results: Iterable[Cleaned], subjects: Sequence[str] = ()) -> list[tuple[int, Linked]]:
    """What the check is given of some files; all are one subject's unless said."""
    return [(at, Linked(subjects[at] if subjects else "donor", links_of(result))) for at, result in enumerate(results)]


def hits(results: Iterable[Cleaned], subjects: Sequence[str] = ()) -> list[int]:
    files = linked(results, subjects)
    found = broken(lambda: iter(files))
    assert found == sorted(broken(lambda: reversed(files)))
    return found


@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_references_of_a_cleaned_study_hold(profile: Profile) -> None:
    assert hits([cleaned(data, profile=profile) for data in study()]) == []


def test_it_agrees_with_what_is_read_from_the_files_themselves() -> None:
    files = study()
    results = [cleaned(data) for data in files]
    found = check_references([uids(data) for data in files], [uids(each.data) for each in results])
    assert all(each.gone for each in found)
    assert SEQUENCE not in {each.path[0] for each in found}


def test_the_few_that_were_cleaned_under_another_key_are_found() -> None:
    one, other = study()
    results = [cleaned(one), cleaned(other), cleaned(other), cleaned(other, OTHER), cleaned(one, OTHER)]
    assert hits(results) == [3, 4]


def test_a_reference_to_what_is_not_there_is_no_hit() -> None:
    one, other = study()
    assert hits([cleaned(one)]) == []
    assert hits([cleaned(one), cleaned(one, OTHER)], ["a", "b"]) == []
    assert hits([cleaned(one), cleaned(other)], ["a", "b"]) == [0]


def test_two_objects_that_became_one_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pseudonyms.keyed_uid
    monkeypatch.setattr(pseudonyms, "keyed_uid", lambda key, uid: real(key, uid.replace(b".2.3", b".9")))
    assert hits([cleaned(data) for data in study()]) != []


def test_an_engine_that_forgets_what_it_made_of_a_uid_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted defect: where a UID came as an object's own, it becomes another one than in references to it."""
    real = pseudonyms.keyed_uid

    def forgetful(key: bytes, uid: bytes) -> bytes:
        return real(key, uid + b".0") if uid == SECOND.encode() else real(key, uid)

    results = [cleaned(study()[0])]
    monkeypatch.setattr(pseudonyms, "keyed_uid", forgetful)
    results.append(cleaned(study()[1]))
    assert hits(results) == [0]


def test_order_steps_and_warm_engines_change_nothing() -> None:
    datasets = [planted.dataset() for _ in range(6)]
    for number, dataset in enumerate(datasets):
        dataset.SOPInstanceUID = f"{SECOND}.{number}"
        link = Dataset()
        link.ReferencedSOPInstanceUID = f"{SECOND}.{5 - number}"
        dataset.ReferencedImageSequence = [link]
    files = [planted.as_file(dataset) for dataset in datasets]
    warm = Deidentifier(KEY)
    there = [links_of(each) for each in map(warm.clean, files) if isinstance(each, Cleaned)]
    back = [links_of(each) for each in map(warm.clean, reversed(files)) if isinstance(each, Cleaned)]
    alone = [links_of(cleaned(data)) for data in files]
    assert there == back[::-1] == alone
    assert len(set(alone)) == 6


def test_no_uid_is_in_what_is_kept_of_a_file() -> None:
    result = cleaned(study()[0])
    kept = links_of(result)
    assert len(kept) < 300
    assert not any(uid.encode() in kept for uid in (FIRST, SECOND, planted.STUDY_UID, result.sop_instance_uid))


def uids(data: bytes) -> list[Uid]:
    """The UIDs of a file, by where they stand."""
    container = read_container(data)
    return uids_of(Parser(container.data).root(container.start, container.encoding))


def test_what_the_second_opinion_calls_broken() -> None:
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
