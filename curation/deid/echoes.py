"""Words of a subject's identity as they stand in the file, so that no text that is kept repeats one of them."""

import re

from .limits import MAX_IDENTITY_BYTES
from .tree import Dataset, Element

# Numbers and names of patient, visit, institution and device, beside everything that is a person's name by its VR.
NUMBERS = frozenset(
    {0x00100020, 0x00101000, 0x00101001, 0x00101005, 0x00101060, 0x00101040, 0x00102154, 0x00102155, 0x00101090}
    | {0x00080050, 0x00200010, 0x00380010, 0x00380060, 0x00401001, 0x00402016, 0x00402017, 0x00321064, 0x00100021}
    | {0x00120040, 0x00120042, 0x00102180, 0x00080080, 0x00080081, 0x00081010, 0x00181000, 0x00400009, 0x00081040}
)
BIRTH_DATE = 0x00100030
_WORD = re.compile(rb"[0-9a-z\x80-\xff]+")
_MIN_WORD, _MIN_NUMBER, _MIN_PHRASE = 3, 4, 3


class Echoes:
    """What one file says about its subject, in lower case and in the file's own bytes."""

    def __init__(self, dataset: Dataset) -> None:
        """Gathers names, numbers and the birth date at every depth."""
        self.words: set[bytes] = set()
        self.phrases: set[bytes] = set()
        self._gather(dataset)

    def _gather(self, dataset: Dataset) -> None:
        for element in dataset:
            if element.items is not None:
                for item in element.items:
                    self._gather(item)
            elif element.vr == "PN":
                self.words.update(word for word in self._words(element) if len(word) >= _MIN_WORD)
            elif element.tag in NUMBERS:
                self._add_number(element)
            elif element.tag == BIRTH_DATE:
                self.words.update(word for word in self._words(element) if len(word) >= _MIN_NUMBER)

    def _words(self, element: Element) -> list[bytes]:
        return _WORD.findall(element.text(MAX_IDENTITY_BYTES).lower())

    def _add_number(self, element: Element) -> None:
        for value in element.text(MAX_IDENTITY_BYTES).lower().split(b"\\"):
            words = _WORD.findall(value)
            if len(words) == 1 and len(value) >= _MIN_NUMBER:
                self.words.add(words[0])
            elif len(value.strip()) >= _MIN_PHRASE and words:
                self.phrases.add(value.strip())

    def within(self, text: bytes) -> bool:
        """Whether a text repeats a word, or a whole value of several words, of the subject's identity."""
        lowered = text.lower()
        if not self.words.isdisjoint(_WORD.findall(lowered)):
            return True
        return any(phrase in lowered for phrase in self.phrases)
