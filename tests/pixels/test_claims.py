"""What a file says of itself after its picture was changed, searched, or neither; and that references are led on."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.sequence import Sequence as Items

from curation.deid import Cleaned, Deidentifier
from curation.deid.gates.references import uids_of
from curation.deid.pictures.plan import Region
from curation.deid.values.keys import SubjectKey
from curation.deid.values.pseudonyms import is_registered, keyed_uid, uid_of_next
from curation.pixels import elements
from curation.pixels.repoint import repointed
from curation.pixels.rewrite import rewritten
from tests.deid.planted import dataset as planted
from tests.pixels.checks import assert_rest_is_equal
from tests.pixels.sources import BIG, EXPLICIT, IMPLICIT, NEW_UID, OLD_UID, RLE, compressed, header, native

KEY = SubjectKey(bytes(range(32)))
CELLS = np.random.default_rng(1).integers(1, 256, (1, 12, 12), np.uint8)
BURNED_IN, METHODS = 0x00280301, 0x00120064


def read(data: bytes) -> Dataset:
    """The data set, with the identifier of the file meta information beside it."""
    return dcmread(BytesIO(data))


def codes(ds: Dataset) -> list[str]:
    """The codes of the methods that a file claims."""
    return [item.CodeValue for item in ds.DeidentificationMethodCodeSequence]


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG, RLE])
def test_changed_and_searched(syntax: str) -> None:
    """A new identity in both places, nothing burned in, and the option's code once."""
    data = native(header(12, 12), CELLS, syntax) if syntax != RLE else compressed(header(12, 12), CELLS, RLE) or b""
    made = rewritten(data, {0: [Region(0, 0, 4, 4)]}, hidden_bits=False, new_uid=NEW_UID, checked=True)
    ds = read(made.data)
    assert ds.SOPInstanceUID == ds.file_meta.MediaStorageSOPInstanceUID == NEW_UID
    assert (ds.BurnedInAnnotation, codes(ds)) == ("NO", ["113100", "113101"])
    assert_rest_is_equal(data, made.data, frozenset({BURNED_IN, METHODS}))
    again = rewritten(made.data, {0: [Region(0, 0, 4, 4)]}, hidden_bits=False, new_uid="", checked=True)
    assert again.data == made.data


def test_searched_and_not_changed() -> None:
    """The same object, which now says that nothing is burned in."""
    data = native(header(12, 12), CELLS)
    made = rewritten(data, {}, hidden_bits=False, new_uid="", checked=True)
    ds = read(made.data)
    assert ds.SOPInstanceUID == ds.file_meta.MediaStorageSOPInstanceUID == OLD_UID
    assert (ds.BurnedInAnnotation, codes(ds), made.changed) == ("NO", ["113100", "113101"], False)


def test_changed_and_not_searched() -> None:
    """Another object, of which nothing is claimed."""
    made = rewritten(
        native(header(12, 12), CELLS), {0: [Region(0, 0, 4, 4)]}, hidden_bits=False, new_uid=NEW_UID, checked=False
    )
    ds = read(made.data)
    assert ds.SOPInstanceUID == NEW_UID
    assert "BurnedInAnnotation" not in ds
    assert codes(ds) == ["113100"]


def test_no_method_is_claimed_for_a_file_that_claims_none() -> None:
    """A file that nobody de-identified does not begin to say so."""
    ds = header(12, 12)
    del ds.DeidentificationMethodCodeSequence
    made = read(rewritten(native(ds, CELLS), {}, hidden_bits=False, new_uid="", checked=True).data)
    assert "DeidentificationMethodCodeSequence" not in made
    assert made.BurnedInAnnotation == "NO"


def test_numbers_that_spoke_of_the_pixels_go() -> None:
    """The least and the most value, and lengths of groups, would be wrong."""
    ds = header(12, 12)
    ds.SmallestImagePixelValue, ds.LargestImagePixelValue = 1, 255
    made = read(
        rewritten(native(ds, CELLS), {0: [Region(0, 0, 3, 3)]}, hidden_bits=False, new_uid=NEW_UID, checked=False).data
    )
    assert "SmallestImagePixelValue" not in made
    assert "LargestImagePixelValue" not in made


def test_what_the_engine_cleaned_stays_as_it_is() -> None:
    """After the engine, only what must change does, in the file meta information too."""
    ds = planted()
    ds.file_meta = header(1, 1).get("file_meta") or read(native(header(1, 1), CELLS[:, :1, :1])).file_meta
    out = BytesIO()
    ds.save_as(out, implicit_vr=False, little_endian=True, enforce_file_format=True)
    cleaned = Deidentifier(KEY).clean(out.getvalue())
    assert isinstance(cleaned, Cleaned)
    uid = uid_of_next(KEY, cleaned.sop_instance_uid.encode()).decode()
    made = rewritten(cleaned.data, {0: [Region(0, 0, 4, 4)]}, hidden_bits=False, new_uid=uid, checked=False)
    assert made.changed
    assert_rest_is_equal(cleaned.data, made.data)
    assert len(made.data) == len(cleaned.data)
    old = cleaned.sop_instance_uid.encode()
    before_pixels = cleaned.data.index(b"\xe0\x7f\x10\0")
    assert made.data[:before_pixels] == cleaned.data[:before_pixels].replace(old, uid.encode())


def test_the_next_uid() -> None:
    """It is of the same length, always the same, and another one for another key, object or step."""
    uid = keyed_uid(KEY, b"1.2.3")
    first = uid_of_next(KEY, uid)
    assert len(first) == len(uid) == 44
    assert not is_registered(first)
    others = {uid, uid_of_next(KEY, first), uid_of_next(SubjectKey(bytes(32)), uid), keyed_uid(KEY, uid)}
    assert first == uid_of_next(KEY, uid)
    assert first not in others


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG])
def test_references_are_led_on(syntax: str) -> None:
    """At every depth, in lists too; the file's own identity, other references and all other bytes stay."""
    ds = header(12, 12)
    other = "2.25.333333333333333333333333333333333333333"
    inner = Dataset()
    inner.ReferencedSOPInstanceUID, inner.ReferencedSOPClassUID = OLD_UID, "1.2.840.10008.5.1.4.1.1.7"
    outer = Dataset()
    outer.ReferencedSOPSequence = Items([inner, inner])
    outer.ReferencedSOPInstanceUID = other
    ds.CurrentRequestedProcedureEvidenceSequence = Items([outer])
    ds.FailedSOPInstanceUIDList = [other, OLD_UID]
    ds.ImageComments = OLD_UID
    data = native(ds, CELLS, syntax)
    made = repointed(data, {OLD_UID: NEW_UID})
    found = [each.uid for each in uids_of([each.element for each in elements.read(made)[1]])]
    assert found.count(NEW_UID.encode()) == 3
    assert read(made).SOPInstanceUID == OLD_UID
    assert read(made).ImageComments == OLD_UID
    assert read(made).CurrentRequestedProcedureEvidenceSequence[0].ReferencedSOPInstanceUID == other
    assert_rest_is_equal(data, made, frozenset({0x0040A375, 0x00080058}))
    assert repointed(data, {NEW_UID: OLD_UID}) is data
