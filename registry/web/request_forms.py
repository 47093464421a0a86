"""What is asked about access: of a researcher, of the committee, of who signs, and of who ends it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consent.queries import diseases
from consent.rules.diseases import BUILT_IN
from consent.rules.use import SENSITIVE_WORDS
from consent.rules.verdicts import Matter
from registry.actions.grants import REASONS
from registry.rules.purpose import AREAS, ORGANISATIONS
from registry.rules.texts import MOST
from registry.web.forms import yes_no

NONE = "none"
SENSITIVE_CHOICES = [(name, words[0].upper() + words[1:]) for name, words in SENSITIVE_WORDS.items()]


class RequestForm(forms.Form):
    """What a researcher wants to do."""

    title = forms.CharField(label="Title of your project", max_length=MOST["title"])
    aim = forms.CharField(
        label="What do you want to find out?",
        max_length=MOST["aim"],
        help_text="Two or three sentences that a donor understands. Donors read this.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    institution = forms.CharField(label="Your institution", max_length=MOST["institution"])
    org = forms.ChoiceField(
        label="What kind of institution is it?", choices=ORGANISATIONS.items(), widget=forms.RadioSelect
    )
    area = forms.ChoiceField(label="What is your research about?", choices=AREAS.items(), widget=forms.RadioSelect)
    diseases = forms.MultipleChoiceField(
        label="Which diseases?",
        required=False,
        choices=sorted(BUILT_IN.labels.items(), key=lambda pair: str(pair[1]).lower()),
        help_text="Only if your research is about certain diseases.",
        widget=forms.CheckboxSelectMultiple,
    )
    more_diseases = forms.CharField(
        label="Other diseases",
        required=False,
        max_length=400,
        help_text="Their MONDO ids with commas, such as MONDO:0005302.",
    )
    commercial = yes_no("Is it meant to earn money?", "For example a product that will be sold.")
    train_model = yes_no("Do you want to train a computer model?")
    share_weights = yes_no("Will you give the trained model to others?", "Choose no if you do not train one.")
    sensitive = forms.MultipleChoiceField(
        label="Is it about one of these?",
        choices=[*SENSITIVE_CHOICES, (NONE, "None of these")],
        help_text="The committee then decides whether the donors' consents cover it.",
        error_messages={"required": "Choose those that it is about, or 'None of these'."},
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.CharField(
        label="Countries in which the results are worked on",
        max_length=200,
        help_text="Two-letter codes with commas, such as GB, DE.",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if diseases() is BUILT_IN:  # then the list above is all that there is to name
            del self.fields["more_diseases"]

    def clean_more_diseases(self) -> list[str]:
        """The ids as a list."""
        ids = [each.strip() for each in self.cleaned_data["more_diseases"].split(",") if each.strip()]
        if not set(ids) <= diseases().labels.keys():
            raise ValidationError("Write ids that MONDO has, with commas between, such as MONDO:0005302.")
        return ids

    def clean_sensitive(self) -> list[str]:
        """Those that it is about; 'none' stands alone."""
        chosen: list[str] = self.cleaned_data["sensitive"]
        if NONE in chosen and len(chosen) > 1:
            raise ValidationError("Choose either 'None of these' or those that it is about.")
        return [name for name in chosen if name != NONE]

    def clean_countries(self) -> list[str]:
        """The codes as a list."""
        codes = [code.strip().upper() for code in self.cleaned_data["countries"].split(",") if code.strip()]
        if any(len(code) not in (2, 3) or not code.isalpha() for code in codes):
            raise ValidationError("Write each country as its two-letter code, with commas between, such as GB, DE.")
        return codes

    def clean(self) -> dict[str, Any]:
        """Diseases belong to one answer only."""
        data: dict[str, Any] = self.cleaned_data
        named = [*data.get("diseases", []), *data.get("more_diseases", [])]
        if data.get("area") == "diseases" and not named and "more_diseases" not in self.errors:
            self.add_error("diseases", "Choose at least one disease, or another answer above.")
        return data

    def answers(self) -> dict[str, Any]:
        """What registry/rules/purpose.py reads."""
        asked = ("org", "area", "diseases", "commercial", "train_model", "share_weights", "sensitive", "countries")
        more = self.cleaned_data.get("more_diseases", [])
        answers = {name: self.cleaned_data[name] for name in asked}
        return {**answers, "diseases": [*answers["diseases"], *more]}


class VoteForm(forms.Form):
    """A committee member's decision, and what of that which consents leave to a person (`matters`) is covered."""

    approves = yes_no("Do you approve this request?")
    covers = forms.MultipleChoiceField(
        label="Which of these do the consents cover?",
        required=False,
        help_text="For this request alone. What you leave out is not covered, and what the other member leaves out.",
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label="Your reason",
        max_length=MOST["reason"],
        help_text="The researcher can read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, matters: Iterable[Matter] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(each.key, each.sentence) for each in matters]
        if choices:
            self.fields["covers"].choices = choices  # type: ignore[attr-defined]  # the field is declared above
        else:
            del self.fields["covers"]


class SignForm(forms.Form):
    """The signature under an agreement."""

    typed_name = forms.CharField(
        label="Your full name", max_length=120, help_text="Typing your name counts as your signature."
    )


class RevokeForm(forms.Form):
    """Why access ends."""

    reason = forms.ChoiceField(label="Why does this access end?", choices=REASONS.items(), widget=forms.RadioSelect)
