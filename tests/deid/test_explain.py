"""Every element has a decision with a rule, told before anything is written and without a value."""

import pytest

from curation.deid import Cleaned, Unreadable, deidentify, derive_subject_key, explain

from . import planted

KEY = derive_subject_key(b"k" * 32, "donor")


def test_every_element_has_an_action_and_a_rule() -> None:
    data = planted.as_file(planted.dataset())
    steps = explain(data, key=KEY)
    by_path = {step.path: step for step in steps}
    assert by_path["(0010,0010)"].action == "pseudonym"
    assert by_path["(0010,1040)"].rule == "PS3.15 E.1-1:00101040:X"
    assert by_path["(0009,1010)"].rule == "PS3.15 E.1-1:private:X"
    assert by_path["(0018,9999)"].rule == "own:unknown"
    assert by_path["(0008,1140).(0008,1140).(0010,4000)"].action == "keep known words"
    assert by_path["(0018,1200)"].rule == "own:never-shifted:00181200:X"
    assert all(step.name and step.rule for step in steps)


def test_an_explanation_counts_what_the_cleaning_does_and_holds_no_value() -> None:
    data = planted.as_file(planted.dataset())
    result, steps = deidentify(data, key=KEY), explain(data, key=KEY)
    assert isinstance(result, Cleaned)
    assert result.decisions.total() == len(steps)
    assert not any(secret in str(steps) for secret in planted.SECRETS)


def test_what_would_be_refused_is_not_explained() -> None:
    with pytest.raises(Unreadable, match="not a DICOM file"):
        explain(b"hello " * 100, key=KEY)
