"""What can be done about a file that is not used, and by whom: for its donor and for staff, by the reason's code."""

from dataclasses import dataclass
from typing import Final

from core.texts import gettext_noop as _


@dataclass(frozen=True)
class Remedy:
    """`donor` and `who` are read by the donor, `staff` and `by` by curators and stewards."""

    donor: str
    who: str
    staff: str
    by: str


AGAIN: Final = Remedy(
    _("Copy the disc again, or ask the hospital for a new one. Then give this examination once more."),
    _("You can do this."),
    _("It can be given again from a new copy."),
    _("The donor"),
)
ANOTHER_FORM: Final = Remedy(
    _("Ask the hospital for these pictures as DICOM files that are not compressed. Then give them once more."),
    _("You can do this."),
    _("It can be given again in an encoding that can be checked."),
    _("The donor"),
)
DECIDED: Final = Remedy(
    _("You need do nothing. If you think that this is a mistake, write to the people of the programme."),
    _("The people of the programme can look again."),
    _("It was decided by a person or a rule; who doubts it asks a steward."),
    _("A steward"),
)
EITHER: Final = Remedy(
    _("You need do nothing. Both are kept, and the one that came first is used."),
    _("The people of the programme can look again."),
    _("The first file was used. Ask the donor's hospital which of the two is right."),
    _("A steward"),
)
AS_IT_IS: Final = Remedy(
    _("You can give this examination once more, as it is on your disc. Then we take the names out."),
    _("You can do this."),
    _("It can be given again as it is, to be cleaned here. Where an honest browser made it, look for the cause."),
    _("The donor"),
)
OURS: Final = Remedy(
    _("You need do nothing. The fault is ours, not yours."),
    _("Those who run this registry can look for the cause."),
    _("Look for the cause; the file itself need not be looked at."),
    _("Those who run this registry"),
)
NOTHING: Final = Remedy(
    _("Nothing can be done: we cannot make this kind of file safe."),
    _("Nobody needs to do anything."),
    _("Nothing: this kind cannot be made safe."),
    _("Nobody"),
)
_BY_CODE: Final = {
    **dict.fromkeys(("empty", "truncated", "malformed", "bytes_missing", "no_picture", "picture_broken"), AGAIN),
    **dict.fromkeys(("pixel_data_length", "unreadable_element", "missing_identifier", "not_dicom"), AGAIN),
    **dict.fromkeys(("transfer_syntax_unknown", "transfer_syntax_unsupported", "no_decoder"), ANOTHER_FORM),
    **dict.fromkeys(("writing", "face", "words", "quality", "wrong_person", "not_medical", "other"), DECIDED),
    **dict.fromkeys(("rejected", "burned_in", "identity_found", "recalled", "recheck", "no_blanking"), DECIDED),
    **dict.fromkeys(("series_shown", "already_cleaned"), DECIDED),
    **dict.fromkeys(("coded_identity", "coded_other", "coded_picture", "coded_not_clean"), AS_IT_IS),
    "uid_conflict": EITHER,
    **dict.fromkeys(("engine_failed", "residual_identity", "reference_broken", "picture_altered"), OURS),
    **dict.fromkeys(("dicomdir", "sop_class_not_allowed", "structured_document", "encapsulated_document"), NOTHING),
    **dict.fromkeys(("audio", "slide_label", "too_deep", "too_many_elements", "too_large"), NOTHING),
    "picture_too_large": NOTHING,
}
#: Every code of which it is known what can be done.
KNOWN: Final = frozenset(_BY_CODE)


def remedy(code: str) -> Remedy:
    """What can be done about a file with this reason; where nothing is known, nothing is promised."""
    return _BY_CODE.get(code, NOTHING)
