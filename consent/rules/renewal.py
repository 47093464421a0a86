"""When a form changes: what kind of change it is, and what of a donor's earlier choices the new form still covers."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from consent.rules.forms import Choice, asked, preview_terms
from consent.rules.grammar import Alternative, Terms
from core.texts import Filled
from core.texts import gettext_noop as _

#: No programme may give its donors less time than this, and none may leave it open for ever.
LEAST_DAYS: Final = 14
MOST_DAYS: Final = 730


class Change(StrEnum):
    """How a published version differs from the one before it."""

    FIRST = "first"
    MINOR = "minor"  # who signed before need do nothing
    MATERIAL = "material"  # who signed before must sign again by a date


def changed_choices(before: Sequence[Choice], after: Sequence[Choice]) -> list[str]:
    """Sentences about each choice that came, went, or means or says something else; any makes a change material."""
    return list(_changes({c.code: c for c in before}, {c.code: c for c in after}))


def _changes(old: Mapping[str, Choice], new: Mapping[str, Choice]) -> Iterator[str]:
    for code, choice in old.items():
        if code not in new:
            yield Filled(_("The choice “{choice}” is gone."), choice=choice.label)
        elif not same_meaning(choice, new[code]):
            yield Filled(_("The choice “{choice}” means something else now."), choice=choice.label)
        elif _bare(choice.label) != _bare(new[code].label):
            sentence = _("The choice “{choice}” reads “{now}” now.")
            yield Filled(sentence, choice=choice.label, now=new[code].label)
    for code, choice in new.items():
        if code not in old:
            yield Filled(_("The choice “{choice}” is new."), choice=choice.label)


def same_meaning(one: Choice, other: Choice) -> bool:
    """Whether the same answer to both makes the same terms."""
    return _meaning(one) == _meaning(other)


def still_covered(
    before: Sequence[Choice], after: Sequence[Choice], chosen: Mapping[str, bool | None]
) -> dict[str, bool | None] | None:
    """Answers to the new form that allow what the earlier answers allowed, as far as the new form still offers it.

    What is new or means something else is not allowed. None where the new form cannot say it: nothing would be left,
    or the answers would allow something that was not allowed before.
    """
    old = {choice.code: choice for choice in before}
    answers: dict[str, bool | None] = {}
    for choice in after:
        known = choice.code in old and same_meaning(old[choice.code], choice)
        if not asked(choice, answers):
            answers[choice.code] = None
        elif known and chosen.get(choice.code) is not None:
            answers[choice.code] = chosen[choice.code]
        else:
            answers[choice.code] = None if choice.kind == "permission" and not choice.required else _narrow(choice)
    terms = preview_terms(after, answers)
    earlier = {code: answer for code, answer in chosen.items() if code in old}
    return answers if terms.alternatives and no_wider(terms, preview_terms(before, earlier)) else None


def no_wider(terms: Terms, than: Terms) -> bool:
    """Whether every alternative of `terms` is one of `than` with the same limits or more. Never wrongly yes."""
    return all(any(_within(option, wide) for wide in than.alternatives) for option in terms.alternatives)


def _within(option: Alternative, wide: Alternative) -> bool:
    same = (option.permission, option.diseases) == (wide.permission, wide.diseases)
    return same and set(wide.modifiers) <= set(option.modifiers)


def _narrow(choice: Choice) -> bool:
    """The answer that allows less: no to a permission, and to a modifier whatever adds its limit."""
    return choice.when if choice.kind == "modifier" else False


def _meaning(choice: Choice) -> tuple[object, ...]:
    rest = (choice.value, choice.when, choice.required, choice.only_if)
    return (choice.kind, choice.term, choice.diseases, *rest)


def _bare(label: str) -> str:
    """A label's words; a corrected comma is no other choice."""
    return "".join(letter for letter in label.casefold() if letter.isalnum())
