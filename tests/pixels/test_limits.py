"""Pictures that lie: refused by a code before any decoder sees them, whatever it is that they lie about."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from struct import pack

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from curation.deid.pictures.plan import Region
from curation.pixels.codestreams import segments
from curation.pixels.frames import open_picture
from curation.pixels.limits import CannotShow
from curation.pixels.rewrite import rewritten
from curation.rules.reasons import PICTURE
from tests.pixels.sources import (
    BASELINE,
    DEFLATED_FRAMES,
    J2K,
    LOSSLESS_FIRST,
    LS,
    NEW_UID,
    RLE,
    compressed,
    file_of,
    header,
    jpeg,
    native,
    of_frames,
)

CELLS = np.random.default_rng(1).integers(0, 256, (2, 32, 32), np.uint8)
SYNTAXES = [RLE, LOSSLESS_FIRST, LS, J2K, BASELINE, DEFLATED_FRAMES]


def frames_of(syntax: str) -> list[bytes]:
    """Two frames of 32 x 32."""
    if syntax == BASELINE:
        return [jpeg(cells) for cells in CELLS]
    picture = open_picture(compressed(header(32, 32, frames=2), CELLS, syntax) or b"")
    return [picture.coded(index) for index in range(2)]


def decode_all(data: bytes) -> None:
    """Opens a file and decodes each of its frames."""
    picture = open_picture(data)
    for index in range(picture.count):
        picture.cells(index)


def refused(data: bytes) -> str:
    """The code with which a file is refused, by opening it or by decoding its frames."""
    with pytest.raises(CannotShow) as caught:
        decode_all(data)
    assert caught.value.reason in PICTURE
    return caught.value.reason


@pytest.mark.parametrize("syntax", [each for each in SYNTAXES if each not in (RLE, DEFLATED_FRAMES)])
@pytest.mark.parametrize(("rows", "columns"), [(31, 32), (32, 33), (64, 16), (1, 1)])
def test_a_size_that_the_codestream_does_not_have(syntax: str, rows: int, columns: int) -> None:
    """Refused when the file is opened: readers that go by the one and by the other would show different pictures."""
    with pytest.raises(CannotShow, match="picture_broken"):
        open_picture(of_frames(header(rows, columns, frames=2), frames_of(syntax), syntax))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_components_and_precision_that_it_does_not_have(syntax: str) -> None:
    """Three samples, or fewer bits than the codestream has."""
    wide = header(32, 32, frames=2, samples=3, photometric="RGB")
    assert refused(of_frames(wide, frames_of(syntax), syntax)) == "picture_broken"
    if syntax not in (RLE, DEFLATED_FRAMES):
        assert refused(of_frames(header(32, 32, frames=2, allocated=1), frames_of(syntax), syntax)) == "picture_broken"


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("count", [1, 3, 200_000])
def test_more_or_fewer_frames_than_there_are(syntax: str, count: int) -> None:
    """A frame that nobody counts is a frame that nobody looks at."""
    assert refused(of_frames(header(32, 32, frames=count), frames_of(syntax), syntax)) == "picture_broken"


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_codestream_that_ends_too_early(syntax: str) -> None:
    """Nowhere does a half frame pass without a word, but where a decoder can say that it is whole."""
    frames = frames_of(syntax)
    for keep in (10, 40, len(frames[0]) // 2):
        data = of_frames(header(32, 32, frames=2), [frames[0][:keep], frames[1]], syntax)
        assert refused(data) == "picture_broken"


@pytest.mark.parametrize("offsets", [[0, 0], [0, 8], [8, 0], [0], [0, 1, 2], [4, 20]])
def test_offsets_that_lead_elsewhere(offsets: list[int]) -> None:
    """A table that is there says where the frames are, or the file is refused."""
    frames = [frame + bytes(len(frame) % 2) for frame in frames_of(BASELINE)]
    table = pack("<HHL", 0xFFFE, 0xE000, 4 * len(offsets)) + pack(f"<{len(offsets)}L", *offsets)
    items = b"".join(pack("<HHL", 0xFFFE, 0xE000, len(frame)) + frame for frame in frames)
    data = file_of(header(32, 32, frames=2), table + items, BASELINE, compressed=True)
    assert refused(data) == "picture_broken"


def test_a_second_picture_in_the_fragments_of_a_frame() -> None:
    """One frame by the header, two JPEGs in its fragments: most readers would show the first alone."""
    data = of_frames(
        header(32, 32), [b"".join(frame + bytes(len(frame) % 2) for frame in frames_of(BASELINE))], BASELINE
    )
    whole = dcmread(BytesIO(data))
    first = len(frames_of(BASELINE)[0])
    first += first % 2
    items = [whole.PixelData[16 + 0 : 16 + first], whole.PixelData[16 + first :]]
    value = pack("<HHL", 0xFFFE, 0xE000, 0) + b"".join(pack("<HHL", 0xFFFE, 0xE000, len(each)) + each for each in items)
    assert refused(file_of(header(32, 32), value, BASELINE, compressed=True)) == "picture_broken"


@pytest.mark.parametrize("length", [0, 10, 2046, 2049, 4096])
def test_lengths_that_do_not_fit(length: int) -> None:
    """Too few bytes, or more than there are pixels for, with something in them."""
    data = file_of(header(32, 32, frames=2), bytes([7]) * length, "1.2.840.10008.1.2.1", compressed=False)
    assert refused(data) in ("picture_broken", "no_picture")


HUGE: list[Callable[[Dataset], None]] = [
    lambda ds: setattr(ds, "Rows", 65535) or setattr(ds, "Columns", 65535),
    lambda ds: setattr(ds, "NumberOfFrames", 2_000_000_000),
    lambda ds: setattr(ds, "BitsAllocated", 24),
    lambda ds: setattr(ds, "BitsStored", 9),
    lambda ds: setattr(ds, "HighBit", 3),
    lambda ds: setattr(ds, "SamplesPerPixel", 4),
    lambda ds: setattr(ds, "SamplesPerPixel", 3),
    lambda ds: setattr(ds, "PhotometricInterpretation", "RGB"),
    lambda ds: setattr(ds, "PhotometricInterpretation", "HSV"),
    lambda ds: setattr(ds, "NumberOfFrames", -1),
    lambda ds: setattr(ds, "Rows", 0),
]


@pytest.mark.parametrize("number", range(len(HUGE)))
@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", J2K])
def test_headers_that_claim_what_cannot_be(number: int, syntax: str) -> None:
    """Refused by the header alone, in little memory."""
    ds = header(32, 32, frames=2)
    HUGE[number](ds)
    made = native(header(32, 32, frames=2), CELLS) if syntax != J2K else b""
    value = dcmread(BytesIO(made)).PixelData if made else b""
    data = file_of(ds, value, syntax, compressed=False) if made else of_frames(ds, frames_of(J2K), J2K)
    tracemalloc.start()
    refused(data)
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


def test_a_codestream_of_many_tiles() -> None:
    """A JPEG 2000 header of millions of tiles is refused before OpenJPEG makes room for them."""
    frame = bytearray(frames_of(J2K)[0])
    frame[24:32] = pack(">LL", 1, 1)
    frame[8:16] = pack(">LL", 60_000, 1000)
    assert refused(of_frames(header(1000, 60_000), [bytes(frame)], J2K)) == "picture_too_large"


def test_an_unpacked_frame_is_never_larger_than_it_should_be() -> None:
    """A deflated frame that goes on is refused, and not unpacked to its end."""
    import zlib

    engine = zlib.compressobj(9, wbits=-15)
    bomb = engine.compress(bytes(50 << 20)) + engine.flush()
    tracemalloc.start()
    assert refused(of_frames(header(32, 32), [bomb], DEFLATED_FRAMES)) == "picture_broken"
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.92"])
def test_what_has_no_decoder(syntax: str) -> None:
    """JPEG XL, and multi-component JPEG 2000: no decoder, no pass."""
    start = b"\xff\x0a" if syntax.endswith("110") else b"\xff\x4f\xff\x51"
    data = of_frames(header(32, 32), [start + bytes(60)], J2K).replace(
        J2K.encode() + b"\0" * (len(J2K) % 2), b"%s\0" % syntax.encode() if len(syntax) % 2 else syntax.encode()
    )
    assert refused(data) in ("no_decoder", "picture_broken")


def test_twelve_bits_of_dct_have_no_decoder() -> None:
    """The only one is under the GPL."""
    frame = bytearray(frames_of(BASELINE)[0])
    at = next(start for marker, start, _ in segments(bytes(frame)) if marker == 0xC0)
    frame[at] = 12
    ds = header(32, 32, allocated=16, stored=12)
    assert refused(of_frames(ds, [bytes(frame)], "1.2.840.10008.1.2.4.51")) == "no_decoder"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), syntax=st.sampled_from([RLE, LS, J2K, DEFLATED_FRAMES]))
def test_bytes_changed_at_random(data: st.DataObject, syntax: str) -> None:
    """Whatever is changed in a file: it opens, or is refused by a code; nothing else is ever raised."""
    whole = bytearray(of_frames(header(32, 32, frames=2), frames_of(syntax), syntax))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(132, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(CannotShow):
        open_picture(bytes(whole)).shown(0)
    with suppress(CannotShow):
        rewritten(bytes(whole), {0: [Region(0, 0, 9, 9)]}, hidden_bits=True, new_uid=NEW_UID, checked=True)
