"""The de-identification keys: one domain a programme, wrapped by the master key, and from it one key a donor."""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction

from core.ids import new_id
from curation.deid import SubjectKey, derive_subject_key
from curation.models import KeyDomain

KEY_BITS, NONCE_BYTES = 256, 12


class KeyUnusable(RuntimeError):
    """The master key is not the one that the programme's key was wrapped with, or is no key at all."""


def domain_of(programme_id: UUID) -> KeyDomain:
    """The programme's live key domain; of two workers that need the first one at once, one makes it."""
    live = KeyDomain.objects.filter(programme_id=programme_id, retired_at=None)
    found = live.first()
    if found is not None:
        return found
    domain_id = new_id()
    wrapped = _wrapped(domain_id)
    try:
        with transaction.atomic():
            return KeyDomain.objects.create(pk=domain_id, programme_id=programme_id, wrapped_key=wrapped)
    except IntegrityError:
        return live.get()


def subject_key(domain: KeyDomain, donor_id: UUID) -> SubjectKey:
    """The donor's key in this domain; raises KeyUnusable where the master key does not open the domain."""
    wrapped = bytes(domain.wrapped_key)
    try:
        key = _master().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], domain.pk.bytes)
    except InvalidTag:
        raise KeyUnusable(
            "DONARA_MASTER_KEY does not open this programme's key: set it to the one that it was made under."
        ) from None
    return derive_subject_key(key, str(donor_id))


def _wrapped(domain_id: UUID) -> bytes:
    """A new 256-bit key under AES-256-GCM (NIST SP 800-38D), bound to the domain's id; the nonce comes first."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _master().encrypt(nonce, AESGCM.generate_key(KEY_BITS), domain_id.bytes)


def _master() -> AESGCM:
    try:
        master = bytes.fromhex(settings.MASTER_KEY)
    except ValueError:
        master = b""
    if len(master) * 8 != KEY_BITS:
        raise KeyUnusable("DONARA_MASTER_KEY must be 32 bytes in hex; `make secrets` makes one.")
    return AESGCM(master)
