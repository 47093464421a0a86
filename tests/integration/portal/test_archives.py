"""An archive is made while it is sent: a piece at a time, and no piece before it is wanted."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import AsyncClient

from core.web.archives import Archive
from core.web.sending import attachment
from registry import actions
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.portal.test_everything import BOTH, address, make_copies, taken

pytestmark = pytest.mark.django_db


def test_an_archive_is_made_in_pieces() -> None:
    megabyte, most = b"\0" * (1 << 20), 0
    archive = Archive()
    tracemalloc.start()
    sizes = [len(piece) for piece in archive.add("large", (megabyte for _ in range(200)), size=200 << 20)]
    sizes += [len(piece) for piece in archive.end()]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(sizes) > 200 << 20
    assert most < 16 << 20


def test_each_piece_is_made_when_the_one_before_it_was_taken() -> None:
    """Under ASGI, where Django would otherwise gather everything before the first byte leaves."""
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield bytes([number])

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    answer = attachment(ASGIRequest(scope, BytesIO()), pieces(), name="x.zip", media_type="application/zip")

    async def read() -> list[tuple[bytes, int]]:
        return [(piece, len(made)) async for piece in answer]

    assert answer.is_async
    assert asyncio.run(read()) == [(b"\0", 1), (b"\1", 2), (b"\2", 3)]


@pytest.mark.django_db(transaction=True)
def test_the_real_server_s_way_gives_the_same_file() -> None:
    donor = consent.donor(core.programme("lungs"))
    make.images(donor, 1)
    actions.ask_for_copies(donor_id=donor.pk, by=make.user_of(donor))
    make_copies(donor)
    client = AsyncClient()
    client.force_login(make.user_of(donor))

    async def read() -> list[bytes]:
        answer = await client.post(address(donor), {"copies": BOTH, "password": core.PASSWORD})
        return [piece async for piece in answer.streaming_content]

    pieces = asyncio.run(read())
    assert len(pieces) > 10
    with ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == set(taken(donor))
