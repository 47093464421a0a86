"""The first look at a file, at its header alone: whether it is DICOM, whose it is, to which series it belongs."""

import os
from typing import NamedTuple

from ..engine import Deidentifier
from ..files.buffers import Buffer, digest, opened, slim
from ..files.charsets import decoded, encodings_of
from ..files.tree import find
from ..pictures.plan import PixelPlan
from ..reasons import SENTENCES, Refused
from ..source import Source
from ..units import Unit
from ..values.keys import KEY_BYTES, SubjectKey
from .job import FOLDER, PATIENT
from .said import Said

PATIENT_ID, ISSUER, STUDY, SERIES, INSTANCE = 0x00100020, 0x00100021, 0x0020000D, 0x0020000E, 0x00080018
_ASKED = (ISSUER, PATIENT_ID, STUDY, SERIES, INSTANCE)
#: Reasons for which a file is passed over: there is nothing in it to clean.
NOT_DICOM = frozenset({"not_dicom", "empty"})
UNREADABLE_FILE = "unreadable_file"
PIXELS_NEED_A_LOOK = "pixels_need_a_look"


class Belonging(NamedTuple):
    """Whose a file is, and its study, series and instance; what is asked of two files is whether they are equal."""

    subject: str
    study: str
    series: str
    instance: str


class Refusal(NamedTuple):
    """A file that is not cleaned: 'skipped' or 'quarantined', why, and its digest where it was read.

    `plan`: what should be done about its picture, where that is why.
    """

    status: str
    reason: str
    digest: str = ""
    plan: PixelPlan | None = None


class Surveyor:
    """Looks at files one by one; `subject` is the run's."""

    def __init__(self, folder: bytes, subject: str) -> None:
        self.folder = folder
        self.subject = subject
        self._reader = Deidentifier(SubjectKey(bytes(KEY_BYTES)))

    def look(self, path: bytes, said: Said) -> Belonging | Refusal:
        """What a file is; adds what it says to `said`. Never raises for anything that it holds."""
        try:
            data = opened(os.path.join(self.folder, path), mapped_from=1)
        except OSError:
            return Refusal("quarantined", UNREADABLE_FILE)
        try:
            with slim(data):
                return self._belonging(path, self._reader.read(data), said)
        except Refused as refused:
            return refusal(refused.reason, data)
        except Exception:  # as in cleaning: no file can stop a run, and the cause may hold personal values
            return refusal("engine_failed", data)

    def _belonging(self, path: bytes, source: Source, said: Said) -> Belonging:
        asked = [element for unit in source.units if source.whole or _is_asked(unit) for element in unit.elements]
        encodings = encodings_of(source.judged, ["iso8859"])
        elements = (find(asked, tag) for tag in _ASKED)
        issuer, patient, study, series, instance = (
            "" if element is None or element.items is not None else decoded(element, encodings).strip(" \0")
            for element in elements
        )
        subject = self._subject(path, issuer, patient, study)
        said.add(subject, study, source, encodings)
        return Belonging(subject, study, series, instance)

    def _subject(self, path: bytes, issuer: str, patient: str, study: str) -> str:
        if self.subject == FOLDER:
            first, _, rest = path.partition(os.fsencode(os.sep))
            return f"folder\n{first.decode('utf-8', 'backslashreplace') if rest else ''}"
        if self.subject != PATIENT:
            return self.subject
        return f"patient\n{issuer}\n{patient}" if patient else f"study\n{study}"


def _is_asked(unit: Unit) -> bool:
    """Whether a unit may hold what is asked; one that was joined begins with something else."""
    return any(unit.tag <= tag <= unit.last for tag in _ASKED)


def refusal(reason: str, data: Buffer) -> Refusal:
    """The refusal of a file that was read, for a reason of the engine's."""
    if reason in NOT_DICOM:
        return Refusal("skipped", reason)
    return Refusal("quarantined", reason, digest(data))


#: Beside the engine's reasons, those of a run over a folder.
WORDS = {
    **SENTENCES,
    UNREADABLE_FILE: "The file could not be read from its disk.",
    "unreadable_folder": "The folder could not be opened, so that nothing in it was seen.",
    "link_or_special_file": "A link or special file; only files are read, and links are not followed.",
    PIXELS_NEED_A_LOOK: "The picture may show who it is of, and nothing here looks at pictures. Have it looked at and "
    "cleaned first; --pixels as-is writes such files with their pictures as they are, but for hidden overlays.",
    "stopped_a_process": "The file ended the process that read it, twice.",
}
