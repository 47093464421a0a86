"""Names that mean something within one job only, so that two jobs cannot be joined by them."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings


def pseudonym(job_id: UUID, kind: str, value: object) -> str:
    """A keyed name for `value` in this job (HMAC-SHA-256, RFC 2104, 32 hex digits)."""
    message = f"training_jobs:{job_id}:{kind}:{value}".encode()
    return hmac.new(bytes.fromhex(settings.MASTER_KEY), message, hashlib.sha256).hexdigest()[:32]
