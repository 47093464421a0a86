"""What only an S3 server does: versions, uploads in parts, refused keys. Collected where the settings name one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from core.storage import s3
from core.storage.interface import AlreadyThere, StoreUnreachable
from core.storage.roles import CLAIM, NOTE, TRIAL, TRIALS
from core.storage.s3 import S3Store
from core.storage.s3_encryption import ServerSide
from core.storage.zones import Zone

ZONE = Zone.CLEAN
LATER = timedelta(hours=1)


def chosen(**other: Any) -> S3Store:
    """The S3 store of the settings, with some of them changed."""
    left_out = {"kind", "sealed", "encryption", "kms_key"}
    return S3Store(**{key: value for key, value in settings.OBJECT_STORE.items() if key not in left_out} | other)


@pytest.fixture
def versioned() -> Iterator[S3Store]:
    """A store of its own whose clean zone keeps every version."""
    mine = chosen(prefix=f"versions-{uuid4().hex[:12]}")
    mine.probe()
    bucket = mine.bucket(ZONE)
    mine.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    yield mine
    for zone in Zone:
        mine.client.delete_bucket(Bucket=mine.bucket(zone))  # refused unless every version is gone


@pytest.mark.services
def test_a_deletion_removes_every_version_and_marker_of_that_key_alone(versioned: S3Store) -> None:
    assert versioned.probe().versions
    versioned.page = 4
    for number in range(11):
        versioned.client.put_object(Bucket=versioned.bucket(ZONE), Key="a", Body=str(number).encode())
    versioned.client.delete_object(Bucket=versioned.bucket(ZONE), Key="a")
    versioned.put(ZONE, "ab", BytesIO(b"kept"))
    versioned.delete(ZONE, "a")
    versioned.delete(ZONE, "a")
    left = versioned.client.list_object_versions(Bucket=versioned.bucket(ZONE))
    assert [each["Key"] for each in left.get("Versions", []) + left.get("DeleteMarkers", [])] == ["ab"]
    versioned.delete(ZONE, "ab")


@pytest.mark.services
def test_uploads_that_broke_off_are_removed(versioned: S3Store) -> None:
    for key in ("a", "ab", "abc"):
        versioned.client.create_multipart_upload(Bucket=versioned.bucket(ZONE), Key=key)
    versioned.delete(ZONE, "a")
    assert versioned.tidy(ZONE, timezone.now() - LATER) == 0
    assert versioned.tidy(ZONE, timezone.now() + LATER) == 2


@pytest.mark.services
def test_a_trial_that_was_killed_is_no_object_and_is_cleared_at_a_later_start(
    versioned: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket, key = versioned.bucket(Zone.INCOMING), f"{TRIAL}left"
    versioned.client.put_object(Bucket=bucket, Key=key, Body=b"1")
    versioned.probe()
    assert list(versioned.keys(Zone.INCOMING)) == []
    assert versioned.exists(Zone.INCOMING, key)  # it may be another process's, at work
    monkeypatch.setattr(s3, "TRIAL_LASTS", -LATER)
    versioned.probe()
    assert not versioned.exists(Zone.INCOMING, key)


@pytest.mark.services
@pytest.mark.parametrize("wrong", [{"access_key": "nobody"}, {"secret_key": "wrong"}])
def test_a_refused_key_says_what_to_set(versioned: S3Store, wrong: dict[str, str]) -> None:
    other = chosen(prefix=versioned.prefix, **wrong)
    with pytest.raises(StoreUnreachable, match="DONARA_S3_ACCESS_KEY"):
        other.probe()
    for deed in (
        lambda: other.put(ZONE, "a", BytesIO()),
        lambda: other.exists(ZONE, "a"),
        lambda: list(other.keys(ZONE)),
    ):
        with pytest.raises(StoreUnreachable, match="Try again"):
            deed()


@pytest.mark.services
def test_a_note_is_replaced_whole_is_no_object_and_leaves_no_versions(versioned: S3Store) -> None:
    bucket = versioned.bucket(Zone.RELEASED)
    versioned.keep_note("a", "one")
    versioned.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert versioned.note("b") == ""
    for text in ("two", "three"):
        versioned.keep_note("a", text)
        assert versioned.note("a") == text
    assert list(versioned.keys(Zone.RELEASED)) == []
    left = versioned.client.list_object_versions(Bucket=bucket)
    assert len(left.get("Versions", []) + left.get("DeleteMarkers", [])) == 1
    versioned.delete(Zone.RELEASED, f"{NOTE}a")


@pytest.mark.services
@pytest.mark.parametrize("size", [5, 2 * s3.PART + 5])
def test_of_two_who_write_at_once_where_the_server_refuses_neither_one_wins_and_its_bytes_stay(
    versioned: S3Store, size: int
) -> None:
    both = Barrier(2)
    assert not versioned.is_conditional(ZONE)

    class Slow(BytesIO):
        """Both writers are in the middle of it at the same moment, as far as the store lets them."""

        def read(self, amount: int | None = -1, /) -> bytes:
            if self.tell() == 0 and not both.broken:
                both.wait(20)
            return super().read(amount)

    def put(letter: bytes) -> bytes | None:
        mine = chosen(prefix=versioned.prefix)
        try:
            mine.put(ZONE, "a", Slow(letter * size))
        except (AlreadyThere, StoreUnreachable):
            return None
        return letter

    with ThreadPoolExecutor(2) as pool:
        winners = [letter for letter in pool.map(put, (b"x", b"y")) if letter]
    with versioned.open(ZONE, "a") as stream:
        assert [stream.read()] == [letter * size for letter in winners]
    assert list(versioned.keys(ZONE)) == ["a"]
    with pytest.raises(AlreadyThere):
        versioned.put(ZONE, "a", BytesIO(b"z" * size))
    versioned.delete(ZONE, "a")


@pytest.mark.services
def test_a_claim_of_a_killed_writer_holds_others_up_for_its_time_only(
    versioned: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = b"x" * (s3.PART + 1)
    versioned.put(TRIALS, f"{CLAIM}{ZONE}-a", BytesIO(b"1"))
    assert list(versioned.keys(TRIALS)) == []
    with pytest.raises(StoreUnreachable, match="at this moment"):
        versioned.put(ZONE, "a", BytesIO(large))
    monkeypatch.setattr(s3, "CLAIM_LASTS", -LATER)
    with pytest.raises(StoreUnreachable, match="at this moment"):
        versioned.put(ZONE, "a", BytesIO(large))
    assert versioned.put(ZONE, "a", BytesIO(large)) == len(large)
    versioned.delete(ZONE, "a")
    monkeypatch.undo()
    versioned.put(TRIALS, f"{CLAIM}b", BytesIO(b"1"))
    assert versioned.tidy(TRIALS, timezone.now() - LATER) == 0
    assert versioned.tidy(TRIALS, timezone.now() + LATER) == 1


@pytest.mark.services
@pytest.mark.parametrize("size", [5, s3.PART + 5])
def test_a_replacement_leaves_no_older_version(versioned: S3Store, size: int) -> None:
    versioned.put(ZONE, "a", BytesIO(b"old"))
    versioned.replace(ZONE, "a", BytesIO(b"n" * size))
    with versioned.open(ZONE, "a") as stream:
        assert stream.read() == b"n" * size
    assert len(versioned._versions(ZONE, "a")) == 1
    versioned.delete(ZONE, "a")


@pytest.mark.services
@pytest.mark.parametrize("size", [0, 5, s3.PART + 5])
def test_what_is_stored_under_a_key_that_we_lend_is_read_with_it_alone(versioned: S3Store, size: int) -> None:
    lending = chosen(prefix=versioned.prefix, encryption=ServerSide("sse-c", customer_key=b"k" * 32))
    lending.probe()
    lending.put(ZONE, "a", BytesIO(b"x" * size))
    with lending.open(ZONE, "a") as stream:
        assert stream.read() == b"x" * size
    assert lending.start(ZONE, "a", 3) == b"x" * min(size, 3)
    assert lending.exists(ZONE, "a")
    for other in (versioned, chosen(prefix=versioned.prefix, encryption=ServerSide("sse-c", customer_key=b"o" * 32))):
        with pytest.raises(StoreUnreachable):
            other.open(ZONE, "a")
    lending.delete(ZONE, "a")


@pytest.mark.services
@pytest.mark.parametrize("how", ["sse-s3", "sse-kms"])
def test_a_server_that_does_not_encrypt_as_it_is_told_stops_the_start(versioned: S3Store, how: str) -> None:
    with pytest.raises(StoreUnreachable, match="DONARA_STORE_ENCRYPTION"):
        chosen(prefix=versioned.prefix, encryption=ServerSide(how, kms_key="none")).probe()
    assert list(versioned._listed(TRIALS)) == []
