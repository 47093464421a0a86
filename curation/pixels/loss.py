"""What a file says about the losses that its picture has had (PS3.3 section C.7.6.1.1.5), once it is decoded."""

from curation.deid.files.representations import pad
from curation.deid.files.tree import Element, find, text_of
from curation.pixels import codestreams
from curation.pixels.frames import Picture

LOSSY, RATIO, METHOD = 0x00282110, 0x00282112, 0x00282114
#: Defined terms of Lossy Image Compression Method (0028,2114).
_METHODS = {
    codestreams.BASELINE: "ISO_10918_1",
    codestreams.EXTENDED: "ISO_10918_1",
    codestreams.JPEG_LS_NEAR: "ISO_14495_1",
    "1.2.840.10008.1.2.4.91": "ISO_15444_1",
    "1.2.840.10008.1.2.4.203": "ISO_15444_15",
}


def loss_history(picture: Picture) -> dict[int, Element | None]:
    """The elements that say that a picture was lossy, as far as the file does not say it: once so, it stays so.

    Nothing where no frame is, by its own codestream.
    """
    if not any(picture.said(index).lossy for index in range(picture.count)):
        return {}
    here = [each.element for each in picture.placed]
    made: dict[int, Element | None] = {}
    if text_of(here, LOSSY) != "01":
        made[LOSSY] = Element(LOSSY, "CS", b"01")
    if find(here, METHOD) is None and picture.syntax in _METHODS:
        made[METHOD] = Element(METHOD, "CS", pad(_METHODS[picture.syntax].encode(), "CS"))
        if find(here, RATIO) is None:
            made[RATIO] = Element(RATIO, "DS", pad(_ratio(picture), "DS"))
    return made


def _ratio(picture: Picture) -> bytes:
    """How many bytes stood uncompressed for one that is stored, over all frames."""
    layout = picture.layout
    whole = layout.values * layout.frames * layout.allocated / 8
    return b"%.2f" % (whole / max(sum(len(picture.coded(index)) for index in range(picture.count)), 1))
