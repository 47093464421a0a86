"""The public log's addresses: heads and proofs for anybody, inclusion for whoever holds a leaf's hash, limits."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit.models import Event, SignedHead
from core.audit.record import record
from core.audit.work import seal
from core.merkle import note
from core.merkle.checking import consistent, included

pytestmark = pytest.mark.django_db
BY = SystemActor("test")


def grow(programme: Programme, number: int, batch: int = 1000) -> None:
    for place in range(number):
        record("test.done", programme, by=BY, data={"place": place})
    while seal(batch):
        pass


def ask(address: str) -> dict[str, Any]:
    answer = Client().get(address)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def keys() -> list[str]:
    return Client().get("/log/key/").content.decode().split()


def test_anybody_can_follow_the_log(programme: Programme) -> None:
    grow(programme, 5)
    first = ask("/log/head/")
    grow(programme, 700, batch=90)
    second = ask("/log/head/")
    old, new = note.check(first["note"], keys()), note.check(second["note"], keys())
    assert (old.size, old.root.hex()) == (first["size"], first["root"])
    assert ask(f"/log/head/{old.size}/") == first
    assert Client().get("/log/checkpoint").content.decode() == second["note"]
    proof = ask(f"/log/consistency/?first={old.size}&second={new.size}")["consistency"]
    assert consistent(old.size, new.size, old.root, new.root, [bytes.fromhex(each) for each in proof])
    assert SignedHead.objects.count() > 5
    for head in SignedHead.objects.all():
        proof = ask(f"/log/consistency/?first={head.size}&second={new.size}")["consistency"]
        hashes = [bytes.fromhex(each) for each in proof]
        assert consistent(head.size, new.size, bytes.fromhex(head.root), new.root, hashes)
    answer = Client().get("/log/head/")
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_who_holds_a_leaf_gets_its_proof_and_learns_nothing_else(programme: Programme) -> None:
    grow(programme, 300, batch=70)
    for event in Event.objects.filter(sequence__in=[1, 2, 255, 256, 257, Event.objects.count()]):
        found = ask(f"/log/inclusion/{bytes(event.leaf).hex()}/")
        assert set(found) == {"type", "index", "inclusion", "head"}
        head = note.check(found["head"]["note"], keys())
        hashes = [bytes.fromhex(each) for each in found["inclusion"]]
        assert included(bytes(event.leaf), found["index"], head.size, hashes, head.root)
        assert event.sequence == found["index"] + 1
    sizes = list(SignedHead.objects.order_by("size").values_list("size", flat=True))
    last = Event.objects.get(sequence=sizes[-1])
    assert Client().get(f"/log/inclusion/{bytes(last.leaf).hex()}/?size={sizes[0]}").status_code == 404
    one = Event.objects.get(sequence=1)
    assert ask(f"/log/inclusion/{bytes(one.leaf).hex()}/?size={sizes[0]}")["head"]["size"] == sizes[0]


WRONG = [
    ("/log/head/0/", 404),
    ("/log/head/99999/", 404),
    ("/log/head/9999999999999999999999/", 400),
    ("/log/head/-1/", 400),
    ("/log/consistency/", 400),
    ("/log/consistency/?first=2&second=1", 400),
    ("/log/consistency/?first=1&second=99999", 400),
    ("/log/consistency/?first=a&second=b", 400),
    ("/log/consistency/?first=\u0661&second=2", 400),
    ("/log/inclusion/00/", 400),
    ("/log/inclusion/" + "0" * 64 + "/", 404),
]


@pytest.mark.parametrize(("address", "status"), WRONG)
def test_what_is_not_there_is_a_sentence_for_programs(programme: Programme, address: str, status: int) -> None:
    grow(programme, 3)
    answer = Client().get(address)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"].endswith(".")


def test_an_empty_log_has_a_page_and_no_head(db: None) -> None:
    assert "Nothing has been entered yet" in Client().get("/log/").content.decode()
    for address in ("/log/head/", "/log/checkpoint"):
        assert Client().get(address).status_code == 404
    assert len(keys()) == 1


def test_who_asks_too_often_waits(programme: Programme) -> None:
    grow(programme, 3)
    cache.clear()
    with override_settings(ACCOUNT_RATE_LIMITS={"public_log": "3/h/ip"}):
        answers = [Client().get("/log/head/").status_code for _ in range(5)]
    cache.clear()
    assert answers == [200, 200, 200, 429, 429]


def test_an_older_key_stays_published(programme: Programme) -> None:
    grow(programme, 3)
    old = ask("/log/head/")
    with override_settings(LOG_KEY="ab" * 32):
        grow(programme, 3)
        new = ask("/log/head/")
    assert len(keys()) == 2
    for head in (old, new):
        note.check(head["note"], keys())
    with pytest.raises(note.NoteError):
        note.check(new["note"], keys()[:1])
