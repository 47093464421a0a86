"""The audit trail: whole or not at all, no personal value, and a log that shows every tampering."""

import hmac
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core.accounts.models import Programme
from core.actors import SystemActor
from core.append_only import WATCHED, AppendOnly, stands
from core.audit import checks, work
from core.audit.leaves import Texts, commitment, hash_of, leaf, texts, told
from core.audit.models import ChainHead, Event, LogAlarm, LogKey, SignedHead, Tile
from core.audit.record import record
from core.audit.work import first_break, seal
from core.canonical import canonical_json, digest_of
from core.merkle.hashing import leaf_hash
from tests.ground.guards import guards, unguarded

BY = SystemActor("test")
pytestmark = pytest.mark.django_db


def test_what_is_written_out_by_hand_is_canonical_json(programme: Programme) -> None:
    record("test.done", programme, by=BY, data={"b": [1, None, True], "a": "x"})
    event = Event.objects.latest("id")
    for data in (event.data, '{"odd":"\\u0007 \u00e9 \\" \\\\ \U0001f600"}', ""):
        event.data = data
        said = told(event)
        assert commitment(b"salt", texts(event)) == hmac.digest(b"salt", canonical_json(said).encode(), "sha256")
        parts = [said[key] for key in ("id", "programme", "at", "actor", "verb", "subject_type", "subject", "data")]
        assert work.event_digest("0" * 64, 7, texts(event)) == digest_of(["0" * 64, 7, *parts])
    assert hash_of(7, "ab" * 32, b"1" * 32) == leaf_hash(canonical_json(leaf(7, "ab" * 32, b"1" * 32)).encode())


@pytest.mark.parametrize("value", ["Jane Doe", "jane@example.org", 0.5, b"bytes", "x" * 300])
def test_what_could_be_personal_is_refused(programme: Programme, value: object) -> None:
    before = Event.objects.count()
    with pytest.raises(ValueError, match="codes"):
        record("test.done", programme, by=BY, data={"note": value})
    assert Event.objects.count() == before


def sealed(programme: Programme, number: int) -> list[Event]:
    for place in range(number):
        record("test.done", programme, by=BY, data={"place": place})
    while seal(limit=3):
        pass
    return list(Event.objects.order_by("sequence"))


def tamper(event: Event, **change: Any) -> None:
    """What someone with the database's password writes."""
    sets = ", ".join(f'"{column}" = %s' for column in change)
    key = Event._meta.pk.get_db_prep_value(event.pk, connection)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_event SET {sets} WHERE id = %s", [*change.values(), key])


def remove(event: Event) -> None:
    key = Event._meta.pk.get_db_prep_value(event.pk, connection)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE id = %s", [key])


def test_the_chain_holds_and_sealing_again_changes_nothing(programme: Programme) -> None:
    events = sealed(programme, 10)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert seal() == 0
    assert first_break() is None
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert f"{len(events)} leaves" in out.getvalue()
    checks.look()
    assert not LogAlarm.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"data": "{}"},
        {"actor": "user:someone"},
        {"verb": "test.undone"},
        {"digest": "0" * 64},
        {"commitment": b"0" * 32},
        {"leaf": b"0" * 32},
        {"salt": b"0" * 32},
        {"salt": b"", "data": "{}"},
    ],
)
def test_an_edit_is_found(programme: Programme, change: dict[str, Any]) -> None:
    events = sealed(programme, 6)
    tamper(events[3], **change)
    assert first_break() == 4
    checks.look()
    assert [(alarm.code, alarm.subject) for alarm in LogAlarm.objects.filter(code="event")] == [("event", "4")]
    with pytest.raises(CommandError, match="at sequence 4"):
        call_command("verify_audit", stdout=StringIO())


def test_a_deletion_is_found_even_at_the_end(programme: Programme) -> None:
    events = sealed(programme, 6)
    remove(events[-1])
    assert first_break() is not None


def test_a_reordering_is_found(programme: Programme) -> None:
    first, second, *_ = sealed(programme, 6)
    tamper(first, sequence=99)
    tamper(second, sequence=1)
    tamper(first, sequence=2)
    assert first_break() == 1


def rewrite(events: list[Event]) -> None:
    """A careful forger: chain, commitments and leaves computed anew from the first event on."""
    digest = "0" * 64
    for sequence, event in enumerate(events, 1):
        digest = work.event_digest(digest, sequence, texts(event))
        committed = work.commitment(bytes(event.salt), texts(event))
        tamper(
            event,
            sequence=sequence,
            data=event.data,
            digest=digest,
            commitment=committed,
            leaf=work.hash_of(sequence, digest, committed),
        )
    ChainHead.objects.filter(name="events").update(digest=digest)


