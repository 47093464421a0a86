"""Rings of keys: each role opens what it may read and nothing else, whatever the key and the zone."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.sealing import Unopened, seal
from core.storage import rings
from core.storage.rings import MARK, ONE_WAY, Lacking, Ring, is_whole, read_ring, ring_of
from core.storage.roles import May, Role, may
from core.storage.zones import Zone

KEYS = some.binary(min_size=32, max_size=32)
ROLES, ZONES, PKS = some.sampled_from(Role), some.sampled_from(Zone), some.uuids()


def opens(ring: Ring, zone: Zone, pk: UUID, wrapped: bytes, key_id: str) -> bytes | None:
    try:
        return ring.unwrap(zone, pk, wrapped, key_id)
    except (Lacking, Unopened):
        return None


def test_quarantine_is_the_zone_that_one_puts_into_and_does_not_read() -> None:
    assert {Zone.QUARANTINE} == ONE_WAY


@given(KEYS, ROLES, ROLES, ZONES, PKS, KEYS)
def test_whoever_may_put_wraps_and_whoever_may_read_opens_and_nobody_else(
    store_key: bytes, writer: Role, reader: Role, zone: Zone, pk: UUID, data_key: bytes
) -> None:
    mine = ring_of(store_key, writer)
    if not may(writer, zone, May.PUT):
        mine = ring_of(store_key, Role.ALL)
    wrapped, key_id = mine.wrap(zone, pk, data_key), mine.id_of(zone)
    assert data_key not in wrapped
    found = opens(ring_of(store_key, reader), zone, pk, wrapped, key_id)
    assert found == (data_key if may(reader, zone, May.READ) else None)


@given(KEYS, KEYS, ZONES, ZONES, PKS, PKS, some.integers(0, 59), some.integers(1, 255))
def test_what_is_changed_or_put_elsewhere_does_not_open(
    store_key: bytes, other: bytes, zone: Zone, elsewhere: Zone, pk: UUID, another: UUID, place: int, bits: int
) -> None:
    ring = ring_of(store_key, Role.ALL)
    wrapped, key_id = ring.wrap(zone, pk, b"k" * 32), ring.id_of(zone)
    changed = bytearray(wrapped)
    changed[place] ^= bits
    assert opens(ring, zone, pk, bytes(changed), key_id) is None
    assert opens(ring, zone, pk, wrapped[:-1], key_id) is None
    assert (opens(ring, zone, another, wrapped, key_id) is None) == (another != pk)
    assert (opens(ring, elsewhere, pk, wrapped, key_id) is None) == (elsewhere != zone)
    assert (opens(ring_of(other, Role.ALL), zone, pk, wrapped, key_id) is None) == (other != store_key)


@given(KEYS, ROLES)
def test_a_ring_is_read_as_it_was_written(store_key: bytes, role: Role) -> None:
    ring = ring_of(store_key, role, lends=True)
    assert read_ring(ring.written()) == ring
    assert store_key.hex() not in ring.written()
    assert not is_whole(ring.written())
    assert not set(ring.written()) & set(" ,'\"\n")


@given(KEYS)
def test_the_web_processs_ring_holds_nothing_that_opens_quarantine(store_key: bytes) -> None:
    web, whole = ring_of(store_key, Role.WEB), ring_of(store_key, Role.ALL)
    held = {*web.zones.values(), *web.public.values(), *web.private.values(), web.lent}
    assert not held & {whole.zones[Zone.QUARANTINE], whole.private[Zone.QUARANTINE], store_key}
    assert web.public == whole.public


@given(KEYS, PKS, ROLES)
def test_what_was_wrapped_before_zones_were_one_way_opens_for_whoever_may_read(
    store_key: bytes, pk: UUID, role: Role
) -> None:
    wrapped = seal(rings._zone_key(store_key, Zone.QUARANTINE), b"k" * 32, pk.bytes)
    ring = ring_of(store_key, role)
    found = opens(ring, Zone.QUARANTINE, pk, wrapped, ring.name)
    assert found == (b"k" * 32 if may(role, Zone.QUARANTINE, May.READ) else None)


@pytest.mark.parametrize("role", list(Role))
def test_a_ring_serves_its_role_and_the_whole_key_serves_all(role: Role) -> None:
    assert ring_of(b"a" * 32, role).serves(role)
    assert read_ring("aB" * 32).serves(role)
    assert ring_of(b"a" * 32, Role.CLEANER).serves(role) == (role is Role.CLEANER)
    assert ring_of(b"a" * 32, Role.RUNNER).serves(role) == (role is Role.RUNNER)


@given(some.text() | some.text().map(lambda text: MARK + text))
def test_other_texts_are_refused_in_one_way(text: str) -> None:
    if not is_whole(text):
        with pytest.raises(ValueError, match=r".+"):
            read_ring(text)


@pytest.mark.parametrize("change", ["zones", "name", "private", "lent"])
def test_a_ring_that_lacks_a_part_is_refused(change: str) -> None:
    import json
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    body = json.loads(urlsafe_b64decode(ring_of(b"a" * 32, Role.WEB).written().removeprefix(MARK)))
    del body[change]
    with pytest.raises(ValueError, match="ring"):
        read_ring(MARK + urlsafe_b64encode(json.dumps(body).encode()).decode())
