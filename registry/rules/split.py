"""Which part of a dataset a donor belongs to: by the registry's donor id alone, so that it never changes."""

import hashlib
from enum import StrEnum
from typing import Final
from uuid import UUID


class Split(StrEnum):
    """Train, validation and test: all images of one donor are in one of them."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


#: The share of donors, in percent. A fifth for testing, because fewer donors leave a test that says nothing.
SHARES: Final = {Split.TRAIN: 60, Split.VALIDATION: 20, Split.TEST: 20}
METHOD: Final = "sha256-of-donor-60-20-20"


def split_of(donor_id: UUID) -> Split:
    """The part that a donor belongs to, in every dataset and version, whoever else joins or leaves.

    It hashes the registry's own id and not a pseudonym, so that no change of keys moves a donor from training to test.
    """
    number = int.from_bytes(hashlib.sha256(f"donara split 1 {donor_id}".encode()).digest()[:8], "big")
    place, end = number % 100, 0
    for split, share in SHARES.items():
        end += share
        if place < end:
            return split
    raise AssertionError("the shares add up to one hundred")
