"""The sealer at its limits: several at once, killed half-way, a clock that goes backwards; and witnesses."""

import base64
import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit import tree, witnesses, work
from core.audit.keys import public_keys
from core.audit.models import ChainHead, Event, SignedHead, Tile, Witness
from core.audit.record import record
from core.audit.work import first_break, seal
from core.due.models import DueWork
from core.merkle import note
from core.merkle.checking import consistent
from tests.integration.core.processes import together
from tests.rules.core.trees import mth

BY = SystemActor("test")
pytestmark = pytest.mark.django_db(transaction=True)


def newest_size() -> int:
    """How many entries the newest signed head speaks of."""
    head = SignedHead.objects.first()
    assert head is not None
    return head.size


def put(programme: Programme, number: int) -> None:
    for place in range(number):
        record("test.done", programme, by=BY, data={"place": place})


def whole() -> None:
    """The whole log holds, as `verify_audit` sees it, and its head is that of its leaves."""
    call_command("verify_audit", stdout=StringIO())
    leaves = [bytes(leaf) for leaf in Event.objects.order_by("sequence").values_list("leaf", flat=True)]
    head = SignedHead.objects.first()
    assert head is not None
    assert (head.size, head.root) == (len(leaves), mth(leaves).hex())
    assert Tile.objects.filter(level=0).count() == len(leaves) // 256


def test_two_sealers_at_once_make_one_tree(programme: Programme) -> None:
    def act(number: int) -> int:
        if number < 2:
            put(programme, 200)
            return 0
        return sum(seal(limit=37) for _ in range(60))

    sealed = sum(together(act, 4))
    while more := seal():
        sealed += more
    assert sealed == Event.objects.count() == ChainHead.objects.get(name="events").sequence
    whole()
    sizes = list(SignedHead.objects.order_by("size").values_list("size", flat=True))
    assert len(set(sizes)) == len(sizes)


@pytest.mark.parametrize("where", ["_write", "_grow", "_keep"])
def test_a_sealer_killed_half_way_leaves_nothing_half_done(programme: Programme, where: str) -> None:
    put(programme, 300)
    seal(limit=100)
    connection.close()
    child = os.fork()
    if child == 0:
        done = getattr(work, where)

        def killed(*args: Any) -> None:
            done(*args)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(work, where, killed)
        try:
            seal()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert SignedHead.objects.count() == 1
    assert Event.objects.filter(sequence=None).exists()
    while seal():
        pass
    whole()


