"""The tests run on the database, broker and store that the environment asks for, and each of them really answers."""

import io
import os

import pytest
from django.conf import settings
from django.db import connection
from kombu import Connection

from core.ids import new_id

pytestmark = pytest.mark.services

REAL = {"database": "postgresql", "store": "s3", "broker": "redis"}
EMBEDDED = {"database": "sqlite", "store": "folder", "broker": "folder"}


def asked_for() -> dict[str, str]:
    """What the environment names, read without the product's settings."""
    value = os.environ.get
    return {
        "database": "postgresql" if value("DATABASE_URL", "").startswith("postgres") else "sqlite",
        "store": "s3" if value("DONARA_STORE", "").startswith("s3:") else "folder",
        "broker": "redis" if value("DONARA_BROKER_URL", "").startswith("redis") else "folder",
    }


def in_use() -> dict[str, str]:
    """What Django, the store and Celery are set to."""
    return {
        "database": connection.vendor,
        "store": settings.OBJECT_STORE["kind"],
        "broker": settings.CELERY_BROKER_URL.partition(":")[0],
    }


def test_what_was_asked_for_is_in_use() -> None:
    expected = {"real": REAL, "embedded": EMBEDDED, "": asked_for()}[os.environ.get("DONARA_EXPECT_BACKENDS", "")]
    assert in_use() == expected


@pytest.mark.django_db
def test_the_database_says_what_it_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        said = cursor.fetchone()[0]
    assert said.startswith("PostgreSQL") if connection.vendor == "postgresql" else said[0] == "3"


def test_a_message_goes_through_the_broker_and_back() -> None:
    from config.celery import app

    with app.connection_for_write() as broker:
        assert isinstance(broker, Connection)
        assert type(broker.transport).__module__.startswith(("kombu.transport.redis", "core.broker"))
        queue = broker.SimpleQueue("ground-test")
        queue.put({"said": "here"})
        message = queue.get(timeout=10)
        message.ack()
        queue.close()
    assert message.payload == {"said": "here"}


def test_an_object_comes_back_from_the_store_as_it_was_put() -> None:
    from core.storage.store import store
    from core.storage.zones import Zone

    zone, key = next(iter(Zone)), new_id().hex
    store().put(zone, key, io.BytesIO(b"here"))
    with store().open(zone, key) as stream:
        assert stream.read() == b"here"
    store().delete(zone, key)
    assert not store().exists(zone, key)
