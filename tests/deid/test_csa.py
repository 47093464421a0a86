"""Siemens CSA headers are written anew from numbers and closed terms; nothing else of them gets through."""

import json
import re
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.private.csa import rebuilt_csa
from curation.deid.private.csa_protocol import rebuilt_protocol
from curation.deid.private.csa_tags import CSA_TAGS

from . import checker, siemens

KEY = derive_subject_key(b"k" * 32, "donor")
SOURCE = siemens.csa2(siemens.mosaic_tags(1000), junk=siemens.JUNK)
ALLOWED = {name.decode() for name in CSA_TAGS}


@pytest.mark.parametrize("form", [siemens.csa1, siemens.csa2])
def test_every_allowed_value_stays_as_it_was_and_no_other(form: Callable[[dict[str, list[str]]], bytes]) -> None:
    tags = siemens.mosaic_tags(1000)
    rebuilt = rebuilt_csa(form(tags))
    assert rebuilt is not None
    assert siemens.read_csa(rebuilt) == {name: values for name, values in tags.items() if name in ALLOWED}
    assert siemens.read_csa(rebuilt)["MosaicRefAcqTimes"] == [f"{time:.8f}" for time in siemens.TIMES]


def test_nothing_of_the_unused_areas_is_copied() -> None:
    assert SOURCE.count(siemens.JUNK) > 10
    rebuilt = rebuilt_csa(SOURCE)
    clean = rebuilt_csa(siemens.csa2(siemens.mosaic_tags(1000), spare=0))
    assert rebuilt == clean
    assert rebuilt is not None
    assert b"Kuni" not in rebuilt
    assert b"1331869268" not in rebuilt


def test_a_rebuilt_header_is_rebuilt_to_itself() -> None:
    rebuilt = rebuilt_csa(SOURCE)
    assert rebuilt is not None
    assert rebuilt_csa(rebuilt) == rebuilt


@pytest.mark.parametrize(
    "value", ["Kunigunde", "1 Kunigunde", "19500101Zw", "0x41", "nan", "1e9999", "1;2", "٣", "12345678901"]
)
@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_value_of_another_form_takes_its_tag_with_it(name: str, value: str) -> None:
    rebuilt = rebuilt_csa(siemens.csa2({"EchoLinePosition": ["64"], "B_value": ["0"]} | {name: [value]}))
    assert rebuilt is not None
    assert name not in siemens.read_csa(rebuilt)


def test_more_values_than_a_tag_has_take_it_with_them() -> None:
    assert rebuilt_csa(siemens.csa2({"B_value": ["1", "2"]})) is None
    assert rebuilt_csa(siemens.csa2({"MosaicRefAcqTimes": ["0.5"] * 256})) is not None
    assert rebuilt_csa(siemens.csa2({"MosaicRefAcqTimes": ["0.5"] * 257})) is None


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"SV10",
        b"SV10\4\3\2\1",
        SOURCE[:-800],
        b"SV10\4\3\2\1" + struct.pack("<LL", 0, 77),
        b"SV10\4\3\2\1" + struct.pack("<LL", 1001, 77) + SOURCE[16:],
        b"SV10\4\3\2\1" + struct.pack("<LL", 1, 78) + SOURCE[16:],
        siemens.csa2({"B_value": ["1"]}).replace(b"\2\0\0\0\2\0\0\0", b"\2\0\0\0\xff\xff\xff\x7f"),
        siemens.csa2({"B_value": ["1"]}).replace(b"\2\0\0\0\2\0\0\0", b"\2\0\0\0\xff\xff\xff\xff"),
        siemens.csa2({"B_value": ["1"], "B_other": ["2"]}).replace(b"B_other", b"B_value"),
        siemens.csa2({"B_value": ["1"]}, spare=1001),
    ],
)
def test_a_header_that_cannot_be_followed_is_dropped(broken: bytes) -> None:
    assert rebuilt_csa(broken) is None


def test_a_header_with_nothing_that_stays_is_dropped() -> None:
    assert rebuilt_csa(siemens.csa2({"MrProtocol": [PHOENIX], "UsedPatientWeight": ["88"]})) is None


PHOENIX = """<XProtocol> { <ParamString."PatientName"> { "Kunigunde" } }
### ASCCONV BEGIN object=MrProtDataImpl@MrProtocolData Kunigunde ###
tProtocolName\t = \t""Zwetschgenbaum""
sKSpace.lBaseResolution                  = 64
sPat.lAccelFactPE\t = \t2
sPat.ucPATMode\t = \t0x2
sPat.lRefLinesPE\t = \tKunigunde
sSliceArray.lSize\t = \t6
sSliceArray.lSize\t = \t7
sKSpace.dPhaseResolution\t = \t1.0 Kunigunde
### ASCCONV END ###
<Kunigunde>"""