def test_a_clock_that_goes_backwards_changes_no_order(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    put(programme, 5)
    seal()
    early = timezone.now() - timedelta(days=400)
    monkeypatch.setattr("core.audit.record.timezone.now", lambda: early)
    monkeypatch.setattr(SignedHead._meta.get_field("at"), "_get_default", lambda: early)
    put(programme, 5)
    seal()
    newest, earlier = SignedHead.objects.order_by("-size")[:2]
    assert newest.at < earlier.at
    assert SignedHead.objects.first() == newest
    proof = tree.consistency(earlier.size, newest.size)
    roots = bytes.fromhex(earlier.root), bytes.fromhex(newest.root)
    assert consistent(earlier.size, newest.size, *roots, proof)
    whole()


def test_nothing_is_signed_where_there_is_nothing_new(programme: Programme) -> None:
    put(programme, 1)
    seal()
    heads = SignedHead.objects.count()
    assert seal() == 0
    assert SignedHead.objects.count() == heads


class Outside:
    """A witness on this machine: keeps what it saw, checks what it is sent, answers as C2SP's protocol has it."""

    def __init__(self) -> None:
        self.size, self.root, self.answer = 0, b"", 0
        self.asked: list[str] = []
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, text = outside.take(body)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/add-checkpoint"

    def take(self, body: str) -> tuple[int, str]:
        self.asked.append(body)
        if self.answer:
            return self.answer, ""
        request, _, signed = body.partition("\n\n")
        old, *proof = request.split("\n")
        head = note.check(signed, public_keys_now())
        if int(old.removeprefix("old ")) != self.size:
            return 409, f"{self.size}\n"
        hashes = [base64.b64decode(line) for line in proof]
        if self.size and not consistent(self.size, head.size, self.root, head.root, hashes):
            return 422, ""
        self.size, self.root = head.size, head.root
        return 200, "\u2014 witness.example AAAA\n"


_keys: list[str] = []


def public_keys_now() -> list[str]:
    return _keys


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    with override_settings(LOG_WITNESSES=[made.address]):
        yield made
    made.server.shutdown()
    made.server.server_close()


def keep_keys() -> None:
    _keys[:] = public_keys()


def test_a_witness_is_sent_each_newest_head(programme: Programme, outside: Outside, drain: Callable[[], int]) -> None:
    put(programme, 300)
    seal()
    keep_keys()
    drain()
    assert outside.size == newest_size()
    put(programme, 300)
    drain()
    witness = Witness.objects.get()
    assert outside.size == witness.size == newest_size()
    assert (witness.name, witness.last_error, witness.cosigned) == ("127.0.0.1", "", "\u2014 witness.example AAAA\n")
    asked = len(outside.asked)
    drain()
    assert len(outside.asked) == asked, "nothing new, nothing sent"


def test_a_witness_that_remembers_another_size_is_asked_again(programme: Programme, outside: Outside) -> None:
    put(programme, 20)
    seal()
    keep_keys()
    call_command("push_heads", stdout=StringIO())
    Witness.objects.update(size=3)
    put(programme, 20)
    seal()
    call_command("push_heads", stdout=StringIO())
    assert outside.size == newest_size()
    assert outside.asked[-2].startswith("old 3\n")


@pytest.mark.parametrize(("answer", "code"), [(503, "http_503"), (422, "sees_a_fork"), (302, "http_302")])
def test_a_witness_that_refuses_is_tried_again_and_seen(
    programme: Programme, outside: Outside, drain: Callable[[], int], answer: int, code: str
) -> None:
    put(programme, 3)
    seal()
    keep_keys()
    outside.answer = answer
    drain()
    witness = Witness.objects.get()
    assert witness.last_error == code
    assert witness.failing_since is not None
    assert [found.pk for found in witnesses.failing()] == [witness.pk]
    row = DueWork.objects.get(kind="audit.push_head")
    assert (row.done, row.last_error) == (False, "WitnessError")
    with pytest.raises(CommandError, match="Not every"):
        call_command("push_heads", stderr=StringIO())
    outside.answer = 0
    DueWork.objects.filter(pk=row.pk).update(due_at=timezone.now())
    drain()
    assert witnesses.failing() == []


def test_a_fork_is_seen_by_a_witness(programme: Programme, outside: Outside) -> None:
    put(programme, 30)
    seal()
    keep_keys()
    call_command("push_heads", stdout=StringIO())
    outside.root = bytes(32)
    put(programme, 3)
    seal()
    with pytest.raises(CommandError):
        call_command("push_heads", stderr=StringIO())
    assert Witness.objects.get().last_error == "sees_a_fork"


def test_a_witness_that_is_away_is_said(programme: Programme) -> None:
    put(programme, 3)
    seal()
    with override_settings(LOG_WITNESSES=["http://127.0.0.1:9/"]), pytest.raises(CommandError, match="Not every"):
        call_command("push_heads", stderr=StringIO())
    assert Witness.objects.get().last_error == "unreachable"
    with override_settings(LOG_WITNESSES=[]):
        assert witnesses.failing() == []
        with pytest.raises(CommandError, match="No witness"):
            call_command("push_heads")


def test_a_log_that_has_become_shorter_is_said(programme: Programme, outside: Outside) -> None:
    put(programme, 3)
    seal()
    Witness.objects.all().delete()
    witness = witnesses.known()[0]
    Witness.objects.filter(pk=witness.pk).update(size=1000)
    with pytest.raises(witnesses.WitnessError):
        witnesses.push(witness.pk)
    assert Witness.objects.get().last_error == "knows_a_longer_log"


def test_the_chain_holds(programme: Programme) -> None:
    put(programme, 600)
    while seal(limit=250):
        pass
    assert first_break() is None
    whole()
