"""Known files give known bytes: what is written changes only together with the rules' digest.

When this fails because the engine writes something new on purpose, raise ENGINE in rules.py and take the new digests.
"""

import pytest

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.standard.rules import ENGINE

from . import corpus

KEY = derive_subject_key(bytes(range(32)), "known outputs")
KNOWN = {
    "CT_small.dcm": "5f8365dec33f0f7522beadf2ec73fa02d06301cfb7c3c6bd75483a1adc1a45ad",
    "MR_small.dcm": "1687bc21e81de4e9e46f4d6eba67fb150c0b655d464c49c154f77cf7ab196eda",
    "MR_small_bigendian.dcm": "bc9f6bd19277b8d27b3ffcd549483e278100716075586dafa80935b08e18b401",
    "examples_rgb_color.dcm": "e22e97c61b12ad3e41d04958fd82d258537060a3c9239e2c3c0aa712b4a40fc8",
    "rtplan.dcm": "a5080ad4f50b7889d84d787f3dffcdd29182cc6925ee135e1bd165bc8e9c943b",
    "image_dfl.dcm": "3447a4aff97403d5c0ccfa21ea5b14bd681eb74dce66829fb5668670f16987cd",
    "693_J2KR.dcm": "43636770c8079f84651f672f67a1ffd7c3c6871f34bd1599d4dc4f8c4dcafc85",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_file_gives_known_bytes(name: str) -> None:
    path = next(path for path in corpus.files() if path.name == name)
    result = deidentify(path.read_bytes(), key=KEY)
    assert isinstance(result, Cleaned)
    assert (ENGINE, result.output_sha256) == (2, KNOWN[name])
