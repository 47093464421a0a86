"""Chosen files are looked through in the browser: known by content, read in a worker, nothing sent, kept or logged."""

import base64
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pydicom.dataset import Dataset

from portal.story.cohort import make_cohort, studies
from registry.rules.header import HeaderError, read_header
from registry.rules.sniff import HEAD_BYTES, kind_of
from tests.deid.corpus import files
from tests.functional.visitor import Visitor

SCAN = """async (texts) => {
  const files = texts.map((text) => new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], "x"));
  const { scan } = await import("/static/registry/scan.js");
  const found = await scan(files, () => {});
  return { ...found, sources: found.sources.length };
}"""
KINDS = """async (texts) => {
  const { kindOf } = await import("/static/registry/kinds.js");
  return texts.map((text) => kindOf(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))));
}"""
LISTED = """async (count) => {
  const { listed } = await import("/static/registry/gather.js");
  const left = Array.from({ length: count }, (_, number) => number);
  return (await listed({ readEntries: (done) => done(left.splice(0, 100)) })).length;
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, assets: str) -> Iterator[Page]:
    """A page on which the scripts can be asked; whatever they ask for is noted."""
    visitor = Visitor(chromium, assets)
    visitor.context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    visitor.go("/static/registry/kinds.js")
    yield visitor.page
    assert visitor.close() == []


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def scanned(page: Page, *given: bytes) -> Any:
    return page.evaluate(SCAN, [text(data) for data in given])


def zipped(*given: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for number, data in enumerate(given):
            made.writestr(f"DICOM/Müller^Zoë {number}", data)
    return out.getvalue()


HEADS = [
    *(b"", b"\0" * 400, b"MZ\x90", b"\x7fELF", b"%PDF-1.4", b"GIF89a", b"BM66", b"hello", b"\xff\xfeh\0", b"\x1f\x8b"),
    *(b"{\\rtf1", b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"\xfd7zXZ", b"\xca\xfe\xba\xbe", b"\xff\xd8\xff\xe0"),
    *(b"\x08\0\x05\0CS\x0a\0ISO_IR 100", b"\x08\0\0\0\4\0\0\0\x10\0\0\0", b"\0\x08\0\x05CS\0\x0aISO_IR 100"),
    *(
        b"\x08\0\x05\0",
        b"\x02\0\0\1UL\4\0",
        b"\x08\0\1\1CS\2\0",
        b"\0\x08\0\x05\0\0\0\x0aISO",
        b"\x08\0\x05\0\3\0\0\0abc",
    ),
    *(b"\0\5\x16\7\0\2\0\0Mac OS X", b"\0\0\0\1Bud1", b"ITSF\3\0", b"SQLite format 3\0", b"MSCF", b"\xcf\xfa\xed\xfe"),
    *(b"\xce\xfa\xed\xfe", bytes(257) + b"ustar", b"a".ljust(257, b"\0") + b"ustar"),
    *(bytes(128) + b"DICM", bytes(128) + b"DICM" + b"1.2.840.10008.1.3.10", b"MZ" + bytes(126) + b"DICM"),
]


def test_a_files_kind_is_what_the_server_says(page: Page) -> None:
    heads = HEADS + [path.read_bytes()[:HEAD_BYTES] for path in files()[::2]]
    assert page.evaluate(KINDS, [text(head) for head in heads]) == [kind_of(head).value for head in heads]


@pytest.mark.parametrize("most", [10_000, pytest.param(5_000_000, marks=pytest.mark.nightly)])
def test_a_header_says_what_it_says_on_the_server(page: Page, most: int) -> None:
    """Of every real file of so many bytes at most, wherever the server can read them."""
    given = [(path.name, path.read_bytes()) for path in files() if path.stat().st_size < most]
    given = [(name, data) for name, data in given if kind_of(data[:HEAD_BYTES]) == "dicom"]
    found = {scan["at"]: scan for scan in scanned(page, *(data for _, data in given))["scans"]}
    agreed = 0
    for at, (name, data) in enumerate(given):
        try:
            header = read_header(BytesIO(data))
        except HeaderError:
            continue
        assert at in found, name
        told = (found[at]["study"], found[at]["modality"], found[at]["born"])
        assert told == (header.study_uid, header.modality or told[1], header.birth_date), name
        agreed += 1
    assert agreed > 40


def test_a_disc_with_its_clutter_is_told_apart(page: Page) -> None:
    (person,) = make_cohort(1)
    own = [file.data for file in studies(person)]
    found = scanned(page, *own, b"MZ program", b"[autorun]", bytes(128) + b"DICM 1.2.840.10008.1.3.10", b"")
    assert len(found["scans"]) == len(own)
    assert found["left"] == {"program": 1, "text": 1, "dicomdir": 1, "empty": 1}
    assert {scan["name"] for scan in found["scans"]} == {f"{person.family_name}^{person.given_name}"} or all(
        person.family_name.casefold() in scan["name"].casefold() for scan in found["scans"]
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_zips_are_looked_into_and_what_cannot_be_opened_is_counted(page: Page, method: int) -> None:
    (person,) = make_cohort(1)
    own = [file.data for file in studies(person)]
    found = scanned(page, zipped(*own, b"MZ", method=method), zipped(zipped(*own), method=zipfile.ZIP_STORED))
    assert len(found["scans"]) == 2 * len(own)
    assert found["left"] == {"program": 1}
    assert scanned(page, b"PK\x03\x04 broken")["closed"] == 1
    assert scanned(page, zipped(zipped(*own)))["closed"] == 1, "what cannot be looked into is no clutter: it is sent"


def test_names_in_other_letters_are_read(page: Page) -> None:
    by_name = {path.name: path for path in files()}
    found = scanned(page, by_name["chrX1.dcm"].read_bytes(), by_name["chrRuss.dcm"].read_bytes())
    assert found["scans"][0]["name"].startswith("Wang^XiaoDong=王^小東")
    assert found["scans"][1]["name"].startswith("Люкceмбypг") or "^" not in found["scans"][1]["name"]


def test_what_is_damaged_stops_nothing(page: Page) -> None:
    whole = next(path for path in files() if path.name == "CT_small.dcm").read_bytes()
    cut = [whole[:size] for size in (132, 140, 200, 400, 900)]
    found = scanned(page, *cut, whole)
    assert [scan["at"] for scan in found["scans"]] == [5]
    assert found["unread"] == 5


def test_sequences_without_length_are_passed_over_whoever_wrote_them(page: Page) -> None:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.Modality, dataset.StudyInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "CT", "1.2.3"
    dataset.SeriesInstanceUID = "1.2.3.4"
    inner = Dataset()
    inner.StudyInstanceUID, inner.Modality = "9.9.9", "MR"
    dataset.ReferencedStudySequence = [inner, inner]
    dataset["ReferencedStudySequence"].is_undefined_length = True
    for item in dataset.ReferencedStudySequence:
        item.is_undefined_length_sequence_item = True
    for implicit in (True, False):
        out = BytesIO()
        dataset.save_as(out, implicit_vr=implicit, little_endian=True)
        (scan,) = scanned(page, out.getvalue())["scans"]
        assert (scan["study"], scan["modality"]) == ("1.2.3", "CT")


@pytest.mark.parametrize("count", [0, 99, 100, 101, 1000])
def test_a_folder_is_listed_until_nothing_more_comes(page: Page, count: int) -> None:
    assert page.evaluate(LISTED, count) == count


@pytest.mark.parametrize("count", [120, pytest.param(1000, marks=pytest.mark.nightly)])
def test_many_files_without_extension(page: Page, tmp_path: Path, count: int) -> None:
    """As a person chooses them: through the browser's own list of files, with paths."""
    (person,) = make_cohort(1)
    data = studies(person)[0].data
    for number in range(count):
        (tmp_path / f"IM{number:04}").write_bytes(data)
    page.evaluate("""document.body.innerHTML = "<input type=file webkitdirectory>", null""")
    page.locator("input[type=file]").set_input_files(tmp_path)
    scans, kept = page.evaluate(
        """async () => {
          const { scan } = await import("/static/registry/scan.js");
          const { scans } = await scan([...document.querySelector("input").files], () => {});
          return [scans.length, localStorage.length + sessionStorage.length];
        }"""
    )
    assert (scans, kept) == (count, 0)
