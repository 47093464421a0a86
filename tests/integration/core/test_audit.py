"""The audit trail: whole or not at all, no personal value, and a chain that shows every tampering."""

import pytest

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit import work
from core.audit.models import Event
from core.audit.record import record
from core.audit.work import first_break, seal

BY = SystemActor("test")
pytestmark = pytest.mark.django_db


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


def test_the_chain_holds_and_sealing_again_changes_nothing(programme: Programme) -> None:
    events = sealed(programme, 10)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert seal() == 0
    assert first_break() is None


@pytest.mark.parametrize(
    "change", [{"data": "{}"}, {"actor": "user:someone"}, {"verb": "test.undone"}, {"digest": "0" * 64}]
)
def test_an_edit_is_found(programme: Programme, change: dict[str, str]) -> None:
    events = sealed(programme, 6)
    Event.objects.filter(pk=events[3].pk).update(**change)
    assert first_break() == 4


def test_a_deletion_is_found_even_at_the_end(programme: Programme) -> None:
    events = sealed(programme, 6)
    events[-1].delete()
    assert first_break() is not None


def test_a_reordering_is_found(programme: Programme) -> None:
    first, second, *_ = sealed(programme, 6)
    Event.objects.filter(pk=first.pk).update(sequence=99)
    Event.objects.filter(pk=second.pk).update(sequence=1)
    Event.objects.filter(pk=first.pk).update(sequence=2)
    assert first_break() == 1


def test_what_is_sealed_while_the_chain_is_checked_breaks_nothing(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(programme, 3)
    computed = work.event_digest

    def meanwhile(previous: str, sequence: int, event: Event) -> str:
        monkeypatch.setattr(work, "event_digest", computed)
        record("test.done", programme, by=BY)
        assert seal() == 1
        return computed(previous, sequence, event)

    monkeypatch.setattr(work, "event_digest", meanwhile)
    assert first_break() is None
    assert first_break() is None
