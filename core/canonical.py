"""Canonical JSON (as RFC 8785, for our types) and digests, so that equal things have equal digests."""

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> str:
    """`value` as JSON with sorted keys, no spaces and no NaN; raises ValueError for what JSON cannot say."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_hex(data: bytes | str) -> str:
    """The SHA-256 (FIPS 180-4) of bytes, or of text as UTF-8, in hex."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 in hex of the canonical JSON of `value`."""
    return sha256_hex(canonical_json(value))


def loads(text: str) -> Any:
    """The value of canonical JSON that this registry wrote itself."""
    return json.loads(text)
