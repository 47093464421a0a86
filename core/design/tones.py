"""Which colour a state is shown in: five tones, so that a colour means the same thing on every page."""

from typing import Final, Literal

Tone = Literal["good", "waiting", "attention", "bad", "neutral"]

TONES: Final[tuple[Tone, ...]] = ("good", "waiting", "attention", "bad", "neutral")

_WORDS: Final[dict[Tone, str]] = {
    "good": "accepted active allowed approved clean complete completed done finished given granted minted"
    " published released signed succeeded verified",
    "waiting": "checking claimed cleaning deciding de_identifying due pending processing queued received"
    " running scheduled submitted under_review uploaded uploading waiting",
    "attention": "closed_to_new_use expired flagged held in_review needs_review on_hold paused quarantined"
    " returned stopped withheld",
    "bad": "declined erased failed killed refused rejected revoked withdrawn",
    "neutral": "archived cancelled closed draft new not_started superseded todo",
}

_TONE_OF: Final[dict[str, Tone]] = {word: tone for tone, words in _WORDS.items() for word in words.split()}


def tone_of(state: str) -> Tone:
    """Return the tone a state's code is shown in; a code nobody listed is neutral, never green."""
    return _TONE_OF.get(state.strip().lower().replace("-", "_").replace(" ", "_"), "neutral")


def label_of(state: str) -> str:
    """Return a state's code as words: `in_review` becomes `In review`."""
    words = state.strip().replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:].lower()
