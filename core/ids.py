"""Identifiers: every row's key is a UUIDv7 (RFC 9562), which sorts by time and says nothing else."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7 as the standard library's UUID."""
    return UUID(int=uuid7().int)
