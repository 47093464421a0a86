"""The forms of the curators' pages: narrow the list, accept, reject."""

from collections.abc import Iterable

from django import forms

from curation.rules import findings, reasons, risks


class WorklistFilter(forms.Form):
    """Narrows the worklist; everything may be left empty."""

    modality = forms.ChoiceField(label="Kind of picture", required=False)
    risk = forms.ChoiceField(label="Risk", required=False, choices=[("", "All"), *risks.WORDS.items()])

    def __init__(self, *args: object, modalities: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        self.fields["modality"].choices = [("", "All"), *((m, m) for m in modalities)]  # type: ignore[attr-defined]  # it is a ChoiceField


class AcceptForm(forms.Form):
    """What the curator noted; nothing need be. `words` stands for the list of words that the page showed."""

    finding = forms.ChoiceField(
        label="What do you see?",
        required=False,
        choices=[(finding.value, findings.WORDS[finding]) for finding in findings.Finding],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(required=False, widget=forms.HiddenInput)


class RejectForm(forms.Form):
    """Why the series cannot be taken."""

    reason = forms.ChoiceField(
        label="Why can it not be taken?",
        choices=[("", "Choose a reason"), *reasons.REJECTION.items()],
        error_messages={"required": "Choose why the series cannot be taken"},
    )
