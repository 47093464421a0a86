"""Authenticated encryption of small secrets (AES-256-GCM, NIST SP 800-38D), and keys wrapped by the master key."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BITS, NONCE_BYTES = 256, 12


class Unopened(Exception):
    """What was sealed does not open under this key, or was sealed about something else."""


def new_key() -> bytes:
    """A key of 256 random bits."""
    return AESGCM.generate_key(KEY_BITS)


def seal(key: bytes, data: bytes, about: bytes) -> bytes:
    """`data` under `key`, bound to what it is `about`; the nonce comes first."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """What was sealed; raises Unopened."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except InvalidTag:
        raise Unopened("this does not open under this key") from None


def master_key() -> bytes:
    """The installation's master key."""
    return bytes.fromhex(settings.MASTER_KEY)
