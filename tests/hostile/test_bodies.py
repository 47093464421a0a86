"""Every hostile body of a store request is answered as PS3.18 says, and what is sound in it is kept."""

import tracemalloc
from io import RawIOBase
from itertools import islice
from typing import BinaryIO, cast

import pytest

from core.accounts.models import Programme
from core.storage.models import StoredObject
from registry.models import DonatedFile
from registry.rules.related import MOST_PARTS, PIECE, RelatedError, parts_of
from tests.factories import consent
from tests.hostile.bodies import BOUNDARY, cases, part
from tests.integration.registry.stow import Sender


@pytest.mark.django_db
def test_each_is_answered_and_what_is_sound_is_kept(programme: Programme) -> None:
    sender = Sender.of(consent.donor(programme))
    wrong: dict[str, object] = {}
    for body in cases():
        before = DonatedFile.objects.count()
        answer = sender.post(body.data, body.content_type)
        if answer.status_code in (400, 415):
            found = (answer.status_code, 0, 0, answer.json()["title"].endswith("."))
        else:
            named = answer.json()
            failed = sum(len(named.get(tag, {}).get("Value", [])) for tag in ("00081198", "0008119A"))
            found = (answer.status_code, len(named.get("00081199", {}).get("Value", [])), failed, True)
        if found != (body.status, body.kept, body.failed, True) or DonatedFile.objects.count() > before + body.kept:
            wrong[body.name] = (found, answer.content[:200])
    assert wrong == {}, "\n".join(f"{name}: {found}" for name, found in wrong.items())
    assert StoredObject.objects.count() == DonatedFile.objects.count()


class Endless(RawIOBase):
    """A body whose one part is so many megabytes, made as it is read."""

    def __init__(self, megabytes: int) -> None:
        self.pieces = iter([part(b"")[:-2], *[b"\r\n--" * 200_000] * megabytes, f"\r\n--{BOUNDARY}--".encode()])

    def read(self, size: int = -1) -> bytes:
        return next(self.pieces, b"")


def test_however_long_a_part_is_little_of_it_is_held() -> None:
    tracemalloc.start()
    read = [sum(map(len, part.pieces)) for part in parts_of(cast(BinaryIO, Endless(24)), BOUNDARY)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == [24 * 200_000 * 4]
    assert peak < 5 * PIECE


def test_more_parts_than_may_be_are_not_read() -> None:
    class Many(RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return part(b"") * 500

    parts = parts_of(cast(BinaryIO, Many()), BOUNDARY)
    assert sum(1 for _ in islice(parts, MOST_PARTS)) == MOST_PARTS
    with pytest.raises(RelatedError, match="too many parts"):
        next(parts)
