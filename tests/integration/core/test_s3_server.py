"""What only an S3 server does: versions, uploads in parts, refused keys. Collected where the settings name one."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from core.storage import s3
from core.storage.interface import StoreUnreachable
from core.storage.s3 import S3Store
from core.storage.zones import Zone

ZONE = Zone.CLEAN
LATER = timedelta(hours=1)


def chosen(**other: str) -> S3Store:
    """The S3 store of the settings, with some of them changed."""
    return S3Store(**{key: value for key, value in settings.OBJECT_STORE.items() if key != "kind"} | other)


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
    bucket, key = versioned.bucket(Zone.REVIEW), f"{s3.TRIAL}left"
    versioned.client.put_object(Bucket=bucket, Key=key, Body=b"1")
    versioned.probe()
    assert list(versioned.keys(Zone.REVIEW)) == []
    assert versioned.exists(Zone.REVIEW, key)  # it may be another process's, at work
    monkeypatch.setattr(s3, "TRIAL_LASTS", -LATER)
    versioned.probe()
    assert not versioned.exists(Zone.REVIEW, key)


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
    versioned.delete(Zone.RELEASED, f"{s3.NOTE}a")
