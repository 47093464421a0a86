"""What the page asks on which an output is reported."""

from django import forms

from registry.rules.recall import DESCRIPTION_MOST, SEEN_WORDS


class ReportForm(forms.Form):
    """What was seen, and where in the output."""

    seen = forms.ChoiceField(label="What did you see?", choices=SEEN_WORDS.items(), widget=forms.RadioSelect)
    description = forms.CharField(
        label="Where exactly?",
        max_length=DESCRIPTION_MOST,
        required=False,
        help_text="Such as: in the third row. Please do not write down the name or the number itself.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
