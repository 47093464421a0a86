"""The words in which people read codes."""

from curation.deid.reasons import SENTENCES as ENGINE
from curation.rules.reasons import PICTURE, REJECTION, WORKER

SENTENCES = {**ENGINE, **WORKER, **PICTURE, **REJECTION}


def sentence_for(reason: str) -> str:
    """The sentence for a reason's code; an unlisted code is shown as words, never hidden."""
    return SENTENCES.get(reason) or f"{reason.replace('_', ' ').capitalize()}."
