"""A consent form's structured choices, and the terms that a donor's answers to them make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from consent.rules.grammar import Alternative, Modifier, Terms, Value
from core.errors import Invalid

ChoiceKind = Literal["permission", "modifier"]


class ChoiceError(Invalid):
    """Answers that make no terms; `fields` says which choice and why."""

    default_code = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a donor chooses; off (None) until it is answered.

    A `permission` choice is a box: ticked, it adds an alternative with `term` and `diseases`. A `modifier`
    choice is a yes or a no: the answer that `when` names adds `term` with `value` to every alternative (open
    counts as no). `required` means that yes or no must be said. `only_if` names a choice without whose yes this
    one is not asked and counts as no.
    """

    code: str
    label: str
    help: str
    kind: ChoiceKind
    term: str
    diseases: tuple[str, ...] = ()
    value: Value = None
    when: bool = False
    required: bool = False
    only_if: str | None = None


def asked(choice: Choice, chosen: Mapping[str, bool | None]) -> bool:
    """Whether a choice is put to the donor, given the answers so far."""
    return choice.only_if is None or chosen.get(choice.only_if) is True


def terms_from_choices(form_choices: Sequence[Choice], chosen: Mapping[str, bool | None]) -> Terms:
    """The terms that complete answers (`{choice code: True | False | None}`) make.

    Raises ChoiceError with a sentence for a choice that the form does not have, a question left open, or when
    nothing at all is allowed.
    """
    _check_known(form_choices, chosen)
    still_open = {
        choice.code: f"Please answer yes or no: {choice.label}"
        for choice in form_choices
        if choice.required and asked(choice, chosen) and chosen.get(choice.code) is None
    }
    if still_open:
        raise ChoiceError(next(iter(still_open.values())), fields=still_open)
    terms = preview_terms(form_choices, chosen)
    if not terms.alternatives:
        raise ChoiceError("Please choose at least one kind of research, or leave without signing.")
    return terms


def preview_terms(form_choices: Sequence[Choice], chosen: Mapping[str, bool | None]) -> Terms:
    """The terms that the answers so far would make, for the live sentence: what is still open counts as no.

    Raises ChoiceError for a choice that the form does not have.
    """
    _check_known(form_choices, chosen)
    modifiers = tuple(
        Modifier(choice.term, choice.value)
        for choice in form_choices
        if choice.kind == "modifier" and _yes(choice, chosen) is choice.when
    )
    return Terms(
        tuple(
            Alternative(choice.term, choice.diseases, modifiers)
            for choice in form_choices
            if choice.kind == "permission" and _yes(choice, chosen)
        )
    )


def _yes(choice: Choice, chosen: Mapping[str, bool | None]) -> bool:
    return asked(choice, chosen) and chosen.get(choice.code) is True


def _check_known(form_choices: Sequence[Choice], chosen: Mapping[str, bool | None]) -> None:
    known = {choice.code for choice in form_choices}
    for code, answer in chosen.items():
        if code not in known:
            raise ChoiceError("The form does not have one of these choices. Please reload the page.")
        if answer is not None and not isinstance(answer, bool):
            raise _choice_error(code, "Please answer with yes or no.")


def _choice_error(code: str, sentence: str) -> ChoiceError:
    return ChoiceError(sentence, fields={code: sentence})
