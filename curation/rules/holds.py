"""Why a series needs more than one look: codes with what they mean for the person who decides. Plain Python."""

from collections.abc import Collection

from core.texts import gettext_noop as _
from curation.rules.heads import Head

HEAD, PHOTOGRAPH, DEFACING_FAILED = "head", "photograph", "defacing_failed"
WORDS = {
    HEAD: _("Shows a head, not defaced"),
    PHOTOGRAPH: _("Photographs that can show a face"),
    DEFACING_FAILED: _("Could not be defaced"),
}
EXPLAINED = {
    HEAD: _(
        "A face could be made of these images. If you accept them they may be used inside the sandbox only; they are "
        "never handed out."
    ),
    PHOTOGRAPH: _(
        "Look for faces, tattoos and other things by which somebody could be recognised. A second curator has to agree."
    ),
    DEFACING_FAILED: _("The operator's tool for defacing failed on this series, so that its images are as they were."),
}
_ROOT = "1.2.840.10008.5.1.4.1.1.77.1."
#: Cameras that see people from outside: photography, its film, eyes (outside, too), skin. Not endoscopes, microscopes.
FACE_PHOTOGRAPHS = frozenset(_ROOT + suffix for suffix in ("4", "4.1", "5.1", "5.2", "7"))


def holds_of(head: Head, sop_classes: Collection[str], reasons: Collection[str]) -> list[str]:
    """The codes that apply to a series: its head, the SOP classes of its images, and their pixel reasons."""
    found = [HEAD] if head is not Head.NO else []
    if FACE_PHOTOGRAPHS.intersection(sop_classes) or "says_face" in reasons:
        found.append(PHOTOGRAPH)
    return found
