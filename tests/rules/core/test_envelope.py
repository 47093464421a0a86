"""The sealed form of objects: whatever is done to it is found, and whatever is read of it is what was written."""

from io import SEEK_CUR, SEEK_END, BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Missing
from core.storage import envelope
from core.storage.envelope import HEADER, MAGIC, SEALED, SEGMENT, Sealing, opened, opened_start

KEY, OTHER = b"k" * 32, b"o" * 32
ABOUT = b"clean\0one"
#: Around the borders of segments, where mistakes are made.
SIZES = st.sampled_from([0, 1, 15, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 2 * SEGMENT + 1, 200_000])
AMOUNTS = st.lists(st.integers(0, 3 * SEGMENT), max_size=8)
few = settings(max_examples=60, deadline=None)


def plain(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def seal(data: bytes, key: bytes = KEY, about: bytes = ABOUT) -> bytes:
    return Sealing(BytesIO(data), key, about).read()


def unseal(data: bytes, key: bytes = KEY, about: bytes = ABOUT) -> bytes:
    return opened(BytesIO(data), key, about).read()


class Pieces:
    """A source that gives no more than so many bytes at a time."""

    def __init__(self, data: bytes, most: int) -> None:
        self.stream, self.most = BytesIO(data), most

    def read(self, amount: int = -1, /) -> bytes:
        return self.stream.read(self.most if amount < 0 else min(self.most, amount))


@few
@given(size=SIZES, most=st.integers(1, 3 * SEGMENT), amounts=AMOUNTS)
def test_in_whatever_pieces_it_is_written_and_read_it_is_the_same(size: int, most: int, amounts: list[int]) -> None:
    data = plain(size)
    sealing = Sealing(Pieces(data, max(most, size // 500 + 1)), KEY, ABOUT)
    sealed = b"".join(sealing.read(amount) for amount in amounts) + sealing.read()
    assert sealing.read() == sealing.read(10) == b""
    assert len(sealed) == size + HEADER + 16 * max(-(-size // SEGMENT), 1)
    stream = opened(Unseekable(sealed), KEY, ABOUT)
    read = [stream.read(amount) for amount in amounts]
    reference = BytesIO(data)
    assert read == [reference.read(amount) for amount in amounts]
    assert stream.read() == reference.read()


class Unseekable(BytesIO):
    """A stream that cannot be sought in, such as what an S3 server sends."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise AssertionError("nobody may seek in this")


@few
@given(size=SIZES, moves=st.lists(st.tuples(st.integers(0, 2), st.integers(-SEGMENT, 3 * SEGMENT)), max_size=8))
def test_it_can_be_sought_in_as_the_plain_file_can(size: int, moves: list[tuple[int, int]]) -> None:
    stream, reference = opened(BytesIO(seal(plain(size))), KEY, ABOUT), BytesIO(plain(size))
    for whence, offset in moves:
        base = {0: 0, SEEK_CUR: reference.tell(), SEEK_END: size}[whence]
        place = max(base + offset, 0)
        assert stream.seek(place) == reference.seek(place)
        assert stream.tell() == place
        assert stream.read(100) == reference.read(100)
        assert stream.seek(0, SEEK_END) == reference.seek(0, SEEK_END) == size
    stream.seek(0)
    assert stream.read() == plain(size)


@few
@given(size=SIZES, first=st.integers(0, 3 * SEGMENT))
def test_the_start_needs_no_more_than_its_own_segments(size: int, first: int) -> None:
    sealed = seal(plain(size))[: envelope.length_of_start(first)]
    assert opened_start(sealed, first, KEY, ABOUT) == plain(size)[:first]
    assert len(sealed) <= HEADER + first + SEALED + 16 * (first // SEGMENT + 2)


@few
@given(size=SIZES, data=st.data())
def test_whatever_is_cut_off_is_missed(size: int, data: st.DataObject) -> None:
    sealed = seal(plain(size))
    end = data.draw(st.integers(0, len(sealed) - 1) | st.integers(0, len(sealed) // SEALED).map(_border))
    if end < len(sealed):
        with pytest.raises(Missing, match="not the ones"):
            unseal(sealed[:end])
    with pytest.raises(Missing):
        unseal(sealed + sealed[HEADER:])
    with pytest.raises(Missing):
        unseal(sealed + b"\0")


def _border(number: int) -> int:
    return HEADER + number * SEALED


@few
@given(size=SIZES, data=st.data())
def test_whatever_bit_is_turned_is_found(size: int, data: st.DataObject) -> None:
    sealed = bytearray(seal(plain(size)))
    place = data.draw(st.integers(0, len(sealed) - 1) | st.integers(0, min(HEADER + 20, len(sealed) - 1)))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Missing):
        unseal(bytes(sealed))


@few
@given(data=st.data())
def test_segments_that_change_places_or_objects_are_found(data: st.DataObject) -> None:
    one, two = seal(plain(4 * SEGMENT)), seal(plain(4 * SEGMENT))
    places = data.draw(st.permutations(range(4)))
    source = data.draw(st.sampled_from([one, two]))
    segments = [source[_border(place) : _border(place + 1)] for place in places]
    made = one[:HEADER] + b"".join(segments)
    if source is one and list(places) == [0, 1, 2, 3]:
        assert unseal(made) == plain(4 * SEGMENT)
    else:
        with pytest.raises(Missing):
            unseal(made)


def test_an_object_opens_under_its_own_key_and_in_its_own_place_alone() -> None:
    sealed = seal(b"pixels")
    assert unseal(sealed) == b"pixels"
    assert b"pixels" not in sealed
    for key, about in ((OTHER, ABOUT), (KEY, b"clean\0two"), (KEY, b"released\0one")):
        with pytest.raises(Missing):
            unseal(sealed, key, about)


def test_the_same_bytes_never_look_the_same() -> None:
    assert len({seal(b"pixels")[len(MAGIC) :] for _ in range(20)}) == 20


def test_a_stream_is_damaged_only_where_it_is_read() -> None:
    sealed = bytearray(seal(plain(3 * SEGMENT)))
    sealed[-1] ^= 1
    stream = opened(BytesIO(bytes(sealed)), KEY, ABOUT)
    assert stream.read(SEGMENT) == plain(SEGMENT)
    with pytest.raises(Missing):
        stream.read()


def test_a_large_object_is_never_in_memory_as_a_whole() -> None:
    import tracemalloc

    tracemalloc.start()
    sealing = Sealing(Zeros(30 << 20), KEY, ABOUT)
    size = sum(len(part) for part in iter(lambda: sealing.read(1 << 20), b""))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 30 << 20
    assert peak < 6 << 20


class Zeros:
    """So many bytes of nothing."""

    def __init__(self, left: int) -> None:
        self.left = left

    def read(self, amount: int, /) -> bytes:
        given = min(self.left, amount)
        self.left -= given
        return bytes(given)
