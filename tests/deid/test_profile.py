"""Profiles: options and a project's own rules, which only make stricter what holds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.deid import BASIC, RESEARCH, Cleaned, Profile, ProfileError, deidentify, derive_subject_key, load_profile
from curation.deid.actions import Action
from curation.deid.decide import DecisionTable
from curation.deid.files.representations import dictionary_vrs
from curation.deid.standard.profile import profile_from
from curation.deid.standard.rules import OPTIONS, ROWS

from . import checker, planted

CT = "1.2.840.10008.5.1.4.1.1.2"
KEY = derive_subject_key(b"k" * 32, "donor")
SOURCE = planted.as_file(planted.dataset())
GONE = {Action.REMOVE: 3, Action.EMPTY: 2, Action.DUMMY: 1, Action.UID: 1, Action.PSEUDONYM: 1}
GONE |= {Action.SITE: 1, Action.DEVICE: 1}
SETS = st.sets(st.sampled_from(OPTIONS)).filter(
    lambda chosen: not {"retain_long_full_dates", "retain_long_modified_dates"} <= chosen
)


def test_options_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ProfileError, match="contradict"):
        Profile("both", frozenset({"retain_long_full_dates", "retain_long_modified_dates"}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"options": ["retain_everything"]}, "retain_everything is not one of"),
        ({"options": "retain_uids"}, "not a list"),
        ({"option": []}, "field option"),
        ({"rules": {"PatientSex": "K"}}, "would weaken"),
        ({"rules": {"PatientSex": "C"}}, "would weaken"),
        ({"rules": {"PatientsSex": "X"}}, "names no DICOM attribute"),
        ({"rules": {"(0008,00ZZ)": "X"}}, "names no DICOM attribute"),
        ({"rules": {"SOPInstanceUID": "X"}}, "would leave no object"),
        ({"rules": ["X"]}, "not a table"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused_with_a_sentence(content: dict[str, object], said: str) -> None:
    with pytest.raises(ProfileError, match=said):
        profile_from(content)


def test_a_file_is_read_and_what_is_no_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "lungs.toml"
    path.write_text('name = "lungs"\noptions = ["retain_uids"]\n[rules]\n"(0028,0010)" = "Z"\nPatientSex = "X"\n')
    profile = load_profile(str(path))
    assert (profile.name, profile.options) == ("lungs", {"retain_uids"})
    assert profile.project == {0x00280010: "Z", 0x00100040: "X"}
    assert load_profile("basic") is BASIC
    assert load_profile("research") is RESEARCH
    path.write_text("{")
    for wrong in (str(path), str(tmp_path / "none.toml")):
        with pytest.raises(ProfileError, match="profile"):
            load_profile(wrong)


@given(options=SETS, tag=st.sampled_from(sorted(ROWS)), code=st.sampled_from("UDZX"))
def test_a_project_makes_every_rule_stricter_or_leaves_it(options: set[str], tag: int, code: str) -> None:
    vr = (dictionary_vrs(tag) or ("UN",))[0]
    without = DecisionTable(CT, Profile("a", frozenset(options))).decide(tag, vr, 0).action
    tightened = DecisionTable(CT, Profile("b", frozenset(options), {tag: code})).decide(tag, vr, 0).action
    assert GONE.get(tightened, 0) >= GONE.get(without, 0)


def test_a_projects_rule_holds_in_the_file() -> None:
    project = Profile("project", RESEARCH.options, {0x00181030: "X", 0x00080060: "Z"})
    result = deidentify(SOURCE, key=KEY, profile=project)
    assert isinstance(result, Cleaned)
    assert checker.read(result.data).Modality == ""
    assert "ProtocolName" not in checker.read(result.data)
    assert result.rules_digest == project.digest != RESEARCH.digest


def test_a_class_that_a_project_does_not_take_is_refused() -> None:
    result = deidentify(SOURCE, key=KEY, profile=Profile("no CT", refuse=frozenset({CT})))
    assert getattr(result, "reason", "") == "sop_class_not_allowed"


@given(options=SETS)
def test_every_set_of_options_has_a_digest_of_its_own(options: set[str]) -> None:
    one, other = Profile("a", frozenset(options)), Profile("b", frozenset(options))
    assert one.digest == other.digest
    assert (one.digest == BASIC.digest) == (not options)
