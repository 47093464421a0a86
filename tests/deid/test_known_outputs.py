"""Known files give known bytes: what is written changes only together with the rules' digest.

When this fails because the engine writes something new on purpose, raise ENGINE in rules.py and take the new digests.
"""

import pytest

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.rules import ENGINE

from . import corpus

KEY = derive_subject_key(bytes(range(32)), "known outputs")
KNOWN = {
    "CT_small.dcm": "5f8365dec33f0f7522beadf2ec73fa02d06301cfb7c3c6bd75483a1adc1a45ad",
    "MR_small.dcm": "72afb990ef2f255ba5b29ad3ccb8dad65a97ac2735bbdd0ab70acc83a08ad44e",
    "MR_small_bigendian.dcm": "5279f130ab5de488df6abd0e953b77112e8d5f65025f77b0c7534f6390225c0c",
    "examples_rgb_color.dcm": "e22e97c61b12ad3e41d04958fd82d258537060a3c9239e2c3c0aa712b4a40fc8",
    "rtplan.dcm": "9f55ac48082df423f20c9679c5c02f15a0c776cbe022cb1fc36a0f0a41346022",
    "image_dfl.dcm": "3447a4aff97403d5c0ccfa21ea5b14bd681eb74dce66829fb5668670f16987cd",
    "693_J2KR.dcm": "43636770c8079f84651f672f67a1ffd7c3c6871f34bd1599d4dc4f8c4dcafc85",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_file_gives_known_bytes(name: str) -> None:
    path = next(path for path in corpus.files() if path.name == name)
    result = deidentify(path.read_bytes(), key=KEY)
    assert isinstance(result, Cleaned)
    assert (ENGINE, result.output_sha256) == (1, KNOWN[name])
