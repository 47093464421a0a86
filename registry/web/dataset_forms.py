"""What stewards are asked about a dataset: its rule, and how the number of its next version goes up."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Programme
from registry.rules.selection import MODALITY_WORDS
from registry.rules.versions import Bump
from registry.web.forms import choices_in, yes_no

BUMPS = {
    Bump.MINOR: _("Images were added (1.1.0)"),
    Bump.PATCH: _("Only notes have changed (1.0.1)"),
    Bump.MAJOR: _("Something was taken away, or the rule means something else (2.0.0)"),
}


class DatasetForm(forms.Form):
    """A dataset's programme (asked for only where there are several), name and rule."""

    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=120)
    slug = forms.CharField(
        label=_("Short name"), max_length=60, help_text=_("Small letters, digits and hyphens, such as chest-ct.")
    )
    summary = forms.CharField(
        label=_("What is in it?"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    modalities = forms.MultipleChoiceField(
        label=_("Which kinds of images?"),
        required=False,
        choices=choices_in(MODALITY_WORDS),
        help_text=_("Choose none to take every kind."),
        widget=forms.CheckboxSelectMultiple,
    )
    labels_required = yes_no(_("Only images for which a curator noted whether there is a finding?"))
    min_images_per_donor = forms.IntegerField(
        label=_("At least how many images of each donor?"), min_value=1, initial=1
    )

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = programmes[0] if len(programmes) == 1 else None
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # the field is declared above
        if self.only:
            del self.fields["programme"]

    def chosen_programme(self) -> Programme:
        """The programme that the dataset is to belong to."""
        found: Programme = self.only or self.cleaned_data["programme"]
        return found

    def rule(self) -> dict[str, Any]:
        """What registry/rules/selection.py reads."""
        return {name: self.cleaned_data[name] for name in ("modalities", "labels_required", "min_images_per_donor")}


class FreezeForm(forms.Form):
    """How the number of the next version goes up."""

    bump = forms.ChoiceField(
        label=_("What has changed since the last version?"),
        choices=[(bump.value, words) for bump, words in BUMPS.items()],
        initial=Bump.MINOR.value,
        widget=forms.RadioSelect,
    )
