"""What the pages of reports ask: where something was seen and what, and how a steward decides."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Programme
from registry.rules.recall import CONFIRMED, DESCRIPTION_MOST, DISMISSED, SCOPE_WORDS, SEEN_WORDS, Scope
from registry.web.forms import choices_in


class ReportForm(forms.Form):
    """What was seen, and in which file. Only what was seen is required: nobody is kept from telling."""

    programme = forms.ModelChoiceField(
        label=_("Which programme are the data from?"), queryset=Programme.objects.none(), empty_label=None
    )
    seen = forms.ChoiceField(label=_("What did you see?"), choices=choices_in(SEEN_WORDS), widget=forms.RadioSelect)
    identifier = forms.CharField(
        label=_("Which file?"),
        max_length=200,
        required=False,
        help_text=_(
            "Its SHA-256, or its SOP Instance UID. If you know neither, leave this empty and describe it below."
        ),
    )
    scope = forms.ChoiceField(
        label=_("What should nobody use until it is looked at?"),
        choices=choices_in(SCOPE_WORDS),
        initial=Scope.SERIES.value,
        widget=forms.RadioSelect,
    )
    description = forms.CharField(
        label=_("Where exactly?"),
        max_length=DESCRIPTION_MOST,
        required=False,
        help_text=_("Such as: white letters at the top left. Please do not write down the name or the number itself."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, programmes: "QuerySet[Programme] | None" = None, **kwargs: Any) -> None:
        """`programmes`: those to choose from; None where the page stands for one."""
        super().__init__(*args, **kwargs)
        self.only = programmes[0] if programmes is not None and len(programmes) == 1 else None
        if programmes is None or self.only:
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # the field is declared above

    def chosen_programme(self) -> Programme:
        """The programme that was chosen, or the only one that there is."""
        found: Programme = self.only or self.cleaned_data["programme"]
        return found

    def told(self) -> dict[str, Any]:
        """What the action takes of the answers."""
        return {name: self.cleaned_data[name] for name in ("seen", "scope", "description")}


class VersionReportForm(ReportForm):
    """The same for a file of one version, which its list of files names, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identifier"].help_text = _(
            "Its name in the list of files, its SHA-256, or its SOP Instance UID. "
            "If you know none of them, leave this empty and describe it below."
        )


class PointForm(forms.Form):
    """The image that a report means."""

    identifier = forms.CharField(
        label=_("Which image is meant?"), max_length=200, help_text=_("Its SHA-256 or its SOP Instance UID.")
    )


class ConfirmForm(forms.Form):
    """What says who it is."""

    reason = forms.ChoiceField(label=_("What says who it is?"), choices=choices_in(CONFIRMED), widget=forms.RadioSelect)


class DismissForm(forms.Form):
    """Why nobody can be recognised."""

    reason = forms.ChoiceField(label=_("Why is it unfounded?"), choices=choices_in(DISMISSED), widget=forms.RadioSelect)
