"""Reads from a file's header whom it says it is about, without touching its picture."""

from ..files.charsets import decoded, encodings_of
from ..files.container import read_container
from ..files.tree import Dataset, find
from ..reasons import SENTENCES, Refused
from .answers import Identity, Unreadable
from .parse import Parser

_FIRST_PIXEL_TAG = 0x7FE00000


def read_header(data: bytes) -> Dataset:
    """The root data set up to the pixels; raises Unreadable. A file cut off within its pixels still has a header."""
    try:
        container = read_container(data)
        return Parser(container.data, stop=_FIRST_PIXEL_TAG).root(container.start, container.encoding)
    except Refused as refused:
        raise Unreadable(refused.reason, refused.sentence) from None
    except Exception:
        raise Unreadable("engine_failed", SENTENCES["engine_failed"]) from None


def read_identity(data: bytes) -> Identity:
    """Name, number, birth date, sex and UIDs as the file has them, decoded; raises Unreadable with a sentence."""
    dataset = read_header(data)
    encodings = encodings_of(dataset, ["iso8859"])

    def text(tag: int) -> str:
        element = find(dataset, tag)
        return "" if element is None or element.items is not None else decoded(element, encodings).strip(" \0")

    name = text(0x00100010)
    parts = [part.strip() for part in name.split("=")[0].split("^")] + ["", ""]
    return Identity(
        patient_name=name,
        family_name=parts[0],
        given_name=parts[1],
        patient_id=text(0x00100020),
        birth_date=text(0x00100030),
        sex=text(0x00100040),
        study_date=text(0x00080020),
        study_uid=text(0x0020000D),
        series_uid=text(0x0020000E),
        sop_instance_uid=text(0x00080018),
        sop_class_uid=text(0x00080016),
        modality=text(0x00080060),
    )
