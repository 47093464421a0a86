"""An S3 server that is away, and how its uploads are read: no server is needed."""

from io import BytesIO

import pytest

from core.storage.interface import StoreUnreachable
from core.storage.s3 import S3Store
from core.storage.s3_streams import Full
from core.storage.zones import Zone

ZONE = Zone.CLEAN


def test_a_server_that_is_away_says_what_to_set() -> None:
    away = S3Store("http://127.0.0.1:9", "key", "secret", "us-east-1", "donara")
    with pytest.raises(StoreUnreachable, match="DONARA_S3_ENDPOINT"):
        away.probe()
    with pytest.raises(StoreUnreachable, match="Try again"):
        away.put(ZONE, "a", BytesIO(b"x"))


def test_a_server_that_takes_no_connection_is_left_alone_for_a_moment() -> None:
    away = S3Store("http://127.0.0.1:9", "key", "secret", "us-east-1", "donara")
    with pytest.raises(StoreUnreachable):
        away.delete(ZONE, "a")
    until = away.patience.away_until
    assert until > 0
    with pytest.raises(StoreUnreachable):
        away.delete(ZONE, "a")
    assert away.patience.away_until == until, "it was not tried again"


class Versions:
    """A server whose newest version of `a` is a deletion, with an older one behind it; `b` is only begun."""

    def get_paginator(self, what: str) -> "Versions":
        self.what = what
        return self

    def paginate(self, *, Prefix: str, **_: object) -> list[dict[str, list[dict[str, str]]]]:
        if self.what == "list_multipart_uploads":
            return [{"Uploads": [{"Key": "b", "UploadId": "1"}]}]
        old, new = ({"Key": "a", "VersionId": number} for number in "12")
        page = {"Versions": [old], "DeleteMarkers": [new]}
        return [page] if Prefix == "a" else [{}]


def test_an_older_version_behind_a_deletion_and_an_unfinished_part_are_seen() -> None:
    there = S3Store("http://127.0.0.1:9", "key", "secret", "us-east-1", "donara")
    there.clients[ZONE] = Versions()
    assert [there.holds(ZONE, key) for key in ("a", "b", "c")] == [True, True, False]


class Drip(BytesIO):
    """Gives three bytes at most."""

    def read(self, amount: int | None = -1, /) -> bytes:
        return super().read(3 if amount is None or amount < 0 else min(3, amount))


@pytest.mark.parametrize("amounts", [[100], [1, 2, 7, 100], [-1], [4, -1], [0, 100]])
@pytest.mark.parametrize("ahead", [0, 5, 100])
def test_a_part_is_as_long_as_asked_for_until_the_end(amounts: list[int], ahead: int) -> None:
    data = bytes(range(50))
    source, plain = Full(Drip(data)), BytesIO(data)
    assert source.look(ahead) == data[:ahead]
    assert [source.read(amount) for amount in amounts] == [plain.read(amount) for amount in amounts]
    assert source.read() == plain.read() == b""
    assert source.size == 50
