"""What a curator may note about a series, and the label that the registry keeps for it. Plain Python."""

from enum import StrEnum

from core.texts import gettext_noop as _


class Finding(StrEnum):
    """A curator's note on what is to be seen."""

    LESION = "lesion"
    NONE = "none"
    NOT_NOTED = ""


WORDS = {Finding.LESION: _("Lesion seen"), Finding.NONE: _("No lesion seen"), Finding.NOT_NOTED: _("Not noted")}


def labels(finding: Finding) -> dict[str, bool]:
    """The labels of each image of the series: {"lesion": True}, {"lesion": False}, or none."""
    return {} if finding is Finding.NOT_NOTED else {"lesion": finding is Finding.LESION}
