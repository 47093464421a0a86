"""What a donor says for a letter to their hospital. Nothing of it is kept: the letter is made from what was posted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.rules.letter import Law, Way


class LetterForm(forms.Form):
    """Whom to ask, for what, under which law, and how the images can come."""

    hospital = forms.CharField(label=_("Name of the hospital or practice"), max_length=120)
    hospital_address = forms.CharField(
        label=_("Its address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    examinations = forms.CharField(
        label=_("Which examinations?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The month and the part of the body are enough. For example: CT of the chest, March 2024"),
    )
    number = forms.CharField(
        label=_("Your patient number there"), max_length=60, required=False, help_text=_("If you know it.")
    )
    own_address = forms.CharField(
        label=_("Your own address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("So that the hospital can answer. A telephone number helps, too."),
    )
    law = forms.ChoiceField(
        label=_("Where is the hospital?"),
        choices=[
            (Law.EU, _("In the European Union, Iceland, Liechtenstein or Norway")),
            (Law.UK, _("In the United Kingdom")),
            (Law.US, _("In the United States")),
            (Law.OTHER, _("Somewhere else")),
        ],
        widget=forms.RadioSelect,
        help_text=_("The letter names the law that gives you the right to your images there."),
    )
    ways = forms.MultipleChoiceField(
        label=_("How may the hospital give you the images?"),
        choices=[
            (Way.PAGE, _("It may send them here, over the internet")),
            (Way.DISC, _("It may give you a disc or a stick")),
        ],
        initial=[Way.PAGE.value, Way.DISC.value],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ways"].widget.choice_hints = {
            Way.PAGE: _("A code is printed in the letter, for this one donation. The hospital needs no account."),
            Way.DISC: _("You add what is on it here yourself."),
        }

    def carried(self) -> list[tuple[str, str]]:
        """Name and value of what was posted, to be posted once more."""
        said = self.cleaned_data
        plain = [(name, str(said[name])) for name in self.fields if name != "ways"]
        return [*plain, *(("ways", str(way)) for way in said["ways"])]
