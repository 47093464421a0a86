"""What is asked about access: of a researcher, of the committee, of who signs, and of who ends it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.queries import diseases, kept_said
from consent.rules.diseases import BUILT_IN
from consent.rules.verdicts import Matter
from registry.actions.grants import REASONS
from registry.rules.purpose import AREAS, ORGANISATIONS, SENSITIVE_LINES
from registry.rules.texts import MOST
from registry.web.forms import choices_in, yes_no

NONE = "none"


def named_diseases() -> list[tuple[str, str]]:
    """The diseases that can be chosen, by their names in the reader's language."""
    return sorted(((code, gettext(name)) for code, name in BUILT_IN.labels.items()), key=lambda pair: pair[1].lower())


class RequestForm(forms.Form):
    """What a researcher wants to do."""

    title = forms.CharField(label=_("Title of your project"), max_length=MOST["title"])
    aim = forms.CharField(
        label=_("What do you want to find out?"),
        max_length=MOST["aim"],
        help_text=_("Two or three sentences that a donor understands. Donors read this."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    institution = forms.CharField(label=_("Your institution"), max_length=MOST["institution"])
    org = forms.ChoiceField(
        label=_("What kind of institution is it?"), choices=choices_in(ORGANISATIONS), widget=forms.RadioSelect
    )
    area = forms.ChoiceField(
        label=_("What is your research about?"), choices=choices_in(AREAS), widget=forms.RadioSelect
    )
    diseases = forms.MultipleChoiceField(
        label=_("Which diseases?"),
        required=False,
        choices=named_diseases,
        help_text=_("Only if your research is about certain diseases."),
        widget=forms.CheckboxSelectMultiple,
    )
    more_diseases = forms.CharField(
        label=_("Other diseases"),
        required=False,
        max_length=400,
        help_text=_("Their MONDO ids with commas, such as MONDO:0005302."),
    )
    commercial = yes_no(_("Is it meant to earn money?"), _("For example a product that will be sold."))
    train_model = yes_no(_("Do you want to train a computer model?"))
    share_weights = yes_no(_("Will you give the trained model to others?"), _("Choose no if you do not train one."))
    sensitive = forms.MultipleChoiceField(
        label=_("Is it about one of these?"),
        choices=[*choices_in(SENSITIVE_LINES), (NONE, _("None of these"))],
        help_text=_("The committee then decides whether the donors' consents cover it."),
        error_messages={"required": _("Choose those that it is about, or 'None of these'.")},
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.CharField(
        label=_("Countries in which the results are worked on"),
        max_length=200,
        help_text=_("Two-letter codes with commas, such as GB, DE."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if diseases() is BUILT_IN:  # then the list above is all that there is to name
            del self.fields["more_diseases"]

    def clean_more_diseases(self) -> list[str]:
        """The ids as a list."""
        ids = [each.strip() for each in self.cleaned_data["more_diseases"].split(",") if each.strip()]
        if not set(ids) <= diseases().labels.keys():
            raise ValidationError(_("Write ids that MONDO has, with commas between, such as MONDO:0005302."))
        return ids

    def clean_sensitive(self) -> list[str]:
        """Those that it is about; 'none' stands alone."""
        chosen: list[str] = self.cleaned_data["sensitive"]
        if NONE in chosen and len(chosen) > 1:
            raise ValidationError(_("Choose either 'None of these' or those that it is about."))
        return [name for name in chosen if name != NONE]

    def clean_countries(self) -> list[str]:
        """The codes as a list."""
        codes = [code.strip().upper() for code in self.cleaned_data["countries"].split(",") if code.strip()]
        if any(len(code) not in (2, 3) or not code.isalpha() for code in codes):
            raise ValidationError(_("Write each country as its two-letter code, with commas between, such as GB, DE."))
        return codes

    def clean(self) -> dict[str, Any]:
        """Diseases belong to one answer only."""
        data: dict[str, Any] = self.cleaned_data
        named = [*data.get("diseases", []), *data.get("more_diseases", [])]
        if data.get("area") == "diseases" and not named and "more_diseases" not in self.errors:
            self.add_error("diseases", _("Choose at least one disease, or another answer above."))
        return data

    def answers(self) -> dict[str, Any]:
        """What registry/rules/purpose.py reads."""
        asked = ("org", "area", "diseases", "commercial", "train_model", "share_weights", "sensitive", "countries")
        more = self.cleaned_data.get("more_diseases", [])
        answers = {name: self.cleaned_data[name] for name in asked}
        return {**answers, "diseases": [*answers["diseases"], *more]}


class VoteForm(forms.Form):
    """A committee member's decision, and what of that which consents leave to a person (`matters`) is covered."""

    approves = yes_no(_("Do you approve this request?"))
    covers = forms.MultipleChoiceField(
        label=_("Which of these do the consents cover?"),
        required=False,
        help_text=_("For this request alone. What you leave out is not covered, and what the other member leaves out."),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Your reason"),
        max_length=MOST["reason"],
        help_text=_("The researcher can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, matters: Iterable[Matter] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(each.key, kept_said(each.sentence)) for each in matters]
        if choices:
            self.fields["covers"].choices = choices  # type: ignore[attr-defined]  # the field is declared above
        else:
            del self.fields["covers"]


class SignForm(forms.Form):
    """The signature under an agreement. `shown`: the SHA-256 of the text that the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label=_("Your full name"), max_length=120, help_text=_("Typing your name counts as your signature.")
    )


class RevokeForm(forms.Form):
    """Why access ends."""

    reason = forms.ChoiceField(
        label=_("Why does this access end?"), choices=choices_in(REASONS), widget=forms.RadioSelect
    )
