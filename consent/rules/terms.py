"""Consent terms for everyone who works with them: read, digest and say in plain words."""

from datetime import date

from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.grammar import Alternative, Modifier, Terms, TermsError, parse
from consent.rules.wording import plain
from core.canonical import canonical_json, digest_of

__all__ = [
    "Alternative",
    "Modifier",
    "Terms",
    "TermsError",
    "canonical",
    "digest",
    "parse",
    "sentence",
    "spoken",
]


def canonical(terms: Terms) -> str:
    """Terms as canonical JSON; the order in which they were written never shows."""
    return canonical_json(terms.as_json())


def digest(terms: Terms) -> str:
    """SHA-256 in hex of the canonical JSON of terms: equal terms, equal digest."""
    return digest_of(terms.as_json())


def sentence(terms: Terms, diseases: DiseaseTree = BUILT_IN, day: date | None = None) -> tuple[list[str], list[str]]:
    """(can, cannot): phrases that end 'Your donation can be used for …' and 'It cannot be used for …', on the day."""
    return plain(terms, diseases, day)


def spoken(terms: Terms, diseases: DiseaseTree = BUILT_IN) -> str:
    """Both sentences as one text."""
    can, cannot = sentence(terms, diseases)
    if not can:
        return "Your donation cannot be used for anything."
    first = f"Your donation can be used for {joined(can)}."
    return f"{first} It cannot be used for {joined(cannot)}." if cannot else first


def joined(phrases: list[str]) -> str:
    """Phrases as a list in a sentence: with semicolons, and 'and' before the last."""
    return "; and ".join(part for part in ("; ".join(phrases[:-1]), phrases[-1] if phrases else "") if part)
