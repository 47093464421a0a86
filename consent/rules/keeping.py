"""What stays of a donor after erasure, table by table, with the words in which it is said; each app registers its own.

Together with what the duties cover this says of every store what becomes of it; a test looks that none is missing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """A store of which something stays, and what, as the donor reads it. Empty words: it never holds a donor's data."""

    label: str
    words: str = ""
    why: str = ""


KEPT: dict[str, Kept] = {}


def keep(words: str, *labels: str) -> None:
    """Notes of these stores (`app.model` or `zone:name`) what stays in them, as the donor reads it."""
    KEPT.update({label: Kept(label, words=words) for label in labels})


def not_about_donors(why: str, *labels: str) -> None:
    """Notes of these stores that they hold nothing of a donor's, and why."""
    KEPT.update({label: Kept(label, why=why) for label in labels})


def said() -> list[str]:
    """What stays, each sentence once."""
    return list(dict.fromkeys(kept.words for kept in KEPT.values() if kept.words))
