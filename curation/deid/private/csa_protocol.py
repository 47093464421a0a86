"""The measurement protocol in a Siemens CSA header, made anew from single numbers that an allow-list names.

Between two marks ("ASCCONV") the protocol has one `key = value` a line, and in its other lines names of people, places,
sequences and files. Without the numbers readers take a wrong share of k-space for measured.
"""

import re

PROTOCOL = b"MrPhoenixProtocol"
_BEGIN, _END = re.compile(rb"### ASCCONV BEGIN[^\n]*###"), b"### ASCCONV END ###"
_MAX_PROTOCOL = 4 * 1024 * 1024
_NUMBER = re.compile(rb"0[xX][0-9a-fA-F]{1,8}|[+-]?\d{1,9}(?:\.\d{0,16})?(?:[eE][+-]?\d{1,3})?")
_KEYS = frozenset(
    {
        b"alTE[0]",
        b"alTE[1]",
        b"lContrasts",
        b"lDelayTimeInTR",
        b"lInvContrasts",
        b"sAsl.sPostLabelingDelay[0]",
        b"sAsl.ulLabelingDuration",
        b"sDiffusion.dsScheme",
        b"sDiffusion.ulMode",
        b"sFastImaging.lEchoSpacing",
        b"sFastImaging.lEchoTrainDuration",
        b"sFastImaging.lEPIFactor",
        b"sKSpace.dPhaseOversamplingForDialog",
        b"sKSpace.dPhaseResolution",
        b"sKSpace.lBaseResolution",
        b"sKSpace.lPartitions",
        b"sKSpace.lPhaseEncodingLines",
        b"sKSpace.uc2DInterpolation",
        b"sKSpace.ucPhasePartialFourier",
        b"sKSpace.ucSlicePartialFourier",
        b"sPat.dTotalAccelFact",
        b"sPat.lAccelFact3D",
        b"sPat.lAccelFactPE",
        b"sPat.lRefLinesPE",
        b"sPat.ucPATMode",
        b"sPrepPulses.ucMTC",
        b"sSliceAcceleration.lMultiBandFactor",
        b"sSliceArray.lSize",
        b"sSliceArray.ucImageNumbCor",
        b"sSliceArray.ucImageNumbSag",
        b"sSliceArray.ucImageNumbTra",
        b"sSliceArray.ucMode",
        b"ucCoilCombineMode",
        b"ucReadOutMode",
    }
)


def rebuilt_protocol(text: bytes) -> bytes | None:
    """The numbers of the allow-list between the marks, in the order of their names; None without marks or numbers.

    A key that is there twice, or whose value is no number, is left out.
    """
    begin = _BEGIN.search(text, 0, _MAX_PROTOCOL)
    end = text.find(_END, begin.end(), _MAX_PROTOCOL) if begin else -1
    if begin is None or end < 0:
        return None
    found: dict[bytes, bytes] = {}
    for line in text[begin.end() : end].split(b"\n"):
        key, _, value = (part.strip() for part in line.partition(b"="))
        if key in _KEYS:
            found[key] = b"" if key in found else value
    lines = [b"%s\t = \t%s\n" % (key, value) for key, value in sorted(found.items()) if _NUMBER.fullmatch(value)]
    return b"### ASCCONV BEGIN ###\n" + b"".join(lines) + _END if lines else None
