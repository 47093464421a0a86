"""Every real picture of pydicom, pydicom-data and deid-data through engine and examination: what is held, and why."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from curation.deid import Cleaned, Deidentifier
from curation.pixels.examine import examine
from curation.pixels.limits import CannotShow
from curation.pixels.task import Examined, Task
from tests.deid import corpus

from .outcomes import KEY

#: Real pictures in which somebody can read something, seen by eye; no file of these may pass without a person, unless
#: what was written is gone. Names and dates are invented or were replaced by those who made the files public.
WRITTEN_ON = (
    *("US1_UNCR.dcm", "US1_UNCI.dcm", "US1_J2KR.dcm", "US1_J2KI.dcm", "RGB_IMAGE.dcm", "GREYSCALE_IMAGE.dcm"),
    *("OBXXXX1A.dcm", "OBXXXX1A_expb.dcm", "OBXXXX1A_rle.dcm", "OBXXXX1A_2frame.dcm", "OBXXXX1A_rle_2frame.dcm"),
    *(
        "gdcm-US-ALOKA-16.dcm",
        "gdcm-US-ALOKA-16_big.dcm",
        "JPGLosslessP14SV1_1s_1f_8b.dcm",
        "color3d_jpeg_baseline.dcm",
    ),
    *("ultrasound-multiframe.dcm", "examples_ybr_color.dcm", "examples_rgb_color.dcm", "examples_palette.dcm"),
    *("examples_jpeg2k.dcm", "mlut_18.dcm", "vlut_04.dcm", "RG3_UNCR.dcm", "RG3_J2KR.dcm", "cat.dcm"),
)


class Seen(NamedTuple):
    """What became of a file: the risk or 'quarantined', and why."""

    path: Path
    modality: str
    risk: str
    reasons: tuple[str, ...]
    examined: Examined | None = None


def seen(path: Path, engine: Deidentifier) -> Seen:
    """One file through everything; what it raises beside CannotShow is a failure."""
    cleaned = engine.clean(path.read_bytes())
    if not isinstance(cleaned, Cleaned):
        return Seen(path, "", "quarantined", (cleaned.reason,))
    try:
        examined = examine(cleaned.data, Task(cleaned.pixel_plan, new_uid="2.25.4711"))
    except CannotShow as refusal:
        return Seen(path, cleaned.modality, "quarantined", (refusal.reason,))
    return Seen(path, cleaned.modality, examined.risk, examined.reasons, examined)


def all_seen() -> Iterator[Seen]:
    """Every file of the packages."""
    engine = Deidentifier(KEY)
    for path in corpus.files():
        yield seen(path, engine)


def main(folder: str) -> None:
    """Tells each file's outcome, and keeps the sheet of each that passes, and of each in which anything was blanked."""
    for each in all_seen():
        name = corpus.short_name(each.path)
        findings = len(each.examined.findings) if each.examined else 0
        sys.stdout.write(f"{each.risk} | {each.modality} | {name} | {' '.join(each.reasons)} | {findings}\n")
        sys.stdout.flush()
        if each.examined is not None:
            place = Path(folder) / f"{each.risk} {name.replace('/', ' ')}.png"
            place.write_bytes(each.examined.after.png)


if __name__ == "__main__":
    main(sys.argv[1])
