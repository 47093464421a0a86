"""Writing where a picture does not show it: spare bits, beyond the window, same colours, more than is declared."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_fragments
from pydicom.pixels import pixel_array
from pydicom.sequence import Sequence

from . import pixels
from .encoders import even, put_pixels
from .made import Case, Made, as_file, described, drawn, make
from .writing import Planted

_SPARE = 12


def overlay(case: Case) -> Made:
    """An overlay plane in bit 12 of twelve-bit pixels (PS3.5 section 8.1.2, retired)."""
    return _in_spare_bit(case, declared=True)


def spare_bits(case: Case) -> Made:
    """The same bit, and no header that tells of it."""
    return _in_spare_bit(case, declared=False)


def _in_spare_bit(case: Case, declared: bool) -> Made:
    clear, planted = _without(case)
    values = pixels.stored(clear, case.photometric, case.depth)
    for each in planted:
        values[each.frame][each.box] |= each.ink.astype(values.dtype) << _SPARE
    ds = described(case, values)
    if declared:
        ds.add_new(0x60000010, "US", ds.Rows)
        ds.add_new(0x60000011, "US", ds.Columns)
        ds.add_new(0x60000040, "CS", "G")
        ds.add_new(0x60000050, "SS", [1, 1])
        ds.add_new(0x60000100, "US", ds.BitsAllocated)
        ds.add_new(0x60000102, "US", _SPARE)
    return Made(case, as_file(ds, case.way), tuple(planted), lambda out: not (_cells(out) >> _SPARE).any())


def low_bits(case: Case) -> Made:
    """Values in the upper twelve bits, writing in the lowest of the four below."""
    clear, planted = _without(case)
    values = pixels.stored(clear, case.photometric, case.depth) << 4
    for each in planted:
        values[each.frame][each.box] |= each.ink.astype(values.dtype)
    ds = described(case, values)
    ds.HighBit = 15
    return Made(case, as_file(ds, case.way), tuple(planted), lambda out: not (_cells(out) & 0xF).any())


def beyond(low: float, high: float) -> Callable[[Case], Made]:
    """Paper and ink of different values that the header's window shows alike."""

    def trick(case: Case) -> Made:
        frames, planted = _without(case)
        for each in planted:
            frames[each.frame][each.box] = np.where(each.ink, high, low)
        ds = described(case, pixels.stored(frames, case.photometric, case.depth))
        return Made(case, as_file(ds, case.way), tuple(planted))

    return trick


def twins(case: Case) -> Made:
    """Two places of a palette with one colour: one for paper, one for ink."""
    frames, planted = _without(case)
    values = pixels.stored(frames, case.photometric, case.depth).clip(0, 253)
    for each in planted:
        values[each.frame][each.box] = np.where(each.ink, 255, 254)
    ds = described(case, values)
    for name in ("Red", "Green", "Blue"):
        table = np.frombuffer(ds[f"{name}PaletteColorLookupTableData"].value, "<u2").copy()
        table[254] = table[255]
        ds[f"{name}PaletteColorLookupTableData"].value = table.tobytes()
    return Made(case, as_file(ds, case.way), tuple(planted))


def second_frame(case: Case) -> Made:
    """A frame more than the header declares, with the writing."""
    frames, _ = _without(case)
    more, planted = drawn(case)
    values = pixels.stored(np.concatenate([frames, more]), case.photometric, case.depth)
    ds = described(case, values)
    if "NumberOfFrames" in ds:
        del ds.NumberOfFrames
    size = int(ds.Rows) * int(ds.Columns) * int(ds.BitsAllocated) // 8 * int(ds.SamplesPerPixel)

    def gone(out: Dataset) -> bool:
        if out.file_meta.TransferSyntaxUID.is_compressed:
            return sum(1 for _ in generate_fragments(out.PixelData)) <= 2
        return len(out.PixelData) <= size + 1

    return Made(case, as_file(ds, case.way), tuple(planted), gone)


