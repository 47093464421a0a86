"""The forms of the curators' pages: narrow the list, accept, reject, draw."""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from curation.rules import findings, reasons, risks
from curation.rules.drawing import Drawing
from curation.web.looking_words import REGION

ALL = _("All")


def choices_of(words: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Choices of which a rule says the words, each in the language of whoever reads them."""
    return [(code, _(sentence)) for code, sentence in words.items()]


class WorklistFilter(forms.Form):
    """Narrows the worklist; everything may be left empty."""

    modality = forms.ChoiceField(label=_("Kind of picture"), required=False)
    risk = forms.ChoiceField(label=_("Risk"), required=False, choices=[("", ALL), *choices_of(risks.WORDS)])
    which = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            ("", ALL),
            ("held", _("Something is left to decide")),
            ("first", _("Nobody has looked yet")),
            ("second", _("Needs a second reader")),
        ],
    )

    def __init__(self, *args: object, modalities: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        cast(forms.ChoiceField, self.fields["modality"]).choices = [("", ALL), *((m, m) for m in modalities)]


class Deciding(forms.Form):
    """`shown` stands for what the page showed and since when (curation.queries.token_for)."""

    shown = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class AcceptForm(Deciding):
    """What the curator noted; nothing need be. `words` stands for the list of words that the page showed."""

    finding = forms.ChoiceField(
        label=_("What do you see?"),
        required=False,
        choices=[(finding.value, _(findings.WORDS[finding])) for finding in findings.Finding],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(required=False, widget=forms.HiddenInput)


class RejectForm(Deciding):
    """Why the series cannot be taken."""

    reason = forms.ChoiceField(
        label=_("Why can it not be taken?"),
        choices=[("", _("Choose a reason")), *choices_of(reasons.REJECTION)],
        error_messages={"required": _("Choose why the series cannot be taken")},
    )


class RegionForm(forms.Form):
    """One region in numbers, for whoever does not draw: pixels of the image, not of the picture on the page."""

    left = forms.IntegerField(label=_("Left"), min_value=0)
    top = forms.IntegerField(label=_("Top"), min_value=0)
    width = forms.IntegerField(label=_("Width"), min_value=1)
    height = forms.IntegerField(label=_("Height"), min_value=1)
    where = forms.ChoiceField(
        label=_("In which pictures?"),
        choices=[("image", _("This image, every frame")), ("frame", _("This frame only")), ("all", _("Every image"))],
        initial="image",
    )
    image = forms.UUIDField(widget=forms.HiddenInput)
    frame = forms.IntegerField(label=_("Frame (from 1)"), min_value=1, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("left", "top", "width", "height", "frame"):
            self.fields[name].widget.attrs["class"] = "nhsuk-input--width-4"

    def region(self) -> Drawing:
        """The region; only after the form was found valid."""
        said = self.cleaned_data
        frame = (said["frame"] or 1) - 1 if said["where"] == "frame" else None
        image = None if said["where"] == "all" else said["image"]
        return Drawing(image, frame, said["left"], said["top"], said["width"], said["height"])


def regions_of(posted: Iterable[str]) -> list[Drawing]:
    """Regions as the page lists them: `image,frame,left,top,width,height`, * for all. What is none is left out."""
    found = []
    for text in posted:
        image, frame, *numbers = [*text.split(","), "", ""]
        try:
            left, top, width, height = (int(number) for number in numbers[:4])
            drawing = Drawing(
                None if image == "*" else UUID(image), None if frame == "*" else int(frame), left, top, width, height
            )
        except ValueError:
            continue
        found.append(drawing)
    return found


def text_of(region: Drawing) -> str:
    """A region as the page lists it."""
    image, frame, *numbers = region
    return ",".join(map(str, ["*" if image is None else image, "*" if frame is None else frame, *numbers]))


def words_of(region: Drawing, numbers: dict[UUID, int]) -> str:
    """A region in words; `numbers`: which image of the series is which."""
    number = "" if region.image is None else numbers.get(region.image, "?")
    which = ("every" if region.image is None else "image") + ("" if region.frame is None else "_frame")
    place = {"left": region.left, "top": region.top, "width": region.width, "height": region.height}
    return gettext(REGION[which]).format(**place, number=number, frame=(region.frame or 0) + 1)
