"""A person's name as DICOM writes it, and the invented words that names are made of."""

import random
import unicodedata
from dataclasses import dataclass

SHORTEST_NAME = 7  # letters: shorter words turn up by chance in pixel data and in running text

_ONSETS = (*"bdfghklmnprstvwz", "br", "dr", "fl", "gr", "kl", "pl", "sk", "st", "tr", "zv")
_VOWELS = (*"aaeeioou", "ei", "au")
_CODAS = ("", "l", "m", "n", "r", "rn", "lt", "nd", "zd")
_CYRILLIC = "абдэфгхиклмнопрстувшызцйкж"
_LATIN = "abdefghiklmnoprstuvwyzcjqx"
IN_CYRILLIC = str.maketrans(_LATIN + _LATIN.upper(), _CYRILLIC + _CYRILLIC.upper())
_WITHOUT_STROKE = str.maketrans("øØłŁ", "oOlL")
_FROM_CYRILLIC = str.maketrans(_CYRILLIC + _CYRILLIC.upper(), _LATIN + _LATIN.upper())


@dataclass(frozen=True)
class Name:
    """A person's name (PS3.5 section 6.2, value representation PN).

    `ideographic` and `phonetic` are the second and third component groups ("family^given"), empty where unused;
    `character_sets` is the Specific Character Set (0008,0005) that can carry the name.
    """

    family: str
    given: str
    ideographic: str = ""
    phonetic: str = ""
    character_sets: tuple[str, ...] = ("ISO_IR 100",)

    def person_name(self, *, upper: bool = False) -> str:
        """The whole PN value, its alphabetic group in capitals if asked (as many scanners write it)."""
        alphabetic = f"{self.family}^{self.given}"
        groups = [alphabetic.upper() if upper else alphabetic, self.ideographic, self.phonetic]
        return "=".join(groups).rstrip("=")

    def parts(self) -> tuple[str, ...]:
        """Every part worth searching for; other scripts stay whole because two characters alone are too short."""
        return tuple(part for part in (self.family, self.given, self.ideographic, self.phonetic) if part)


def plain_letters(text: str) -> str:
    """The text in ASCII letters, as mail addresses, AE titles and file names write it."""
    latin = text.translate(_FROM_CYRILLIC).translate(_WITHOUT_STROKE)
    return unicodedata.normalize("NFD", latin).encode("ascii", "ignore").decode()


class WordMaker:
    """Hands out invented words, none twice, in an order that its generator of chance fixes."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._given_out: set[str] = set()

    def word(self, ends: tuple[str, ...]) -> str:
        """One new capitalised word of at least `SHORTEST_NAME` letters that ends in one of `ends`."""
        while True:
            sounds = (_ONSETS, _VOWELS, _CODAS, _ONSETS, ends)
            word = "".join(self.chance.choice(choice) for choice in sounds).title()
            if self.is_new(word):
                return word

    def is_new(self, word: str) -> bool:
        """Whether the word is long enough and was never given out; from now on it counts as given out."""
        if len(word) < SHORTEST_NAME or word in self._given_out:
            return False
        self._given_out.add(word)
        return True
