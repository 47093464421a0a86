"""Which colour a state is shown in: five tones, so that a colour means the same thing on every page."""

from typing import Final, Literal

Tone = Literal["good", "waiting", "attention", "bad", "neutral"]

TONES: Final[tuple[Tone, ...]] = ("good", "waiting", "attention", "bad", "neutral")

_WORDS: Final[dict[Tone, str]] = {
    "good": "accepted active approved available caught clean cleaned complete done finished frozen granted published"
    " released settled signed stored succeeded taken",
    "waiting": "checking cleaning defacing drawing due freezing given in_review making offered open owed ready received"
    " reserved running staging starting redacting second submitted under_review under_way uploaded waiting",
    "attention": "closed confirmed expired held lost quarantined recalled stopped unknown withheld",
    "bad": "erased failed missed refused rejected revoked withdrawn",
    "neutral": "abandoned cancelled dismissed draft duplicate ended removed retired superseded taken_back void",
}

_TONE_OF: Final[dict[str, Tone]] = {word: tone for tone, words in _WORDS.items() for word in words.split()}


def tone_of(state: str) -> Tone:
    """Return the tone a state's code is shown in; a code nobody listed is neutral, never green."""
    return _TONE_OF.get(_code(state), "neutral")


def is_known(state: str) -> bool:
    """Say whether somebody chose a tone for this state."""
    return _code(state) in _TONE_OF


def label_of(state: str) -> str:
    """Return a state's code as words: `in_review` becomes `In review`."""
    words = state.strip().replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:].lower()


def _code(state: str) -> str:
    return state.strip().lower().replace("-", "_").replace(" ", "_")
