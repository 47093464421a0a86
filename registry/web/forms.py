"""What donors are asked when they give, and what the registry's other forms are made of."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.spoken import said

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesForm(forms.Form):
    """Files, a ZIP, or a whole folder; the server reads them itself, so nothing is required here."""

    folder = forms.FileField(
        label=_("A whole folder or disc"),
        required=False,
        help_text=_("Choose the disc or stick itself. Everything on it is looked through."),
        widget=ManyFiles(attrs={"multiple": True, "webkitdirectory": True}),
    )
    images = forms.FileField(
        label=_("Or single files, or a ZIP"),
        required=False,
        help_text=_("You can choose many at once."),
        widget=ManyFiles(attrs={"multiple": True}),
    )


class WithoutForm(forms.Form):
    """The answer to 'send without the pictures that have not arrived?': only its button says yes."""

    without = forms.CharField(widget=forms.HiddenInput, initial="yes")


class WhoseForm(forms.Form):
    """The answer to 'are these yours?'."""

    whose = forms.ChoiceField(
        label=_("Whose images are these?"),
        choices=(
            ("mine", _("They are mine. I had another name, or it is misspelt")),
            ("not_mine", _("They are not mine")),
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].widget.choice_hints = {
            "mine": _("We keep them with your donation."),
            "not_mine": _("We delete them at once. The others stay."),
        }


def choices_in(words: Mapping[Any, str]) -> list[tuple[str, Any]]:
    """Codes and their words to choose from, in the reader's language."""
    return [(str(code), _(text)) for code, text in words.items()]


def yes_no(label: Any, help_text: Any = "") -> forms.TypedChoiceField:
    """A question that wants a yes or a no."""
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=lambda value: value == "yes", widget=forms.RadioSelect, help_text=help_text
    )


def take_errors(form: forms.Form, fields: dict[str, str], sentence: str) -> None:
    """Puts an action's refusal where it belongs on the form, in the reader's language."""
    for name, words in fields.items():
        form.add_error(name if name in form.fields else None, said(words))
    if not fields:
        form.add_error(None, said(sentence))
