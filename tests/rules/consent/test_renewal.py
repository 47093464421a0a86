"""A changed form: what makes a change material, and that keeping what is still covered never allows anything more."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from consent.rules.form_content import choices_of, default_content
from consent.rules.forms import Choice, preview_terms
from consent.rules.matching import permits
from consent.rules.renewal import changed_choices, no_wider, same_meaning, still_covered
from consent.rules.use import Organisation, Use

BEFORE = choices_of(default_content())
BY_CODE = {choice.code: choice for choice in BEFORE}
TERMS = ("NPUNCU", "NTRAIN", "NWEIGHTS", "NCU", "PUB", "IRB", "NMDS", "GSO")


def answers() -> st.SearchStrategy[dict[str, bool | None]]:
    return st.fixed_dictionaries({choice.code: st.sampled_from([True, False, None]) for choice in BEFORE})


@st.composite
def forms(draw: st.DrawFn) -> tuple[Choice, ...]:
    """A later form: choices gone, turned round, made something else, or new."""
    kept = [choice for choice in BEFORE if draw(st.integers(0, 5))]
    changed = []
    for choice in kept:
        how = draw(st.sampled_from(["same", "same", "same", "when", "term", "label", "required"]))
        if how == "when":
            choice = replace(choice, when=not choice.when)
        elif how == "term" and choice.kind == "modifier":
            choice = replace(choice, term=draw(st.sampled_from(TERMS)))
        elif how == "term":
            choice = replace(choice, term=draw(st.sampled_from(["GRU", "HMB", "POA"])), diseases=())
        elif how == "label":
            choice = replace(choice, label=f"{choice.label} (new)")
        elif how == "required":
            choice = replace(choice, required=not choice.required)
        changed.append(choice)
    if draw(st.booleans()):
        changed.append(Choice("extra", "More", "More.", "permission", draw(st.sampled_from(["GRU", "HMB"]))))
    if draw(st.booleans()):
        changed.append(Choice("limit", "Limit", "Limit.", "modifier", draw(st.sampled_from(TERMS)), when=True))
    codes = {choice.code for choice in changed}
    return tuple(replace(c, only_if=c.only_if if c.only_if in codes else None) for c in changed)


def uses() -> st.SearchStrategy[Use]:
    return st.builds(
        Use,
        hmb=st.booleans(),
        general=st.booleans(),
        diseases=st.sampled_from([(), ("MONDO:0004992",)]),
        train_model=st.booleans(),
        share_weights=st.sampled_from([True, False]),
        commercial=st.sampled_from([True, False]),
        org=st.sampled_from(list(Organisation)),
        methods=st.booleans(),
    )


@given(forms(), answers(), uses())
def test_what_is_kept_never_allows_more_than_was_allowed(
    after: tuple[Choice, ...], chosen: dict[str, bool | None], use: Use
) -> None:
    kept = still_covered(BEFORE, after, chosen)
    if kept is None:
        return
    new, old = preview_terms(after, kept), preview_terms(BEFORE, chosen)
    assert no_wider(new, old)
    if permits(new, use).allowed:
        assert permits(old, use).allowed


@given(answers())
def test_where_nothing_changed_everything_is_kept(chosen: dict[str, bool | None]) -> None:
    kept = still_covered(BEFORE, BEFORE, chosen)
    old = preview_terms(BEFORE, chosen)
    assert (preview_terms(BEFORE, kept) == old) if kept is not None else not old.alternatives


@given(forms())
def test_every_choice_that_came_went_or_means_something_else_is_named(after: tuple[Choice, ...]) -> None:
    new = {choice.code: choice for choice in after}
    differs = set(BY_CODE) ^ set(new) or any(not same_meaning(BY_CODE[code], new[code]) for code in new)
    if differs:
        assert changed_choices(BEFORE, after)
    assert changed_choices(BEFORE, BEFORE) == []


def test_another_wording_of_a_choice_is_a_change_and_a_comma_is_none() -> None:
    first = BEFORE[0]
    assert changed_choices(BEFORE, (replace(first, label="Any research at all"), *BEFORE[1:]))
    assert not changed_choices(BEFORE, (replace(first, label=f"{first.label.upper()}."), *BEFORE[1:]))


def test_a_limit_that_the_new_form_cannot_say_is_never_lost() -> None:
    chosen = {"health_research": True, "commercial_use": False, "train_models": False}
    without = tuple(choice for choice in BEFORE if choice.code != "commercial_use")
    assert still_covered(BEFORE, without, chosen) is None
