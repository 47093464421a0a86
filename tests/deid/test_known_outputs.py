"""Known files give known bytes: what is written changes only together with the rules' digest.

When this fails because the engine writes something new on purpose, raise ENGINE in rules.py and take the new digests.
"""

import pytest

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.standard.rules import ENGINE

from . import corpus

KEY = derive_subject_key(bytes(range(32)), "known outputs")
KNOWN = {
    "CT_small.dcm": "880a53995a0fcc8ac38e5a27020cc22ebf05fec6d67232c3727315f6b077b01f",
    "MR_small.dcm": "d06c89ca1e23fb40e65a15f7d165a99cae0a61dfc2e6ab080f4c3db7b5e2b777",
    "MR_small_bigendian.dcm": "8fd0101e0635632431e643637a7ff11040756abcb737d32a6d1f4d8c92d919b0",
    "examples_rgb_color.dcm": "6542f2463773bcd09cfca9b2a12d2194602a1c133361cf7b2a80436cf6716c98",
    "rtplan.dcm": "c0975db2c1c6dda7923731a3ca1c131263a8501268dcadf853c82e0326500f6e",
    "image_dfl.dcm": "72b0a8c958cb989a2f7432eecfef4296389fc0e4f2517d0b9c4484d98f55b5ab",
    "693_J2KR.dcm": "7199fca06c6ad356b139a13c07aa1af6b8ae02cf14f6d0ef184c0ce6c419376d",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_file_gives_known_bytes(name: str) -> None:
    path = next(path for path in corpus.files() if path.name == name)
    result = deidentify(path.read_bytes(), key=KEY)
    assert isinstance(result, Cleaned)
    assert (ENGINE, result.output_sha256) == (3, KNOWN[name])
