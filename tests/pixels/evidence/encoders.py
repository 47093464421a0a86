"""Writes frames in every transfer syntax that something here can encode, each by a library of its own."""

import zlib
from collections.abc import Callable
from io import BytesIO

import gdcm
import jpeg_ls
import numpy as np
from openjpeg.utils import encode_array
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels import get_encoder

Frames = np.ndarray
#: PS3.5 section A.4.11 and A.4.5 give these; pydicom has no names for the first.
DEFLATED_FRAMES = uid.UID("1.2.840.10008.1.2.8.1")
_QUALITY, _RATE, _NEAR = 85, 8.0, 2


def jpeg(frame: Frames, ds: Dataset) -> bytes:
    """JPEG Baseline: grey, or RGB turned to YBR with (422) or without subsampling."""
    out = BytesIO()
    half = ds.PhotometricInterpretation == "YBR_FULL_422"
    grey = frame.ndim == 2
    keywords = {} if grey else {"subsampling": 1 if half else 0}
    Image.fromarray(frame.astype(np.uint8)).save(out, "JPEG", quality=_QUALITY, **keywords)
    return out.getvalue()


def jpeg_2000(frame: Frames, ds: Dataset) -> bytes:
    """Lossless JPEG 2000, with the reversible colour transform where the header says so."""
    return encode_array(frame, ds.BitsStored, 1 if ds.PhotometricInterpretation == "YBR_RCT" else 0)


def jpeg_2000_lossy(frame: Frames, ds: Dataset) -> bytes:
    """JPEG 2000 at an eighth of the size."""
    mct = 1 if ds.PhotometricInterpretation == "YBR_ICT" else 0
    return encode_array(frame, ds.BitsStored, mct, compression_ratios=[_RATE])


def jpeg_ls_lossless(frame: Frames, _ds: Dataset) -> bytes:
    """Lossless JPEG-LS; colour by line (PS3.5 section 8.2.3)."""
    return _charls(frame, 0)


def jpeg_ls_near(frame: Frames, _ds: Dataset) -> bytes:
    """Near-lossless JPEG-LS."""
    return _charls(frame, _NEAR)


def _charls(frame: Frames, error: int) -> bytes:
    colour = {} if frame.ndim == 2 else {"interleave_mode": 2}
    unsigned = np.ascontiguousarray(frame).view(f"u{frame.dtype.itemsize}")  # the same bits: CharLS knows no sign
    return bytes(jpeg_ls.encode(unsigned, lossy_error=error, **colour))


def rle(frame: Frames, ds: Dataset) -> bytes:
    """RLE by pydicom's own encoder."""
    return get_encoder(uid.RLELossless).encode(
        np.ascontiguousarray(frame),
        rows=ds.Rows,
        columns=ds.Columns,
        samples_per_pixel=ds.SamplesPerPixel,
        bits_allocated=ds.BitsAllocated,
        bits_stored=ds.BitsAllocated,  # spare bits are written as they are
        pixel_representation=ds.PixelRepresentation,
        photometric_interpretation=ds.PhotometricInterpretation,
        planar_configuration=0,
        number_of_frames=1,
        encoding_plugin="pydicom",
    )


def deflated_frame(frame: Frames, _ds: Dataset) -> bytes:
    """Deflated Image Frame Compression (PS3.5 section A.4.13): no decoder that we have reads it."""
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(frame.tobytes()) + engine.flush()


def by_gdcm(syntax: uid.UID) -> Callable[[Frames, Dataset], bytes]:
    """JPEG lossless or 12 bits, by GDCM."""

    def encode(frame: Frames, ds: Dataset) -> bytes:
        writer = gdcm.ImageWriter()
        image = writer.GetImage()
        image.SetNumberOfDimensions(2)
        image.SetDimensions((ds.Columns, ds.Rows, 1))
        kind = gdcm.PhotometricInterpretation.GetPIType(ds.PhotometricInterpretation)
        image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(kind))
        image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.ImplicitVRLittleEndian))
        bits = (ds.SamplesPerPixel, ds.BitsAllocated, ds.BitsStored, ds.BitsStored - 1, ds.PixelRepresentation)
        image.SetPixelFormat(gdcm.PixelFormat(*bits))
        element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
        element.SetByteStringValue(np.ascontiguousarray(frame).tobytes())
        image.SetDataElement(element)
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax)))
        change.SetInput(image)
        if not change.Change():
            raise RuntimeError(f"GDCM does not write {syntax.name}.")
        value = change.GetOutput().GetDataElement().GetSequenceOfFragments().GetFragment(0).GetByteValue()
        return value.GetBuffer().encode("utf-8", "surrogateescape")

    return encode


#: Name of a way of writing: its transfer syntax, and what encodes a frame; None is uncompressed.
WAYS: dict[str, tuple[uid.UID, Callable[[Frames, Dataset], bytes] | None]] = {
    "explicit": (uid.ExplicitVRLittleEndian, None),
    "implicit": (uid.ImplicitVRLittleEndian, None),
    "big": (uid.ExplicitVRBigEndian, None),
    "deflated": (uid.DeflatedExplicitVRLittleEndian, None),
    "rle": (uid.RLELossless, rle),
    "jpeg": (uid.JPEGBaseline8Bit, jpeg),
    "jpeg 12": (uid.JPEGExtended12Bit, by_gdcm(uid.JPEGExtended12Bit)),
    "jpeg lossless": (uid.JPEGLosslessSV1, by_gdcm(uid.JPEGLosslessSV1)),
    "jpeg lossless 14": (uid.JPEGLossless, by_gdcm(uid.JPEGLossless)),
    "jpeg-ls": (uid.JPEGLSLossless, jpeg_ls_lossless),
    "jpeg-ls near": (uid.JPEGLSNearLossless, jpeg_ls_near),
    "jpeg 2000": (uid.JPEG2000Lossless, jpeg_2000),
    "jpeg 2000 lossy": (uid.JPEG2000, jpeg_2000_lossy),
    "deflated frames": (DEFLATED_FRAMES, deflated_frame),
}
LOSSY = frozenset({"jpeg", "jpeg 12", "jpeg-ls near", "jpeg 2000 lossy"})


def put_pixels(ds: Dataset, frames: Frames, way: str) -> None:
    """Puts frames into a data set that says already what they are like; the planar way where it says so."""
    encode = WAYS[way][1]
    if encode is not None:
        ds.PixelData = encapsulate([encode(frame, ds) for frame in frames])
        ds["PixelData"].VR = "OB"
        return
    if frames.ndim == 4 and ds.get("PlanarConfiguration") == 1:
        frames = np.moveaxis(frames, -1, 1)
    order = ">" if way == "big" else "<"
    ds.PixelData = even(frames.astype(frames.dtype.newbyteorder(order)).tobytes())
    ds["PixelData"].VR = "OB" if frames.dtype.itemsize == 1 else "OW"


def even(data: bytes) -> bytes:
    """Of even length, as every value is."""
    return data + b"\0" * (len(data) % 2)
