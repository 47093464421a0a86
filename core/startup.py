"""Refuses to start where something is missing that cannot be done without, with a sentence that says what to set."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

from core.audit import outside
from core.audit.tree import LogTorn
from core.errors import Unavailable
from core.sandbox import seccomp
from core.storage.keys import known
from core.storage.roles import Role
from core.storage.store import StoreUnreachable, forget, store


def verify() -> None:
    """Asks the database, the store and the place of the log's last head once; raises ImproperlyConfigured."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        raise ImproperlyConfigured(
            f"The database cannot be reached ({type(error).__name__}): check DATABASE_URL."
        ) from None
    finally:
        connection.close()
    lends = settings.OBJECT_STORE.get("encryption") == "sse-c"
    if not all(ring.serves(Role(settings.ROLE)) for ring in known()) or (lends and not known()[0].lent):
        raise ImproperlyConfigured(
            f"DONARA_STORE_KEY, or DONARA_STORE_KEYS_OLD, holds the keys of another role: set them to what "
            f"`manage.py store_keys --for {settings.ROLE}` prints, or to the whole key."
        )
    try:
        store().probe()
    except StoreUnreachable as error:
        raise ImproperlyConfigured(str(error)) from None
    try:
        outside.kept()
    except Unavailable as error:
        raise ImproperlyConfigured(error.sentence) from None
    except LogTorn:
        pass  # the sealer stops, and says why to the stewards; the registry is of use meanwhile


def become(role: Role) -> None:
    """What this process is to the object store, unless DONARA_ROLE says otherwise; a test stays what it is."""
    if not settings.ROLE_IS_SAID and not settings.TEST:
        settings.ROLE = role.value
        forget()


def verify_walls() -> None:
    """Sees whether workers can open pictures behind a filter of system calls; raises ImproperlyConfigured."""
    if not seccomp.is_available():
        raise ImproperlyConfigured(
            "Workers open donated pictures behind a filter of system calls (seccomp), which this system does not have: "
            "run them on Linux on an x86_64 or aarch64 processor, in a container that allows seccomp filters."
        )
