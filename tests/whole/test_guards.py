"""Append-only tables: each guard names every column of its table, and the database holds just the guards of today."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from consent.models import LogEntry
from core.accounts.models import Programme
from core.append_only import AppendOnlyRow, Guard, stands
from core.audit.work import seal
from tests.factories import consent as make
from tests.ground.guards import guards, unguarded

TABLES: dict[str, type[models.Model]] = {model._meta.db_table: model for model in apps.get_models()}


def test_every_append_only_model_has_its_guard() -> None:
    kept = {model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyRow)}
    assert kept <= {guard.table for guard in guards()}


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.table)
def test_a_guard_names_every_column(guard: Guard) -> None:
    """A column that it does not name could change along with a step."""
    assert sorted(guard.columns) == sorted(field.column for field in TABLES[guard.table]._meta.concrete_fields)


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.table)
def test_migrations_set_up_the_guards_of_today(db: None, guard: Guard) -> None:
    assert stands(guard, connection)


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.table)
def test_a_guard_that_is_there_by_name_alone_does_not_stand(db: None, guard: Guard) -> None:
    name = guard.names(connection.vendor)[0]
    with unguarded(guard), connection.cursor() as cursor:
        assert not stands(guard, connection)
        for statement in guard.create(connection.vendor):
            harmless = "SELECT RAISE(ABORT, 'x') WHERE FALSE; END"
            if name in statement and connection.vendor == "sqlite":
                statement = statement.partition("BEGIN SELECT")[0] + "BEGIN " + harmless
            elif name in statement:
                statement = statement.replace("WHEN (NOT (", "WHEN (FALSE AND NOT (")
            cursor.execute(statement)
        assert not stands(guard, connection)
        for statement in guard.drop(connection.vendor):
            cursor.execute(statement)
    assert stands(guard, connection)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's triggers call no function")
def test_a_function_that_refuses_nothing_is_seen(db: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION refuse_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$"
        )
        assert not any(stands(guard, connection) for guard in guards())
        transaction.set_rollback(True)
    assert all(stands(guard, connection) for guard in guards())


def test_a_receipts_head_is_given_once(programme: Programme) -> None:
    from consent import work

    make.donor(programme)
    while seal():
        pass
    assert work.give_heads() == 1
    assert work.give_heads() == 0
    for statement in (
        "UPDATE consent_logentry SET head = 'x'",
        "UPDATE consent_logentry SET size = NULL, head = ''",
        "UPDATE consent_logentry SET size = size + 1",
        "DELETE FROM consent_logentry",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert LogEntry.objects.get().head
