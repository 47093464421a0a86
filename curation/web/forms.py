"""The forms of the curators' pages: narrow the list, accept, reject, draw."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from curation.rules import findings, reasons, risks
from curation.rules.drawing import Drawing


class WorklistFilter(forms.Form):
    """Narrows the worklist; everything may be left empty."""

    modality = forms.ChoiceField(label="Kind of picture", required=False)
    risk = forms.ChoiceField(label="Risk", required=False, choices=[("", "All"), *risks.WORDS.items()])
    which = forms.ChoiceField(
        label="Which",
        required=False,
        choices=[
            ("", "All"),
            ("held", "Something is left to decide"),
            ("first", "Nobody has looked yet"),
            ("second", "Needs a second reader"),
        ],
    )

    def __init__(self, *args: object, modalities: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        self.fields["modality"].choices = [("", "All"), *((m, m) for m in modalities)]  # type: ignore[attr-defined]  # it is a ChoiceField


class Deciding(forms.Form):
    """`shown` stands for what the page showed and since when (curation.queries.token_for)."""

    shown = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class AcceptForm(Deciding):
    """What the curator noted; nothing need be. `words` stands for the list of words that the page showed."""

    finding = forms.ChoiceField(
        label="What do you see?",
        required=False,
        choices=[(finding.value, findings.WORDS[finding]) for finding in findings.Finding],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(required=False, widget=forms.HiddenInput)


class RejectForm(Deciding):
    """Why the series cannot be taken."""

    reason = forms.ChoiceField(
        label="Why can it not be taken?",
        choices=[("", "Choose a reason"), *reasons.REJECTION.items()],
        error_messages={"required": "Choose why the series cannot be taken"},
    )


class RegionForm(forms.Form):
    """One region in numbers, for whoever does not draw: pixels of the image, not of the picture on the page."""

    left = forms.IntegerField(label="Left", min_value=0)
    top = forms.IntegerField(label="Top", min_value=0)
    width = forms.IntegerField(label="Width", min_value=1)
    height = forms.IntegerField(label="Height", min_value=1)
    where = forms.ChoiceField(
        label="In which pictures?",
        choices=[("image", "This image, every frame"), ("frame", "This frame only"), ("all", "Every image")],
        initial="image",
    )
    image = forms.UUIDField(widget=forms.HiddenInput)
    frame = forms.IntegerField(label="Frame (from 1)", min_value=1, required=False)

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
    where = "every image" if region.image is None else f"image {numbers.get(region.image, '?')}"
    frame = "" if region.frame is None else f", frame {region.frame + 1}"
    return f"{region.width} × {region.height} pixels at {region.left}, {region.top} in {where}{frame}"
