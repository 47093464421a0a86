"""The de-identification keys: one domain a programme, wrapped by the master key, and what is derived from it."""

import hmac
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction

from core.ids import new_id
from curation.deid import SubjectKey, derive_group_key, derive_subject_key
from curation.deid.values.keys import framed
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
    return derive_subject_key(_opened(domain), str(donor_id))


def group_key(domain: KeyDomain) -> SubjectKey:
    """The key under which all donors of the programme share the dummies of sites and devices; raises KeyUnusable."""
    return derive_group_key(_opened(domain))


def seal(domain: KeyDomain, donation_id: UUID, data: bytes) -> bytes:
    """What is said in a donation's files, for this donation and nobody without the domain's key; raises KeyUnusable."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _for_donation(domain, donation_id).encrypt(nonce, data, donation_id.bytes)


def unseal(domain: KeyDomain, donation_id: UUID, sealed: bytes) -> bytes:
    """What was sealed for this donation; raises KeyUnusable."""
    try:
        cipher = _for_donation(domain, donation_id)
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], donation_id.bytes)
    except InvalidTag:
        raise KeyUnusable("What was sealed for this donation does not open under the programme's key.") from None


def _for_donation(domain: KeyDomain, donation_id: UUID) -> AESGCM:
    """AES-256-GCM (NIST SP 800-38D) under a key that serves this donation alone."""
    return AESGCM(hmac.digest(_opened(domain), framed(b"donara.survey.1", donation_id.bytes), "sha256"))


def _opened(domain: KeyDomain) -> bytes:
    wrapped = bytes(domain.wrapped_key)
    try:
        return _master().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], domain.pk.bytes)
    except InvalidTag:
        raise KeyUnusable(
            "DONARA_MASTER_KEY does not open this programme's key: set it to the one that it was made under."
        ) from None


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
