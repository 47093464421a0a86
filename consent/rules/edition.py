"""Which rules decided: a version stored beside every verdict, so that an old answer can be explained."""

from pathlib import Path
from typing import Final

from core.canonical import digest_of, sha256_hex

# Raised by hand whenever an answer can change.
RULES_EDITION: Final = "1.2.0"

_HERE: Final = Path(__file__).parent
_DECIDING: Final = (
    "data/countries.json",
    "data/diseases.json",
    "data/duo.json",
    "data/local_terms.json",
    "diseases.py",
    "grammar.py",
    "matching.py",
    "obligations.py",
    "purposes.py",
    "reading.py",
    "restrictions.py",
    "use.py",
    "verdicts.py",
    "vocabulary.py",
)


def rules_digest() -> str:
    """SHA-256 in hex over the edition and the text of every rule and table that takes part in a verdict."""
    return digest_of({"edition": RULES_EDITION, "files": {name: _file_digest(name) for name in _DECIDING}})


def _file_digest(name: str) -> str:
    # Line ends differ between checkouts and change no rule.
    return sha256_hex((_HERE / name).read_bytes().replace(b"\r\n", b"\n"))


# For example `1.0.0+5f0c…`: the edition, then the first 16 hex digits of the digest (25 characters at most).
RULES_VERSION: Final = f"{RULES_EDITION}+{rules_digest()[:16]}"
