"""A report that released data may show who somebody is: what was seen, where, how it is decided. Plain Python."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.errors import Invalid
from core.texts import gettext_noop as _


class Seen(StrEnum):
    """What may say who somebody is."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    FACE = "face"
    OTHER = "other"


SEEN_WORDS: Final = {
    Seen.NAME: _("A name"),
    Seen.NUMBER: _("A number, such as a patient number"),
    Seen.DATE: _("A date, such as a birth date"),
    Seen.FACE: _("A face"),
    Seen.OTHER: _("Something else"),
}


class Scope(StrEnum):
    """Which images a report stops; once it is confirmed it is always the whole series."""

    SERIES = "series"
    IMAGE = "image"


SCOPE_WORDS: Final = {
    Scope.SERIES: _("The whole series that the image belongs to"),
    Scope.IMAGE: _("This image only"),
}
#: Why a report was confirmed, and why one was not: codes with the words that people choose from.
CONFIRMED: Final = {
    "writing": _("Writing in the picture says who it is"),
    "header": _("The file's header says who it is"),
    "face": _("A face can be recognised"),
    "combination": _("Several things together say who it is"),
    "not_theirs": _("Whoever gave it gave somebody else's"),
}
DISMISSED: Final = {
    "nobody": _("It says of nobody who they are"),
    "made_up": _("It is a made-up value that the cleaning put there"),
    "not_ours": _("It is not about images of this programme"),
    "own_right": _("Whoever gave it gave what is theirs"),
}
REASON_WORDS: Final = CONFIRMED | DISMISSED
#: How long a holder has to say that copies are deleted; after that their access ends.
TO_ANSWER: Final = timedelta(days=7)
DESCRIPTION_MOST: Final = 2_000

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")
_PATH = re.compile(r"files/[0-9a-f-]{36}\.dcm")
_UID_MOST = 64
UNREADABLE: Final = _(
    "Give the file's SHA-256 (64 letters and digits), its SOP Instance UID (numbers with dots), or its name in the "
    "list of files, such as files/….dcm. Leave it empty if you have none of them."
)


@dataclass(frozen=True)
class Where:
    """Where it was seen: an image by its SOP Instance UID, by a file's SHA-256, or by its path in a version.

    `output_id` is a result of a training job. All empty: nobody could say where.
    """

    uid: str = ""
    sha256: str = ""
    path: str = ""
    version_id: UUID | None = None
    output_id: UUID | None = None


def where_of(identifier: str, version_id: UUID | None = None) -> Where:
    """What a person typed, by its shape: a digest, a UID, or a path in the version; raises Invalid for all else."""
    text = identifier.strip()
    if not text:
        return Where(version_id=version_id)
    if _DIGEST.fullmatch(text.lower()):
        return Where(sha256=text.lower(), version_id=version_id)
    if _UID.fullmatch(text) and len(text) <= _UID_MOST:
        return Where(uid=text, version_id=version_id)
    if version_id is not None and _PATH.fullmatch(text.lower()):
        return Where(path=text.lower(), version_id=version_id)
    raise Invalid(UNREADABLE, "identifier", {"identifier": UNREADABLE})
