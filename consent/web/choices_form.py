"""A form's structured choices as fields: boxes for kinds of research, yes or no for the rest, all off at first."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.queries import spoken
from consent.rules.forms import Choice, preview_terms, terms_from_choices
from consent.web.way import Answers
from core.errors import Invalid
from core.spoken import said

BOXES = "may"
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class ChoicesForm(forms.Form):
    """Answers to a form's choices. With `complete` false nothing is required: it only says what the answers mean."""

    def __init__(
        self, choices: Sequence[Choice], *args: Any, chosen: Mapping[str, bool | None], complete: bool = True, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.choices, self.chosen, self.complete = choices, chosen, complete
        boxes = [choice for choice in choices if _is_box(choice)]
        if boxes:
            self.fields[BOXES] = _box_field(boxes, chosen)
        labels = {choice.code: choice.label for choice in choices}
        for choice in choices:
            if not _is_box(choice):
                self.fields[_name(choice.code)] = _yes_no_field(choice, chosen.get(choice.code), labels)

    def answers(self) -> Answers:
        """What was chosen: True, False, or None where nothing was said."""
        if not self.is_bound:
            known = {choice.code for choice in self.choices}
            return {code: answer for code, answer in self.chosen.items() if code in known}
        ticked = self.cleaned_data.get(BOXES, [])
        said = {"yes": True, "no": False}
        return {
            choice.code: (choice.code in ticked or None)
            if _is_box(choice)
            else said.get(self.cleaned_data.get(_name(choice.code), ""))
            for choice in self.choices
        }

    def clean(self) -> dict[str, Any]:
        """What may be signed is decided by the rule that signing asks."""
        if self.complete and not self.errors:
            try:
                terms_from_choices(self.choices, self.answers())
            except Invalid as refusal:
                for code, words in refusal.fields.items():
                    self.add_error(_name(code) if _name(code) in self.fields else None, self._asked(code, words))
                if not refusal.fields:
                    self.add_error(BOXES if BOXES in self.fields else None, said(refusal.sentence))
        return self.cleaned_data

    def _asked(self, code: str, words: str) -> str:
        """A question that is left open is named in the form's own words; anything else as the rule says it."""
        label = next((choice.label for choice in self.choices if choice.code == code), "")
        if words.endswith(label) and self.answers().get(code) is None:
            return gettext("Please answer yes or no: %(choice)s") % {"choice": label}
        return said(words)

    def meaning(self) -> tuple[list[str], list[str]]:
        """(can, cannot) of the answers so far, from the very terms that they would make."""
        if self.is_bound:
            self.is_valid()  # a box that the form does not have is left out
        return meaning_of(self.choices, self.answers())


def meaning_of(choices: Sequence[Choice], answers: Mapping[str, bool | None]) -> tuple[list[str], list[str]]:
    """(can, cannot): the phrases of the live sentence for these answers."""
    return spoken(preview_terms(choices, answers))


def _is_box(choice: Choice) -> bool:
    return choice.kind == "permission" and not choice.required


def _name(code: str) -> str:
    return f"choice_{code}"


def _box_field(boxes: Sequence[Choice], chosen: Mapping[str, bool | None]) -> forms.MultipleChoiceField:
    field = forms.MultipleChoiceField(
        label=_("What may your scans be used for?"),
        help_text=_("Tick all that you allow. What you do not tick is not allowed."),
        choices=[(choice.code, choice.label) for choice in boxes],
        widget=forms.CheckboxSelectMultiple,
        initial=[choice.code for choice in boxes if chosen.get(choice.code)],
        required=False,
    )
    field.widget.choice_hints = {choice.code: choice.help for choice in boxes}
    return field


def _yes_no_field(choice: Choice, answer: bool | None, labels: Mapping[str, str]) -> forms.ChoiceField:
    only_if = ""
    if choice.only_if:
        only_if = " " + gettext("Answer this only if you said yes to: %(choice)s") % {"choice": labels[choice.only_if]}
    return forms.ChoiceField(
        label=choice.label,
        help_text=escape(choice.help + only_if),  # the template trusts help texts, and a steward wrote this one
        choices=YES_NO,
        widget=forms.RadioSelect,
        initial={True: "yes", False: "no"}.get(answer) if answer is not None else None,
        required=False,
    )
