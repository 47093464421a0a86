"""The words that anyone uses in titles of images, from data/vocabulary.json, and those that stand around names."""

import re

from ..resources import load

_content = load("vocabulary.json")
WORDS: frozenset[str] = frozenset(_content["words"].split())

_UNITS = """
mm cm um nm m ms s sec secs us kv kvp kev mev mas ma mgy cgy gy mbq bq ml mg kg hz khz mhz t hu deg min mins h hrs ppm
d ch echo echoes st nd rd th w wk wks f fr frames slices dir dirs directions avg nex pct percent bpm fps
"""
UNITS = frozenset(_UNITS.split())

# After these numbers are ages: from ninety on they say who someone is (45 CFR 164.514).
_YEARS = """
y yr yrs yo year years j jahr jahre jaehrig jaehrige jaehriger jaehrigen jaehriges jaehr ans anos anni jaar jarige
"""
YEARS = frozenset(_YEARS.split())

# A number after these is a day or year of birth, an identifier, a telephone or a bed.
_NUMBERED = """
geb geboren born dob mrn id tel telefon phone fax call pager ext room bed zimmer bett ward nr no nummer number
"""
NUMBERED = frozenset(_NUMBERED.split())
BETWEEN = frozenset({"am", "in", "on", "im", "the", "is", "nr", "no"})

# What is counted with Roman numbers, and after what two numbers with a stroke between are no day and month.
ROMAN_COUNTED = frozenset(
    [
        "segment",
        "segments",
        "lead",
        "type",
        "typ",
        "stage",
        "stadium",
        "grade",
        "grad",
        "phase",
        "level",
        "zone",
        "nerve",
    ]
)
_COUNTED = """
slice slices schicht schichten image images img bild bilder series serie serien ap lat lateral phase phasen echo echoes
part teil frame frames view views segment segments ebene ebenen hwk bwk lwk swk c l th level levels block run station
step schritt version vol volume dose birads pirads lirads tirads grade grad score gleason
"""
COUNTED = frozenset(_COUNTED.split())
# German structures of either side: after these LI is on the left, after others it may be someone's name.
_PAIRED = """
lunge niere knie schulter huefte hand fuss auge ohr bein arm mamma ellenbogen handgelenk sprunggelenk oberarm unterarm
oberschenkel unterschenkel finger daumen zehe ferse vorfuss hueftgelenk kniegelenk parotis
"""
PAIRED = frozenset(_PAIRED.split())

_PLACEHOLDERS = """
0 00 000 0000 1 na n/a no none nil null nobody unknown unk anonymous anonymized anonymised anon anonymize deidentified
removed empty default undefined unspecified not available xxx xxxx x y yes other f m o
"""
# What is written where nothing is known; it means nobody.
PLACEHOLDERS = frozenset(_PLACEHOLDERS.split())

_PARTICLES = """
van von vom zu zur de der den des del della di da das do dos du el la le les al ibn bin ter ten te and und et of the
dr prof mr mrs ms miss md phd jr sr ii iii iv med msc bsc rn mta rt herr frau mme mlle sir dott dipl ing
"""
# Parts of names that many people share, and what stands before and after a name.
PARTICLES = frozenset(_PARTICLES.split())

_TITLES = "dr prof herr frau mme mlle dott drs"
# After these comes someone's name.
TITLES = frozenset(_TITLES.split())


_LONG = re.compile(r"[^\W\d_]{6,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def is_known(word: str) -> bool:
    """Whether a word, in lower case without accents, is in the vocabulary."""
    return word in WORDS


def pieces_of(word: str) -> list[str]:
    """The words that one is put together from with capitals: LungLeft is lung and left."""
    return [piece.lower() for piece in _CAMEL.split(word)]


def distinctive(text: str) -> frozenset[str]:
    """The words of six letters and more in a text without accents that the vocabulary lacks, in lower case."""
    return frozenset([word.lower() for word in _LONG.findall(text) if not _is_common(word)])


def _is_common(word: str) -> bool:
    if word.lower() in WORDS:
        return True
    return not (word.isupper() or word.islower()) and WORDS.issuperset(pieces_of(word))
