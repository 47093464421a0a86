"""What the page asks on which an output is reported."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.rules.recall import DESCRIPTION_MOST, SEEN_WORDS

SEEN = [(str(code), _(words)) for code, words in SEEN_WORDS.items()]


class ReportForm(forms.Form):
    """What was seen, and where in the output."""

    seen = forms.ChoiceField(label=_("What did you see?"), choices=SEEN, widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("Where exactly?"),
        max_length=DESCRIPTION_MOST,
        required=False,
        help_text=_("Such as: in the third row. Please do not write down the name or the number itself."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
