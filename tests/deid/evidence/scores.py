"""Everything that is planted, looked for: attributes, places, texts, letters, and what research needs."""

from collections.abc import Iterator

from curation.deid import Cleaned, Profile, Quarantined, deidentify

from . import sweep, utility, writing
from .midib import Asked, Check
from .people import invented, person
from .places import HELD_BACK, NEEDS_OPTION, PLACES

_AT_ONCE = 100
#: What the planted objects themselves say of their patient.
_ALSO = (b"zwetschg", b"kunigunde", b"7734921", b"quacksalber")


def all_of(profile: Profile) -> Iterator[Check]:
    """Every check that is scored under one profile."""
    yield from attributes(profile)
    yield from places(profile)
    yield from held_back(profile)
    yield from letters(profile)
    yield from texts(profile, people=4, every=11)
    yield from utility.checks(profile)


def attributes(profile: Profile, written: str = "explicit") -> Iterator[Check]:
    """Every attribute that DICOM has, at the root and nested."""
    tags = sweep.attributes()
    for start in range(0, len(tags), _AT_ONCE):
        yield from sweep.swept(tags[start : start + _AT_ONCE], profile, written)


def places(profile: Profile) -> Iterator[Check]:
    """Every place beside the attributes."""
    for number, (place, build) in enumerate(PLACES.items()):
        word = invented(9_000_000 + number)
        result = deidentify(build(word), key=sweep.KEY, profile=profile)
        held = place in NEEDS_OPTION and not profile.has("clean_structured_content")
        yield Check(Asked.TEXT_REMOVED, place, _is_gone(word, result) if not held else isinstance(result, Quarantined))


def _is_gone(word: str, result: Cleaned | Quarantined) -> bool:
    if isinstance(result, Quarantined):
        return False
    low = result.data.lower().replace(b"\0", b"")  # in UTF-16 as well
    return word.lower().encode() not in low and not any(secret in low for secret in _ALSO)


def held_back(profile: Profile) -> Iterator[Check]:
    """What is never taken."""
    for number, (place, (build, reasons)) in enumerate(HELD_BACK.items()):
        result = deidentify(build(invented(9_500_000 + number)), key=sweep.KEY, profile=profile)
        yield Check(Asked.TEXT_REMOVED, place, isinstance(result, Quarantined) and result.reason in reasons)


def letters(profile: Profile) -> Iterator[Check]:
    """Names in the letters of the world, said at the root or in one item alone."""
    for script, (charset, name, gone) in writing.LETTERS.items():
        for per_item in (False, True):
            result = deidentify(writing.in_letters(charset, name, per_item), key=sweep.KEY, profile=profile)
            low = result.data.lower() if isinstance(result, Cleaned) else b""
            right = bool(low) and not any(part.lower() in low for part in gone)
            yield Check(Asked.TEXT_REMOVED, f"{script}{', in an item' if per_item else ''}", right)


def texts(profile: Profile, people: int, every: int) -> Iterator[Check]:
    """What people write about someone: every so manyth of all spellings, surroundings and fields."""
    number = 0
    for who in [*map(person, range(people)), *writing.accented()]:
        for words, gone in writing.spelled(who):
            for around in writing.AROUND:
                for tag in writing.FIELDS:
                    number += 1
                    if number % every == 0:
                        yield written(who, writing.Note(tag, around.format(words), gone), profile)


def written(who: writing.Person, note: writing.Note, profile: Profile) -> Check:
    """Whether nothing tells of someone in what is left of a note."""
    charset = "ISO_IR 100" if (who.name + note.words).isascii() else "ISO_IR 192"
    result = deidentify(writing.written_with(who, note, charset), key=sweep.KEY, profile=profile)
    left = isinstance(result, Quarantined) or any(writing.left(note, kept) for kept in writing.remains(result, note))
    return Check(Asked.TEXT_REMOVED, f"{note.words!r} about {who.name}, born {who.born}, {who.number}", not left)
