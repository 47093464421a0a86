"""Numbers, splits, rules of selection, manifests, votes and counts."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.use import Organisation
from consent.rules.verdicts import Obligation
from core.errors import Invalid
from core.ids import new_id
from registry.rules import counts, keyed, purpose, reasons
from registry.rules.agreement import agreement_text
from registry.rules.lifecycle import RequestState
from registry.rules.manifest import Row, Tombstone, manifest_bytes
from registry.rules.selection import Candidate, Rule, choose, parse, sentences
from registry.rules.split import Split, split_of
from registry.rules.versions import Bump, next_number, written
from registry.rules.votes import decided

NUMBER = st.tuples(*[st.integers(0, 99)] * 3)


@given(NUMBER, st.sampled_from(Bump))
def test_the_next_number_is_higher(number: tuple[int, int, int], bump: Bump) -> None:
    assert next_number(number, bump) > number
    assert next_number(None, bump) == (1, 0, 0)
    assert written(number).count(".") == 2


def test_an_unknown_bump_is_refused() -> None:
    with pytest.raises(Invalid):
        next_number((1, 0, 0), "gigantic")


def test_splits_follow_the_donor_alone_and_have_their_shares() -> None:
    donors = [new_id() for _ in range(4000)]
    shares = Counter(split_of(donor) for donor in donors)
    assert [split_of(donor) for donor in donors] == [split_of(UUID(str(donor))) for donor in donors]
    for split, share in {Split.TRAIN: 0.6, Split.VALIDATION: 0.2, Split.TEST: 0.2}.items():
        assert abs(shares[split] / len(donors) - share) < 0.03


def test_a_known_donor_stays_where_it_is_for_ever() -> None:
    assert split_of(UUID("01890a5d-ac96-774b-bcce-b302099a8057")) is Split.TEST


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (None, "rule"),
        ([], "rule"),
        ({"colour": "blue"}, "rule"),
        ({"modalities": "CT"}, "modalities"),
        ({"modalities": ["XX"]}, "modalities"),
        ({"labels_required": "yes"}, "labels_required"),
        ({"min_images_per_donor": 0}, "min_images_per_donor"),
        ({"min_images_per_donor": True}, "min_images_per_donor"),
        ({"min_images_per_donor": "2"}, "min_images_per_donor"),
        ({"use": {"nonsense": 1}}, "use"),
    ],
)
def test_a_rule_that_is_not_understood_is_refused(rule: object, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(rule)
    assert list(refused.value.fields) == [field]


@given(
    st.sets(st.sampled_from(["CT", "MR", "US"])),
    st.booleans(),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["CT", "MR", "US", "??"]), st.booleans()), max_size=30),
)
def test_what_a_rule_takes(kinds: set[str], labels: bool, least: int, rows: list[tuple[int, str, bool]]) -> None:
    rule = Rule(tuple(sorted(kinds)), labels, least)
    assert parse(rule.to_dict()) == rule
    assert all(line.endswith(".") for line in sentences(rule))
    donors = [new_id() for _ in range(5)]
    candidates = [Candidate(new_id(), donors[donor], kind, labelled) for donor, kind, labelled in rows]
    chosen = choose(candidates, rule)
    assert [c for c in candidates if c in chosen] == chosen
    assert all((not kinds or c.modality in kinds) and (c.labelled or not labels) for c in chosen)
    assert all(number >= least for number in Counter(c.donor_id for c in chosen).values())


def test_a_manifest_is_canonical_and_a_tombstone_says_nothing() -> None:
    row = Row("files/a.dcm", "0" * 64, 10, "train", "d1", "CT", {"lesion": True})
    data = manifest_bytes({"version": "1.0.0"}, [row, Tombstone("files/b.dcm", "1" * 64)])
    assert data == manifest_bytes({"version": "1.0.0"}, [row, Tombstone("files/b.dcm", "1" * 64)])
    read = json.loads(data)
    assert read["rows"][1] == {"file": "files/b.dcm", "sha256": "1" * 64, "withdrawn": True}
    assert read["rows"][0]["labels"] == {"lesion": True}
    assert hashlib.sha256(data).hexdigest() != hashlib.sha256(manifest_bytes({"version": "1.0.1"}, [row])).hexdigest()


def test_codes_of_one_purpose_say_nothing_about_another() -> None:
    codes = {
        keyed.keyed(key, what, *parts) for key in "ab" for what in "cd" for parts in (("e", "f"), ("ef",), ("e\0f",))
    }
    assert len(codes) >= 8


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ([], None),
        ([True], None),
        ([True, False], None),
        ([True, True], RequestState.APPROVED),
        ([False, True, False], RequestState.REJECTED),
        ([True, False, True, False], RequestState.APPROVED),
    ],
)
def test_two_alike_decide(votes: list[bool], outcome: RequestState | None) -> None:
    assert decided(votes) is outcome


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (412, 500, "410 of 500"),
        (415, 504, "420 of 500"),
        (1234, 5678, "1,230 of 5,680"),
        (0, 500, "fewer than 10 of 500"),
        (9, 500, "fewer than 10 of 500"),
        (10, 500, "10 of 500"),
        (490, 500, "490 of 500"),
        (491, 500, "all or nearly all of 500"),
        (500, 500, "all or nearly all of 500"),
        (0, 0, "fewer than 20 of fewer than 20"),
        (12, 19, "fewer than 20 of fewer than 20"),
        (10, 20, "10 of 20"),
    ],
)
def test_no_share_tells_of_few_people(part: int, whole: int, words: str) -> None:
    told = counts.share(part, whole)
    assert f"{told.part} of {told.whole}" == words


@given(st.integers(0, 400), st.data())
def test_whoever_is_added_to_few_or_taken_from_nearly_all_does_not_show(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    told = counts.share(part, whole)
    if told.part.replace(",", "").isdigit():
        assert counts.SMALL <= part <= whole - counts.SMALL
        assert int(told.part) % counts.TENS == 0
    else:
        small = part < counts.SMALL
        others = (
            range(min(whole, counts.SMALL - 1) + 1) if small else range(max(0, whole - counts.SMALL + 1), whole + 1)
        )
        assert {counts.share(other, whole) for other in others} == {told}


def test_every_reason_has_words() -> None:
    assert reasons.words("burned_in") != reasons.words("never heard of") != ""


def test_a_purpose_becomes_a_use() -> None:
    answers: dict[str, Any] = {"org": "forprofit", "area": "health", "commercial": True, "train_model": True}
    answers |= {"countries": ["gb"], "sensitive": []}
    use = purpose.use_of(answers)
    assert (use.hmb, use.commercial_model, use.share_weights, use.org) == (True, True, False, Organisation.FORPROFIT)
    within = purpose.use_of({**answers, "area": "diseases", "diseases": ["MONDO:0004992"]})
    assert (within.hmb, within.methods_within_disease, within.diseases) == (None, True, ("MONDO:0004992",))
    assert dict(purpose.sentences(within))["Research into"] == "cancer"
    assert purpose.use_of({**answers, "train_model": False, "share_weights": True}).share_weights is False
    with pytest.raises(Invalid):
        purpose.use_of({**answers, "org": "club"})


def test_what_is_sensitive_is_asked_and_said() -> None:
    answers: dict[str, Any] = {"org": "nonprofit", "area": "health", "countries": ["GB"]}
    for sensitive in (None, ["everything"]):
        with pytest.raises(Invalid):
            purpose.use_of({**answers, "sensitive": sensitive})
    calm, about = (purpose.use_of({**answers, "sensitive": named}) for named in ([], ["paediatric", "stigma"]))
    assert (calm.sensitive, calm.stigma) == ((), False)
    assert about.sensitive == ("stigma", "paediatric")
    assert dict(purpose.sentences(calm))["Sensitive matters"] == "None"
    assert dict(purpose.sentences(replace(calm, gender=None)))["Sensitive matters"] == "Not said"
    assert "children only" in dict(purpose.sentences(about))["Sensitive matters"]


def test_the_agreement_says_all_that_was_agreed() -> None:
    names = ("programme", "researcher", "institution", "dataset", "version", "digest", "until", "title", "aim")
    text = agreement_text({name: f"<{name}>" for name in names}, [("Commercial", "No")])
    assert all(f"<{name}>" in text for name in names)
    assert "Commercial: No" in text
    assert "find out who a donor is" in text
    assert "What the donors ask of you" not in text
    ethics = Obligation("IRB", "Ethics approval must be held.", "an approval")
    asked = agreement_text({name: f"<{name}>" for name in names}, [], [ethics])
    words = "What the donors ask of you\n  1. Ethics approval must be held. What shows it: an approval."
    assert words in asked
