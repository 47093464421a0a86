"""Makes the reference page about pictures from the criteria and the catalogue of devices: it says what holds."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydicom.uid import UID

from curation.deid.document import table
from curation.deid.pictures import criteria
from curation.deid.resources import load
from curation.rules import risks

_HEAD = """# Pictures: criteria and devices

How the header decides about a picture before any pixel is read. This page is made from the rules themselves. Why it is
so: [explanation](../explanation/pixels.md).

| Risk | What it means |
|---|---|
| `clear` | every criterion below holds, and no row of the catalogue speaks of the device |
| `clean` | it is known where writing can stand, and it is taken out |
| `look` | only a person can say |
| refused | the kind of file is not taken, or bytes stand behind its last pixel ([reasons](deidentification.md)) |

## When a picture is clear

It is one of: {acquired}.

And of these doubts none applies; each is a reason to look, by its code:

{doubts}

That a file says `NO` in Burned In Annotation (0028,0301) proves nothing and changes nothing.
Words in Image Type that mean a screen or report: {screens}.
Names of series that mean one: {names}.

Objects without a picture of their own are clear, too:

{clear}

## When it is known what to take out

{known}

Regions of an ultrasound picture (0018,6011) are kept if their spatial format is 2D, M-mode, spectral or waveform and
their data are measured, so no text, graphics or colour bars. If one of those kept lies beyond the frame or has no area,
or if together they leave less than a twentieth of the frame, or one reaches the upper edge over nine tenths of its
width, none is believed.

## Catalogue of devices

A row applies if each condition holds: the maker's name begins a word of (0008,0070), the other texts stand anywhere in
their attributes, in any case of letters. Regions are left, top, width and height in pixels, cut to the frame.

Who vouches for a row need not be us. A row that nobody of ours has verified makes a picture one to look at; its regions
are blanked only where the header raises other doubts, too, and a person looks in any case. Nothing passes because such
a row matched.

{devices}
"""


def pixels() -> str:
    """The page `docs/reference/pixels.md`."""
    return _HEAD.format(
        acquired=", ".join(sorted(UID(uid).name.removesuffix(" Storage") for uid in criteria.ACQUIRED)),
        doubts=_reasons(risks.DOUBTS),
        screens=", ".join(sorted(criteria.SCREENS)),
        names=", ".join(sorted(name.lower() for name in criteria.SERIES_NAMES)),
        clear=_reasons({code: text for code, text in risks.CLEAR.items() if code != "acquired"}),
        known=_reasons(risks.KNOWN),
        devices=table(("Row", "When", "Blank", "Keep", "Vouched for by", "Verified by us"), map(_row, _devices())),
    )


def _reasons(sentences: Mapping[str, str]) -> str:
    return table(("Code", "What it says"), ((f"`{code}`", text) for code, text in sentences.items()))


def _devices() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = load("devices.json")["rows"]
    return rows


def _row(row: Mapping[str, Any]) -> Iterable[str]:
    conditions = (
        f"{name.replace('_', ' ')} {' or '.join(map(str, row[name]))}"
        for name in ("modality", "manufacturer", "sop_class", *_FIELDS)
        if name in row
    )
    yield f"`{row['id']}` {row['label']}"
    yield "; ".join(conditions)
    yield _regions(row.get("blank", []))
    yield _regions(row.get("keep", []))
    yield f"{row['vouched_by']}: {row['source']}, {row['date']}"
    yield row["verified_by"] or "no"


_FIELDS = ("model", "software", "rows", "columns", "image_type", "series", "burned_in")


def _regions(regions: Iterable[list[int]]) -> str:
    return ", ".join(" ".join(map(str, region)) for region in regions)
