"""Keyed digests: codes that cannot be computed, or tried out, without the registry's key."""

import hashlib
import hmac


def keyed(key: str, purpose: str, *parts: object) -> str:
    """HMAC-SHA-256 (RFC 2104) in hex of the parts; a code made for one purpose says nothing about another's."""
    text = "\0".join(["donara registry", purpose, *map(str, parts)])
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
