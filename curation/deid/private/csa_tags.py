"""Which tags of a Siemens CSA header are written anew, and what their values may be: numbers and closed terms alone.

Taken are those that readers use to place, time and weight images (slice timing, diffusion, mosaic, distortion); what
a public element says as well is left out, and so is everything that names a protocol, a person, a place or a device.
"""

import re
from typing import NamedTuple

from .csa_protocol import PROTOCOL

_INTEGER = re.compile(rb"[+-]?\d{1,10}")
_DECIMAL = re.compile(rb"[+-]?\d{1,10}(?:\.\d{0,16})?(?:[eE][+-]?\d{1,3})?")
_FLAG = re.compile(rb"[01]")
_DIRECTIONALITY = re.compile(rb"NONE|DIRECTIONAL|ISOTROPIC|BMATRIX")
_AXIS = re.compile(rb"ROW|COL")
_MATRIX = re.compile(rb"\d{1,4}[ps]?\*\d{1,4}[ps]?")
_ANY = re.compile(rb"(?s:.*)")
_PARALLEL = re.compile(rb"p\d{1,2}(?:s\d{1,2})?")
# The number by which Siemens names a VR beside its letters.
_KINDS = {b"UN": 0, b"DS": 3, b"FD": 4, b"IS": 6, b"SL": 7, b"US": 10, b"CS": 16, b"LO": 19, b"SH": 22}


class CsaTag(NamedTuple):
    """One tag: its name, its VR, the most values it may have, and the form of each."""

    name: bytes
    vr: bytes
    most: int
    form: re.Pattern[bytes]

    @property
    def kind(self) -> int:
        """Siemens' number for the VR."""
        return _KINDS[self.vr]

    def allows(self, values: list[bytes]) -> bool:
        """Whether there are not too many values and each has the form."""
        return len(values) <= self.most and all(self.form.fullmatch(value) for value in values)


# Its one value is made anew before it comes here.
PROTOCOL_TAG = CsaTag(PROTOCOL, b"UN", 1, _ANY)
# Slices of one mosaic; the largest that Siemens makes has 16 by 16.
_SLICES = 256
CSA_TAGS = {
    tag.name: tag
    for tag in (
        CsaTag(b"EchoLinePosition", b"IS", 1, _INTEGER),
        CsaTag(b"EchoColumnPosition", b"IS", 1, _INTEGER),
        CsaTag(b"EchoPartitionPosition", b"IS", 1, _INTEGER),
        CsaTag(b"ProtocolSliceNumber", b"IS", 1, _INTEGER),
        CsaTag(b"NumberOfImagesInMosaic", b"US", 1, _INTEGER),
        CsaTag(b"MosaicRefAcqTimes", b"FD", _SLICES, _DECIMAL),
        CsaTag(b"SliceMeasurementDuration", b"DS", 1, _DECIMAL),
        CsaTag(b"SliceNormalVector", b"FD", 3, _DECIMAL),
        CsaTag(b"TimeAfterStart", b"DS", 1, _DECIMAL),
        CsaTag(b"B_value", b"IS", 1, _INTEGER),
        CsaTag(b"B_matrix", b"FD", 6, _DECIMAL),
        CsaTag(b"DiffusionDirectionality", b"CS", 1, _DIRECTIONALITY),
        CsaTag(b"DiffusionGradientDirection", b"FD", 3, _DECIMAL),
        CsaTag(b"PhaseEncodingDirection", b"CS", 1, _AXIS),
        CsaTag(b"PhaseEncodingDirectionPositive", b"IS", 1, _FLAG),
        CsaTag(b"BandwidthPerPixelPhaseEncode", b"FD", 1, _DECIMAL),
        CsaTag(b"RealDwellTime", b"IS", 1, _INTEGER),
        CsaTag(b"AcquisitionMatrixText", b"SH", 1, _MATRIX),
        CsaTag(b"ImaPATModeText", b"LO", 1, _PARALLEL),
        CsaTag(b"ImaRelTablePosition", b"IS", 3, _INTEGER),
        CsaTag(b"ImaAbsTablePosition", b"SL", 3, _INTEGER),
        CsaTag(b"Actual3DImaPartNumber", b"IS", 1, _INTEGER),
    )
}
