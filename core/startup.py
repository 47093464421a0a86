"""Refuses to start where the database or the object store cannot be reached, with a sentence that says what to set."""

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

from core.storage.store import StoreUnreachable, store


def verify() -> None:
    """Asks the database and the store once; raises ImproperlyConfigured."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        raise ImproperlyConfigured(
            f"The database cannot be reached ({type(error).__name__}): check DATABASE_URL."
        ) from None
    finally:
        connection.close()
    try:
        store().probe()
    except StoreUnreachable as error:
        raise ImproperlyConfigured(str(error)) from None