def more_rows(case: Case) -> Made:
    """A codestream of more rows than the header declares; the writing stands in those."""
    frames, planted = drawn(case)
    ds = described(case, pixels.stored(frames, case.photometric, case.depth))
    whole = int(ds.Rows)
    ds.Rows = min(each.top for each in planted) - 2

    def gone(out: Dataset) -> bool:
        frame = max(generate_fragments(out.PixelData), key=len)
        return Image.open(BytesIO(frame)).height < whole

    return Made(case, as_file(ds, case.way), tuple(planted), gone)


def icon(case: Case) -> Made:
    """An icon image that shows the writing, beside pixels that do not."""
    frames, planted = drawn(case)
    small = pixels.stored(frames[:1], case.photometric, "8")[0]
    plain = make(replace(case, writings=())).data
    item = Dataset()
    item.SamplesPerPixel, item.PhotometricInterpretation = 1, "MONOCHROME2"
    item.Rows, item.Columns = small.shape
    item.BitsAllocated = item.BitsStored = 8
    item.HighBit, item.PixelRepresentation = 7, 0
    item.PixelData = even(small.tobytes())
    whole = dcmread(BytesIO(plain))
    whole.IconImageSequence = Sequence([item])
    return Made(case, as_file(whole, case.way), tuple(planted), lambda out: "IconImageSequence" not in out)


def one_bit(case: Case) -> Made:
    """A scanned page of black and white: a bit a pixel (PS3.5 section 8.1.1)."""
    frames, planted = drawn(case)
    grey = frames if frames.ndim == 3 else frames.mean(axis=3)
    ds = described(case, pixels.stored(grey, "MONOCHROME2", "8"))
    ds.BitsAllocated = ds.BitsStored = 1
    ds.HighBit = 0
    ds.PixelData = even(np.packbits((grey > 0.5).ravel(), bitorder="little").tobytes())
    del ds.WindowCenter, ds.WindowWidth
    return Made(case, as_file(ds, case.way), tuple(planted))


def lookup_table(case: Case) -> Made:
    """A table that shows every value as the same grey (VOI LUT Sequence, PS3.3 section C.11.2)."""
    frames, planted = drawn(case)
    ds = described(case, pixels.stored(frames, case.photometric, case.depth))
    del ds.WindowCenter, ds.WindowWidth
    item = Dataset()
    entries = 1 << int(ds.BitsStored)
    item.add_new(0x00283002, "US", [entries, 0, 16])
    item.add_new(0x00283006, "US", [20_000] * entries)
    ds.VOILUTSequence = Sequence([item])
    return Made(case, as_file(ds, case.way), tuple(planted))


def fragments(case: Case) -> Made:
    """A whole picture with the writing as a second fragment of one that has none: decoders stop after the first."""
    clear, _ = _without(case)
    frames, planted = drawn(case)
    ds = described(case, pixels.stored(clear, case.photometric, case.depth))
    first = max(generate_fragments(ds.PixelData), key=len)
    put_pixels(ds, pixels.stored(frames, case.photometric, case.depth), case.way)
    second = max(generate_fragments(ds.PixelData), key=len)
    ds.PixelData = encapsulate([first, second], has_bot=False)
    return Made(
        case, as_file(ds, case.way), tuple(planted), lambda out: sum(1 for _ in generate_fragments(out.PixelData)) <= 2
    )


def _cells(out: Dataset) -> np.ndarray:
    """All bits that are stored."""
    if out.file_meta.TransferSyntaxUID.is_compressed:
        return pixel_array(out, raw=True).astype(np.uint16)
    return np.frombuffer(out.PixelData, "<u2")


def _without(case: Case) -> tuple[np.ndarray, list[Planted]]:
    """The frames without the writing, and where it would stand."""
    _, planted = drawn(case)
    frames, _ = drawn(replace(case, writings=()))
    return frames, planted


TRICKS: dict[str, Callable[[Case], Made]] = {
    "overlay in spare bits": overlay,
    "spare bits": spare_bits,
    "low bits": low_bits,
    "below the window": beyond(-0.30, -0.15),
    "above the window": beyond(1.15, 1.30),
    "twin colours": twins,
    "a frame more": second_frame,
    "more rows": more_rows,
    "icon": icon,
    "one bit": one_bit,
    "lookup table": lookup_table,
    "a fragment more": fragments,
}


def built(case: Case) -> Made:
    """The file of any case."""
    return TRICKS[case.trick](case) if case.trick else make(case)
