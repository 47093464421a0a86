"""What happens to a picture in each transfer syntax, as a table made from what is decoded and encoded here."""

from pydicom.uid import UID

from curation.deid.files.syntax import ENCODINGS, UNCOMPRESSED
from curation.pixels.codestreams import BASELINE, EXTENDED
from curation.pixels.decode import DECODERS
from curation.pixels.encode import ENCODERS, JPEG_2000, JPEG_2000_LOSSLESS

_DEFLATED = "1.2.840.10008.1.2.1.99"
#: Not in pydicom's dictionary yet.
_NAMES = {
    "1.2.840.10008.1.2.8.1": "Deflated Image Frame Compression",
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
}
_LOSSY = frozenset({BASELINE, EXTENDED, JPEG_2000, "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.203"})
_HEAD = """# Pictures by transfer syntax

Made from the code by `scripts/generated-docs`. What the words mean: [blanking](../explanation/pixels.md#blanking).

| Transfer syntax | UID | Opened | A frame that is blanked | Lossy before |
|---|---|---|---|---|
"""
_FOOT = """
A frame that a lossless encoder cannot hold (JPEG 2000: more than 24 bits, or less than 32 pixels a side; JPEG Lossless:
single bytes of an odd number) is written by the next one: the whole picture goes to JPEG 2000 Lossless, and where that
cannot hold it to Explicit VR Little Endian. Whatever was written is decoded and compared bit for bit before it is used.
Of JPEG with DCT (Baseline, Extended) only pictures of eight bits are opened. What is not opened is not passed on.
"""


def document() -> str:
    """The table with its explanations, as Markdown."""
    rows = (
        f"| {_name(uid)} | `{uid}` | {'yes' if _opened(uid) else 'no'} | {_blanked(uid)} | "
        f"{'can be' if uid in _LOSSY else 'no'} |"
        for uid in sorted(ENCODINGS, key=_order)
    )
    return _HEAD + "\n".join(rows) + "\n" + _FOOT


def _order(uid: str) -> list[int]:
    return [int(part) for part in uid.split(".")]


def _name(uid: str) -> str:
    return _NAMES.get(uid) or UID(uid).name


def _opened(uid: str) -> bool:
    return uid in UNCOMPRESSED or uid in DECODERS


def _blanked(uid: str) -> str:
    if uid in (BASELINE, EXTENDED):
        return "loses whole blocks, every other coefficient stays; without `jpeglib`: JPEG 2000 Lossless"
    if uid == _DEFLATED:
        return "Explicit VR Little Endian, as the engine writes it"
    if uid in UNCOMPRESSED:
        return "in place"
    if uid in ENCODERS:
        return "the same, without loss" if uid in _LOSSY else "the same"
    return f"{UID(JPEG_2000_LOSSLESS).name}, all frames" if uid in DECODERS else ""