def test_of_a_protocol_only_numbers_with_known_names_stay() -> None:
    rebuilt = rebuilt_csa(siemens.csa2({"MrPhoenixProtocol": [PHOENIX], "CoilId": ["255"]}, junk=siemens.JUNK))
    assert rebuilt is not None
    wanted = (
        "### ASCCONV BEGIN ###\nsKSpace.lBaseResolution\t = \t64\nsPat.lAccelFactPE\t = \t2\nsPat.ucPATMode\t = \t0x2\n"
    )
    assert siemens.read_csa(rebuilt) == {"MrPhoenixProtocol": [wanted + "### ASCCONV END ###"]}
    assert rebuilt_csa(rebuilt) == rebuilt


@pytest.mark.parametrize(
    "text", ["", PHOENIX[:-40], PHOENIX[120:], PHOENIX.replace("BEGIN", "START"), "### ASCCONV BEGIN"]
)
def test_a_protocol_without_its_marks_goes(text: str) -> None:
    assert rebuilt_csa(siemens.csa2({"MrPhoenixProtocol": [text]})) is None


@given(st.binary(max_size=300))
def test_whatever_a_protocol_holds_only_lines_of_numbers_come_out(middle: bytes) -> None:
    keys = b"\nsPat.lAccelFactPE = 2\n", b"\nsKSpace.lPartitions = 1.5e3\n"
    rebuilt = rebuilt_protocol(b"### ASCCONV BEGIN ###" + keys[0] + middle + keys[1] + b"### ASCCONV END ###")
    assert rebuilt is None or re.fullmatch(
        rb"### ASCCONV BEGIN ###\n([].[\w]+\t = \t[-+.\w]+\n)+### ASCCONV END ###", rebuilt
    )


@given(st.data())
def test_damage_is_dropped_or_gives_numbers_of_the_allowed_tags(data: st.DataObject) -> None:
    source = bytearray(SOURCE)
    for _ in range(data.draw(st.integers(1, 6))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    del source[data.draw(st.integers(0, len(source))) :]
    _is_clean(rebuilt_csa(bytes(source)))


@given(
    st.sampled_from([b"", b"SV10\4\3\2\1", b"SV10\4\3\2\1\1\0\0\0M\0\0\0", b"\1\0\0\0M\0\0\0"]), st.binary(max_size=400)
)
def test_any_bytes_are_dropped_or_give_numbers_of_the_allowed_tags(start: bytes, tail: bytes) -> None:
    _is_clean(rebuilt_csa(start + tail))


def _is_clean(rebuilt: bytes | None) -> None:
    if rebuilt is not None:
        said = siemens.read_csa(rebuilt)
        assert said.keys() <= ALLOWED
        assert all(CSA_TAGS[name.encode()].allows([v.encode() for v in values]) for name, values in said.items())


def converted(folder: Path, files: list[bytes]) -> dict[str, object]:
    """What dcm2niix makes of a series: slice times and phase encoding, diffusion, and the volumes."""
    (folder / "in").mkdir(parents=True)
    for number, file in enumerate(files):
        (folder / "in" / f"{number}.dcm").write_bytes(file)
    command = ["dcm2niix", "-b", "y", "-z", "n", "-f", "x", "-o", str(folder), str(folder / "in")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    side = json.loads((folder / "x.json").read_text())
    wanted = ("SliceTiming", "PhaseEncodingDirection", "BandwidthPerPixelPhaseEncode", "TotalReadoutTime")
    texts = {name: (folder / name).read_text() for name in ("x.bval", "x.bvec") if (folder / name).exists()}
    return {name: side.get(name) for name in wanted} | texts | {"volumes": (folder / "x.nii").read_bytes()[352:]}


def series(with_header: bool = True) -> list[bytes]:
    """Three volumes, the first without diffusion."""
    headers = [siemens.csa2(siemens.mosaic_tags(weight), junk=siemens.JUNK) for weight in (0, 1000, 1000)]
    return [
        siemens.mosaic(at + 1, 1000 if at else 0, "1.2.3.4.5", header if with_header else None)
        for at, header in enumerate(headers)
    ]


def cleaned(files: list[bytes]) -> list[bytes]:
    """The files after the engine, under its usual profile."""
    results = [deidentify(file, key=KEY) for file in files]
    return [result.data for result in results if isinstance(result, Cleaned)]


def test_the_engine_keeps_the_numbers_of_a_header_and_no_word() -> None:
    for weight, source, result in zip((0, 1000, 1000), series(), cleaned(series()), strict=True):
        assert source.count(siemens.JUNK) > 10
        for word in (b"Kunigunde", b"Zwetschgenbaum", b"1331869268", b"4711", b"UsedPatientWeight"):
            assert word not in result
        kept = {name: values for name, values in siemens.mosaic_tags(weight).items() if name in ALLOWED and values}
        assert siemens.read_csa(checker.read(result)[0x0029, 0x1010].value) == kept


@pytest.mark.nightly
def test_dcm2niix_finds_slice_times_and_diffusion_as_before(tmp_path: Path) -> None:
    before, after = converted(tmp_path / "before", series()), converted(tmp_path / "after", cleaned(series()))
    assert before == after
    assert before["SliceTiming"] == [time / 1000 for time in siemens.TIMES]
    assert before["x.bval"] == "0 1000 1000\n"
    assert before["PhaseEncodingDirection"] == "j-"
    assert converted(tmp_path / "without", series(with_header=False))["SliceTiming"] is None