def test_a_chain_that_was_computed_anew_does_not_fit_the_signed_heads(programme: Programme) -> None:
    events = sealed(programme, 6)
    events[2].data = '{"place":7}'
    rewrite(events)
    assert first_break() is None, "the chain alone is deceived"
    with pytest.raises(CommandError, match="signed head"):
        call_command("verify_audit", stdout=StringIO())
    checks.look()
    assert LogAlarm.objects.filter(code="head", cleared_at=None).exists()
    record("test.later", programme, by=BY)
    with pytest.raises(work.LogTorn):
        work.seal_all()
    assert Event.objects.filter(sequence=None).count() == 1, "nothing is signed on top of a forged log"


def test_an_alarm_ends_when_the_log_is_whole_again(programme: Programme) -> None:
    event = sealed(programme, 6)[3]
    was = event.data
    tamper(event, data="{}")
    checks.look()
    assert LogAlarm.objects.filter(cleared_at=None).count() == 1
    checks.look()
    tamper(event, data=was)
    checks.look()
    assert not LogAlarm.objects.filter(cleared_at=None).exists()


def test_the_models_refuse(programme: Programme) -> None:
    event = sealed(programme, 3)[0]
    for row in (event, SignedHead.objects.first(), LogKey.objects.first()):
        assert row is not None
        with pytest.raises(AppendOnly):
            row.save()
        with pytest.raises(AppendOnly):
            row.delete()
        with pytest.raises(AppendOnly):
            type(row).objects.all().delete()
    with pytest.raises(AppendOnly):
        Event.objects.update(data="{}")
    with pytest.raises(AppendOnly):
        Event.objects.bulk_update([event], ["data"])
    with pytest.raises(AppendOnly):
        Event.objects.update_or_create(pk=event.pk, defaults={"data": "{}"})


REFUSED = [
    "UPDATE audit_event SET data = '{}' WHERE sequence = 1",
    "UPDATE audit_event SET sequence = NULL WHERE sequence = 1",
    "UPDATE audit_event SET sequence = 99 WHERE sequence = 1",
    "UPDATE audit_event SET digest = '' WHERE sequence = 1",
    "UPDATE audit_event SET salt = leaf WHERE sequence = 1",
    "UPDATE audit_event SET at = at, actor = 'user:x' WHERE sequence = 1",
    "UPDATE audit_event SET data = '{}' WHERE sequence IS NULL",
    "UPDATE audit_event SET sequence = 50, digest = 'x', data = '{}' WHERE sequence IS NULL",
    "DELETE FROM audit_event WHERE sequence = 1",
    "DELETE FROM audit_event WHERE sequence IS NULL",
    "DELETE FROM audit_event",
    "UPDATE audit_signedhead SET root = 'x'",
    "DELETE FROM audit_signedhead",
    "UPDATE audit_logkey SET text = 'x'",
    "DELETE FROM audit_logkey",
    "UPDATE audit_tile SET hashes = root",
    "DELETE FROM audit_tile",
]
ONLY_SQLITE = [
    "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE sequence = 1",
    "REPLACE INTO audit_signedhead SELECT * FROM audit_signedhead",
    "UPDATE OR REPLACE audit_event SET sequence = 1, digest = 'x', leaf = zeroblob(32) WHERE sequence IS NULL",
]
ONLY_POSTGRESQL = ["TRUNCATE audit_event", "TRUNCATE audit_signedhead", "TRUNCATE audit_tile"]


def refusal(statement: str) -> bool:
    """Whether the database refuses it, and for our reason."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def test_the_database_refuses(programme: Programme) -> None:
    sealed(programme, 3)
    record("test.waits", programme, by=BY)
    Tile.objects.create(level=0, index=77, hashes=b"1", root=b"1")
    before = list(Event.objects.order_by("id").values())
    own = ONLY_POSTGRESQL if connection.vendor == "postgresql" else ONLY_SQLITE
    for statement in [*REFUSED, *own]:
        assert refusal(statement), statement
    assert list(Event.objects.order_by("id").values()) == before
    assert all(stands(guard, connection) for guard in WATCHED.values())


def test_a_trigger_that_is_gone_is_noticed(programme: Programme) -> None:
    """The log's own triggers, and those of what donors signed."""
    sealed(programme, 3)
    with unguarded(*guards()):
        checks.look()
        with pytest.raises(CommandError, match="no longer refuses"):
            call_command("verify_audit", stdout=StringIO())
    found = set(LogAlarm.objects.filter(code="guard", cleared_at=None).values_list("subject", flat=True))
    assert found == set(WATCHED)
    checks.look()
    assert not LogAlarm.objects.filter(cleared_at=None).exists()


def test_what_is_sealed_while_the_chain_is_checked_breaks_nothing(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(programme, 3)
    computed = work.event_digest

    def meanwhile(previous: str, sequence: int, said: Texts) -> str:
        monkeypatch.setattr(work, "event_digest", computed)
        record("test.done", programme, by=BY)
        assert seal() == 1
        return computed(previous, sequence, said)

    monkeypatch.setattr(work, "event_digest", meanwhile)
    assert first_break() is None
    assert first_break() is None
