"""What a use is, on the pages of researchers and staff, in the reader's language."""

from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.use import Use
from core.spoken import said
from registry.rules.purpose import sentences


def purpose_said(use: Use, known: DiseaseTree = BUILT_IN) -> list[tuple[str, str]]:
    """A use as questions and answers."""
    return [(said(question), said(answer)) for question, answer in sentences(use, known)]
