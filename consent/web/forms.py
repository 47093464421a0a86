"""The forms on the way to signing: about you, the questions, the signature."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.rules.form_content import Question
from consent.rules.person import check_person
from core.design.forms import PasswordAgain
from core.errors import Invalid, Refused
from core.spoken import said

DATE_FORMATS = ["%d %m %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"]


def add_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Puts a refusal's sentences on the form: each at its field, the rest at the top."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    here = {name: sentence for name, sentence in fields.items() if name in form.fields}
    for name, sentence in here.items():
        form.add_error(name, said(sentence))
    if not here:
        form.add_error(None, said(refusal.sentence))


class DetailsForm(forms.Form):
    """Who signs. It is compared with the names inside the scans, so that nobody gives another's by mistake."""

    given_name = forms.CharField(
        label=_("First name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        help_text=_("Day, month and year, for example 31 3 1980."),
        input_formats=DATE_FORMATS,
        error_messages={
            "invalid": _("We know no such day. Enter your date of birth as day, month and year, for example 31 3 1980.")
        },
        widget=forms.DateInput(
            format="%d %m %Y", attrs={"autocomplete": "bday", "class": "nhsuk-input--width-10", "inputmode": "text"}
        ),
    )
    previous_names = forms.CharField(
        label=_("Earlier names"),
        required=False,
        help_text=_("If you had another family name when a scan was made, write it here. One name on each line."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_previous_names(self) -> list[str]:
        """One name a line, ten at most."""
        names = [line.strip() for line in self.cleaned_data["previous_names"].splitlines() if line.strip()]
        if len(names) > 10 or any(len(name) > 120 for name in names):
            raise forms.ValidationError(_("Write at most 10 earlier names, each on its own line."))
        return names

    def clean(self) -> dict[str, Any]:
        """The same rule that signing asks, so that it is met here and not at the end."""
        said = self.cleaned_data
        if {"given_name", "family_name", "birth_date"} <= said.keys():
            try:
                check_person(said["given_name"], said["family_name"], said["birth_date"], timezone.now().date())
            except Invalid as refusal:
                add_refusal(self, refusal)
        return said


class QuestionsForm(forms.Form):
    """The teach-back questions. Nothing is required: an answer only brings an explanation."""

    def __init__(self, questions: tuple[Question, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.code] = forms.ChoiceField(
                label=question.text,
                choices=[(str(index), option) for index, option in enumerate(question.options)],
                widget=forms.RadioSelect,
                required=False,
            )

    def items(self) -> list[dict[str, object]]:
        """Each question's field, and what to say of the answer once there is one."""
        return [self._item(question) for question in self.questions]

    def _item(self, question: Question) -> dict[str, object]:
        answer = self.cleaned_data.get(question.code, "") if self.is_bound and self.is_valid() else ""
        right = answer == str(question.answer)
        word = "" if not answer else _("Yes, that is right.") if right else _("Not quite.")
        return {"field": self[question.code], "word": word, "feedback": question.feedback}


class SignForm(forms.Form):
    """The signature: the name typed, and the password again. `shown` says what the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label=_("Type your first name and family name"),
        help_text=_("This is your signature."),
        max_length=250,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type your first name and your family name.")},
    )
    password = PasswordAgain()
