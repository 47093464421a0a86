"""ZIPs that want to harm: each is refused with a sentence, or walked through within its bounds."""

import stat
import struct
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.archive import ArchiveRefused, Budget, DamagedMember, Limits, climbs, walk

SMALL = Limits(entries=5, file_bytes=40 << 20, total_bytes=60 << 20, ratio=100)


def packed(files: list[tuple[str | ZipInfo, bytes]], method: int = ZIP_DEFLATED) -> bytearray:
    out = BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, compress_type=method)
    return bytearray(out.getvalue())


def unpacked(data: bytes, limits: Limits = SMALL) -> list[bytes]:
    return [member.stream.read() for member in walk(BytesIO(data), limits) if member.stream is not None]


def refusal(data: bytes, limits: Limits = SMALL) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        unpacked(data, limits)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def test_an_ordinary_zip_is_walked_in_order() -> None:
    assert unpacked(packed([("a/b", b"1"), ("c", b"22"), ("d/", b"")])) == [b"1", b"22"]
    assert unpacked(packed([])) == []


def test_a_bomb_is_not_opened() -> None:
    assert refusal(packed([("a", b"\0" * (20 << 20))])) == "bomb"


def test_sizes_and_numbers_have_bounds() -> None:
    assert refusal(packed([(str(n), b"x") for n in range(6)])) == "too_many"
    assert refusal(packed([("a", b"x" * 200)]), Limits(file_bytes=100)) == "too_large"
    assert refusal(packed([("a", b"x" * 80), ("b", b"x" * 80)]), Limits(file_bytes=100, total_bytes=100)) == "too_large"
    assert refusal(packed([("n" * 500 + str(n), b"") for n in range(50)]), Limits(directory_bytes=1000)) == "too_many"


def test_a_size_that_lies_cannot_make_more_come_out() -> None:
    data = packed([("a", b"x" * 5000)])
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(signature) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(DamagedMember):
        unpacked(data)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind: int) -> None:
    info = ZipInfo("a")
    info.external_attr = (kind | 0o777) << 16
    assert refusal(packed([(info, b"/etc/passwd")])) == "links"


def test_locked_and_odd_methods_are_refused() -> None:
    data = packed([("a", b"secret")], ZIP_STORED)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert refusal(data) == "locked"
    assert refusal(packed([("a", b"x" * 100)], ZIP_BZIP2)) == "method"


def test_files_that_share_bytes_are_refused() -> None:
    data = packed([("a", b"x" * 1000), ("b", b"y" * 1000)], ZIP_STORED)
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    data[second + 46 : second + 47] = b"a"
    assert refusal(data) in {"bomb", "damaged"}


def test_names_that_climb_are_left_out_and_the_rest_is_taken() -> None:
    names = ["../x", "a/../../x", "/etc/x", "C:\\x", "\\\\server\\x", "..\\x"]
    assert all(climbs(name) for name in names)
    assert not any(climbs(name) for name in ("DICOM/IM1", "a..b", "name with spaces.dcm", "Ä/é"))
    members = list(walk(BytesIO(packed([("../x", b"1"), ("ok", b"2")])), SMALL))
    assert [member.stream is None for member in members] == [True, False]
    assert "leads out" in members[0].refusal


def test_one_damaged_member_does_not_spoil_the_walk() -> None:
    data = packed([("a", b"x" * 1000), ("b", b"good")], ZIP_STORED)
    data[data.index(b"xxxx")] ^= 1
    read = []
    for member in walk(BytesIO(data), SMALL):
        assert member.stream is not None
        try:
            read.append(member.stream.read())
        except DamagedMember:
            read.append(b"damaged")
    assert read == [b"damaged", b"good"]


@pytest.mark.parametrize(("offset", "value"), [(6, 1), (8, 0), (14, 7), (18, 7), (22, 7)])
def test_a_file_that_is_described_in_two_ways_is_left_out(offset: int, value: int) -> None:
    data = packed([("a", b"x" * 5000), ("b", b"good")])
    data[offset] = value
    first, second = walk(BytesIO(data), SMALL)
    assert (first.stream, second.stream is None) == (None, False)
    assert "contents list" in first.refusal
    assert second.stream is not None
    assert second.stream.read() == b"good"


def test_a_file_that_no_table_of_contents_names_is_not_lost_without_a_word() -> None:
    one, two = packed([("a", b"one")]), packed([("b", b"two")])
    assert refusal(one + two) == "hidden"
    assert refusal(b"PK\x03\x04" + one) == "hidden"
    start = two.index(b"PK\x01\x02")
    between = two[:start] + one[: one.index(b"PK\x01\x02")]
    moved = between + two[start:]
    moved[-6:-2] = struct.pack("<I", len(between))
    assert refusal(moved) == "hidden"


def test_what_is_called_a_folder_and_holds_bytes_is_a_file() -> None:
    assert unpacked(packed([("a/", b"a scan"), ("b/", b"")])) == [b"a scan"]


def test_two_files_of_one_name_are_both_taken() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed([("a", b"one"), ("a", b"two")])
    assert unpacked(data) == [b"one", b"two"]


class Pipe(BytesIO):
    """Can only be written, as a pipe: a ZIP made on it tells sizes behind each file."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError


@pytest.mark.parametrize("is_large", [False, True])
def test_sizes_behind_the_files_and_in_the_long_form_are_read(is_large: bool) -> None:
    for out in (BytesIO(), Pipe()):
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for name in ("a", "b"):
                with archive.open(name, "w", force_zip64=is_large) as member:
                    member.write(name.encode() * 1000)
        assert unpacked(out.getvalue()) == [b"a" * 1000, b"b" * 1000]


def test_zips_in_a_zip_share_what_they_may_have() -> None:
    limits = Limits(entries=5, total_bytes=100)
    budget = Budget(limits)
    data = packed([("a", b"x" * 30), ("b", b"x" * 30)])
    assert len(list(walk(BytesIO(data), limits, budget))) == 2
    with pytest.raises(ArchiveRefused, match="too_large"):
        list(walk(BytesIO(data), limits, budget))
    assert len(list(walk(BytesIO(packed([("c", b""), ("d", b"")])), limits, budget))) == 2
    with pytest.raises(ArchiveRefused, match="too_many"):
        list(walk(BytesIO(packed([("e", b""), ("f", b"")])), limits, budget))


@given(st.data())
def test_a_flipped_byte_is_a_refusal_or_harmless(data: st.DataObject) -> None:
    zipped = packed([("a", b"one" * 20), ("b", b"two" * 20)])
    at = data.draw(st.integers(0, len(zipped) - 1))
    zipped[at] ^= data.draw(st.integers(1, 255))
    try:
        total = sum(map(len, unpacked(zipped)))
    except (ArchiveRefused, DamagedMember):
        return
    assert total <= SMALL.total_bytes


@given(st.binary(max_size=200))
def test_any_bytes_are_a_refusal_or_an_empty_walk(data: bytes) -> None:
    try:
        assert unpacked(b"PK\x03\x04" + data) == []
    except (ArchiveRefused, DamagedMember):
        pass
