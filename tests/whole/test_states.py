"""Every pair of states of every row that has one: a move happens exactly where its table allows it, with its event."""

from itertools import product
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from core.actors import SystemActor
from core.audit.models import Event
from core.errors import Conflict
from core.ids import new_id
from core.lifecycle import allowed, move

WITH_STATE = [model for model in apps.get_models() if hasattr(model, "TRANSITIONS")]
PAIRS = [
    pytest.param(model, source, target, id=f"{model._meta.label}:{source}->{target}")
    for model in WITH_STATE
    for source, target in product(model.TRANSITIONS, repeat=2)
]


def test_there_are_rows_with_states() -> None:
    assert len(WITH_STATE) >= 10


@pytest.mark.parametrize("model", WITH_STATE, ids=lambda model: model._meta.label)
def test_the_table_names_every_state_and_the_database_knows_them(model: type[models.Model]) -> None:
    states = {value for value, _ in model._meta.get_field("state").choices}
    assert {str(state) for state in model.TRANSITIONS} == states
    assert {str(end) for ends in model.TRANSITIONS.values() for end in ends} <= states
    checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    assert any("state__in" in str(check.condition) for check in checks)


class Stub:
    """A stand-in for one row: its table, its state, and how many rows an UPDATE finds."""

    def __init__(self, model: type[models.Model], state: str, found: int) -> None:
        self.TRANSITIONS, self.state, self.pk, self.programme_id = model.TRANSITIONS, str(state), new_id(), None
        self._meta, self.found, self.asked = model._meta, found, {}

    @property
    def _default_manager(self) -> SimpleNamespace:
        return SimpleNamespace(filter=self._filter)

    def _filter(self, **where: object) -> SimpleNamespace:
        self.asked = where
        return SimpleNamespace(update=lambda **_: self.found)


def stub(model: type[models.Model], state: str, found: int = 1) -> Stub:
    thing = Stub(model, state, found)
    # move() reaches the manager through the row's type, as Django wants it.
    kind = type("Row", (Stub,), {"_default_manager": SimpleNamespace(filter=thing._filter)})
    thing.__class__ = kind
    return thing


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "source", "target"), PAIRS)
def test_every_pair(model: type[models.Model], source: str, target: str) -> None:
    thing = stub(model, source)
    if allowed(model.TRANSITIONS, source, target):
        move(thing, target, by=SystemActor("test"))
        assert thing.state == target
        assert thing.asked == {"pk": thing.pk, "state": str(source)}
        assert Event.objects.filter(subject_id=thing.pk, verb=f"{model._meta.label_lower}.{target}").count() == 1
    else:
        with pytest.raises(Conflict):
            move(thing, target, by=SystemActor("test"))
        assert (thing.state, thing.asked, Event.objects.filter(subject_id=thing.pk).count()) == (str(source), {}, 0)


@pytest.mark.django_db
def test_of_two_who_act_at_once_one_is_told() -> None:
    model = WITH_STATE[0]
    source, target = next((s, e) for s, ends in model.TRANSITIONS.items() for e in ends)
    with pytest.raises(Conflict, match="Someone else"):
        move(stub(model, source, found=0), target, by=SystemActor("test"))


@pytest.mark.django_db
@pytest.mark.parametrize("model", WITH_STATE, ids=lambda model: model._meta.label)
def test_the_database_refuses_an_unknown_state(model: type[models.Model]) -> None:
    table, columns = model._meta.db_table, {f.column: f for f in model._meta.concrete_fields}
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
    assert any("state" in (found["columns"] or []) and found["check"] for found in constraints.values()), columns.keys()


def test_an_unknown_state_is_refused_for_real(db: None) -> None:
    from core.storage.models import StoredObject
    from tests.factories.core import programme

    with pytest.raises(IntegrityError), transaction.atomic():
        StoredObject.objects.create(programme_id=programme("p").pk, zone="clean", state="lost")
