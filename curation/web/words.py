"""The words in which people read codes."""

import re
from collections.abc import Iterable

from curation.deid.reasons import SENTENCES as ENGINE
from curation.rules.attributes import name_of
from curation.rules.reasons import CODED, PICTURE, REJECTION, WORKER

SENTENCES = {**ENGINE, **WORKER, **CODED, **PICTURE, **REJECTION}


def sentence_for(reason: str) -> str:
    """The sentence for a reason's code; an unlisted code is shown as words, never hidden."""
    return SENTENCES.get(reason) or f"{reason.replace('_', ' ').capitalize()}."


#: What a check of a file that came as cleaned finds beside attributes (curation/deid/verify.py).
FOUND = {
    "private": "a manufacturer's private entry",
    "file_form": "bytes that no cleaned file has",
    "claims": "no word of how it was cleaned",
    "residual_identity": "a name, number or date of somebody who is known",
    "picture_not_clear": "a picture that has to be looked at",
}


def found_words(codes: Iterable[str]) -> str:
    """What was found in a file, as a list in words, such as `Patient's Name, Institution Name`; no values."""
    return ", ".join(name_of(code) if re.fullmatch("[0-9a-f]{8}", code) else FOUND.get(code, code) for code in codes)
