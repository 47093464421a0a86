"""Presentation states keep how a picture is shown, and nothing that somebody wrote on it."""

from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage

from curation.deid import BASIC, Cleaned, deidentify, derive_subject_key
from curation.deid.content.graphics import SHUTTER_SHAPE, without_bitmap
from curation.deid.files.tree import Element

from . import checker, planted
from .reports import ROOT, reference

KEY = derive_subject_key(b"k" * 32, "donor")
IMAGE = f"{planted.SERIES_UID}.3"


def text(value: str) -> Dataset:
    """A text on a picture, with the point at which it stands."""
    item = Dataset()
    item.AnchorPointAnnotationUnits, item.AnchorPoint, item.AnchorPointVisibility = "PIXEL", [4.0, 5.0], "N"
    item.UnformattedTextValue = value
    return item


def line() -> Dataset:
    """A line on a picture."""
    item = Dataset()
    item.GraphicAnnotationUnits, item.GraphicDimensions, item.NumberOfGraphicPoints = "PIXEL", 2, 2
    item.GraphicData, item.GraphicType, item.GraphicFilled = [1.0, 2.0, 3.0, 4.0], "POLYLINE", "N"
    return item


def state(*texts: str) -> Dataset:
    """A presentation state of the planted patient's picture."""
    whole = planted.dataset()
    for keyword in ("PixelData", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(whole, keyword)
    del whole.SamplesPerPixel, whole.PhotometricInterpretation, whole.ImageType
    whole.SOPClassUID, whole.SOPInstanceUID, whole.Modality = ROOT + "11.1", "1.2.840.99999.1.88", "PR"
    annotation, layer, series, area, lut = (Dataset() for _ in range(5))
    annotation.ReferencedImageSequence = [reference(IMAGE)]
    annotation.GraphicLayer = "LAYER1"
    annotation.TextObjectSequence = Sequence(text(value) for value in texts)
    annotation.GraphicObjectSequence = [line()]
    layer.GraphicLayer, layer.GraphicLayerOrder = "LAYER1", 1
    layer.GraphicLayerDescription = f"drawn by {planted.NAME}"
    series.SeriesInstanceUID, series.ReferencedImageSequence = planted.SERIES_UID, [reference(IMAGE)]
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [16, 16]
    area.PresentationSizeMode = "SCALE TO FIT"
    lut.LUTDescriptor, lut.LUTData = [2, 0, 16], [0, 65535]
    lut.LUTExplanation = planted.NAME
    whole.GraphicAnnotationSequence, whole.GraphicLayerSequence = [annotation], [layer]
    whole.ReferencedSeriesSequence, whole.DisplayedAreaSelectionSequence = [series], [area]
    whole.SoftcopyVOILUTSequence = [Dataset()]
    whole.SoftcopyVOILUTSequence[0].WindowCenter, whole.SoftcopyVOILUTSequence[0].WindowWidth = "40", "400"
    whole.ContentLabel, whole.ContentDescription = "KUNIGUNDE", f"for {planted.NAME}"
    whole.ContentCreatorName, whole.PresentationCreationDate = "Dr. Quacksalber", "20190104"
    whole.ShutterShape = "BITMAP"
    whole.ShutterOverlayGroup = 0x6000
    return whole


def cleaned(whole: Dataset) -> FileDataset:
    """The object as it is read after cleaning; nothing of its subject may be left."""
    source = planted.as_file(whole)
    result = deidentify(source, key=KEY)
    assert isinstance(result, Cleaned), result
    assert [secret for secret in planted.SECRETS if secret.lower().encode() in result.data.lower()] == []
    return pydicom.dcmread(BytesIO(result.data))


def test_writing_goes_and_geometry_stays() -> None:
    after = cleaned(state("Kunigunde 12 mm", "nodule"))
    annotation = after.GraphicAnnotationSequence[0]
    assert [item.UnformattedTextValue for item in annotation.TextObjectSequence] == ["REMOVED", "REMOVED"]
    assert list(annotation.TextObjectSequence[0].AnchorPoint) == [4.0, 5.0]
    assert list(annotation.GraphicObjectSequence[0].GraphicData) == [1.0, 2.0, 3.0, 4.0]
    assert annotation.GraphicLayer == after.GraphicLayerSequence[0].GraphicLayer == "LAYER1"
    assert after.SoftcopyVOILUTSequence[0].WindowWidth == 400
    assert after.DisplayedAreaSelectionSequence[0].PresentationSizeMode == "SCALE TO FIT"


def test_without_an_option_the_annotation_goes_and_the_rest_stays() -> None:
    source = planted.as_file(state("Kunigunde 12 mm"))
    result = deidentify(source, key=KEY, profile=BASIC)
    assert isinstance(result, Cleaned)
    assert checker.survivors(source, result.data) == []
    after = pydicom.dcmread(BytesIO(result.data))
    assert "GraphicAnnotationSequence" not in after
    assert after.SoftcopyVOILUTSequence[0].WindowWidth == 400


def test_a_state_refers_to_the_picture_as_it_is_called_now() -> None:
    picture = cleaned(planted.dataset())
    after = cleaned(state("x"))
    named = after.ReferencedSeriesSequence[0]
    assert named.SeriesInstanceUID == picture.SeriesInstanceUID
    assert named.ReferencedImageSequence[0].ReferencedSOPInstanceUID == picture.SOPInstanceUID
    assert named.ReferencedImageSequence[0].ReferencedSOPClassUID == CTImageStorage
    assert after.GraphicAnnotationSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID == (
        picture.SOPInstanceUID
    )


def test_a_shutter_goes_with_the_overlay_that_draws_it() -> None:
    after = cleaned(state("x"))
    assert "ShutterShape" not in after
    assert "ShutterOverlayGroup" not in after


@pytest.mark.parametrize(
    ("shapes", "left"), [(b"BITMAP", None), (b"CIRCULAR\\BITMAP ", b"CIRCULAR"), (b"RECTANGULAR ", b"RECTANGULAR ")]
)
def test_other_shutters_stay(shapes: bytes, left: bytes | None) -> None:
    after = without_bitmap(Element(SHUTTER_SHAPE, "CS", shapes))
    assert (None if after is None else bytes(after.value).strip()) == (None if left is None else left.strip())
