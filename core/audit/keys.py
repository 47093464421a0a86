"""The log's name and its key: from the secrets, never stored; its public half is published."""

from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from core.audit.models import LogKey
from core.merkle import note


def origin() -> str:
    """The log's name, as its heads carry it: the registry's host."""
    return f"{urlsplit(settings.ORIGIN).netloc}/log"


@lru_cache(maxsize=2)
def _private(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


def public_key() -> str:
    """The key that heads are signed with now, as one line."""
    return note.public_text(origin(), _private(settings.LOG_KEY).public_key().public_bytes_raw())


def public_keys() -> list[str]:
    """Every key that heads were ever signed with, oldest first."""
    return list(LogKey.objects.order_by("since", "id").values_list("text", flat=True))


def sign(size: int, root: bytes) -> str:
    """A head as a signed note."""
    return note.sign(note.Head(origin(), size, root), _private(settings.LOG_KEY))
