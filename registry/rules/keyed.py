"""Keyed digests: codes that cannot be computed, or tried out, without the registry's key."""

import hashlib
import hmac

from core.canonical import canonical_json


def keyed(key: str, purpose: str, *parts: object) -> str:
    """HMAC-SHA-256 (RFC 2104) in hex of the parts; a code made for one purpose says nothing about another's."""
    text = canonical_json(["donara registry", purpose, *map(str, parts)])
    return hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
