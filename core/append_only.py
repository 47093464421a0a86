"""Tables in which rows are only ever put: refused otherwise by the models and, whoever writes, by the database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NoReturn, TypeVar

from django.db import connections, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Kept = TypeVar("Kept", bound=models.Model)


class AppendOnly(RuntimeError):
    """Something tried to change or delete a row that is kept for good: an error in a program, or worse."""


class AppendOnlyQuerySet(models.QuerySet[Kept]):
    """Reads and inserts."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly(f"rows of {self.model._meta.label} are never changed")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnly(f"rows of {self.model._meta.label} are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly(f"rows of {self.model._meta.label} are never changed")


class AppendOnlyRow(models.Model):
    """Mixed into a table's model; the manager refuses with it, and a Guard in a migration makes the database refuse."""

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts; raises AppendOnly for a row that is there already."""
        if not self._state.adding:
            raise AppendOnly(f"rows of {self._meta.label} are never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly(f"rows of {self._meta.label} are never deleted")


@dataclass(frozen=True)
class Step:
    """The one way in which a row may still change: these columns, and only where the condition (SQL) holds."""

    columns: tuple[str, ...]
    when: str


@dataclass(frozen=True)
class Guard:
    """Triggers that refuse UPDATE, DELETE, TRUNCATE and REPLACE on a table, but for its steps and for free rows."""

    table: str
    columns: tuple[str, ...]
    #: Columns of which each is unique: SQLite's INSERT OR REPLACE would take another row away without a word.
    #: Several that are unique together stand in one tuple.
    unique: tuple[str | tuple[str, ...], ...] = ("id",)
    steps: tuple[Step, ...] = ()
    #: SQL over OLD: rows for which it holds, such as drafts, may still change and go.
    free: str = ""
    #: SQL over NEW: what else would take another row's place, where a column is unique under a condition.
    takes: str = ""

    def names(self, vendor: str) -> tuple[str, ...]:
        """The triggers' names."""
        kinds = ("updates", "deletes", "truncates" if vendor == "postgresql" else "replaces")
        return tuple(f"{self.table}_keeps_{what}" for what in kinds)

    def create(self, vendor: str) -> list[str]:
        """The statements that set it up."""
        return list(_on_postgresql(self) if vendor == "postgresql" else _on_sqlite(self))

    def drop(self, vendor: str) -> list[str]:
        """The statements that take it away."""
        of = f" ON {self.table}" if vendor == "postgresql" else ""
        return [f"DROP TRIGGER IF EXISTS {name}{of}" for name in self.names(vendor)]

    def operation(self) -> migrations.RunPython:
        """The migration that sets it up."""
        return migrations.RunPython(_each(self.create), _each(self.drop))

    def allowed(self, same: str) -> str:
        """What an UPDATE must be, in SQL; `same` is the database's operator for 'equal, or both NULL'."""
        free = [f"COALESCE(({self.free}), FALSE)"] if self.free else []
        return " OR ".join([*free, *(f"({self._step(step, same)})" for step in self.steps)]) or "FALSE"

    @property
    def fixed(self) -> str:
        """The condition, if there is one, under which a row may not go, as a trigger's clause."""
        return f"WHEN (NOT COALESCE(({self.free}), FALSE)) " if self.free else ""

    def _step(self, step: Step, same: str) -> str:
        kept = [f'OLD."{column}" {same} NEW."{column}"' for column in self.columns if column not in step.columns]
        # A condition over NULL is neither true nor false, and a trigger WHEN NOT (NULL) would stay silent.
        return " AND ".join([*kept, f"COALESCE(({step.when}), FALSE)"])


#: Every guard of the house, by its table; each app adds its own when it is ready, and the log's check looks at all.
WATCHED: dict[str, Guard] = {}


def watch(*guards: Guard) -> None:
    """Has the log's check look whether these stand; twice changes nothing."""
    WATCHED.update({guard.table: guard for guard in guards})


def install(using: str = "default", **_: Any) -> None:
    """Makes every watched guard anew, after each migration: SQLite loses triggers when it remakes a table."""
    connection = connections[using]
    if connection.vendor not in {"sqlite", "postgresql"}:
        return
    there = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for guard in WATCHED.values():
            for statement in _anew(guard, connection.vendor) if guard.table in there else ():
                cursor.execute(statement)


def _anew(guard: Guard, vendor: str) -> tuple[str, ...]:
    return (*guard.drop(vendor), *guard.create(vendor))


def stands(guard: Guard, connection: Any) -> bool:
    """Whether the database refuses just what the guard says: its triggers are there, whole, and switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _wanted(guard, connection.alias) <= _found(cursor, guard.table)
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [guard.table])
        return set(guard.create("sqlite")) <= {sql for (sql,) in cursor.fetchall()}


def _found(cursor: Any, table: str) -> set[tuple[str, str]]:
    """A table's triggers as PostgreSQL writes them, each with the text of its function."""
    cursor.execute(
        "SELECT pg_get_triggerdef(t.oid, true), p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgrelid = %s::regclass AND t.tgenabled IN ('O', 'A')",
        [table],
    )
    return set(cursor.fetchall())


@cache
def _wanted(guard: Guard, using: str) -> frozenset[tuple[str, str]]:
    """What `_found` says of a table that has the guard: PostgreSQL writes conditions in its own words, so it is asked.

    By a table of the same columns that only this connection sees, and that is gone at once.
    """
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {guard.table} (LIKE {guard.table})")
        for statement in guard.create("postgresql")[1:]:  # but for the function, which is there or is not
            cursor.execute(statement)
        texts = {text for text, _ in _found(cursor, f"pg_temp.{guard.table}")}
        cursor.execute(f"DROP TABLE pg_temp.{guard.table}")
    return frozenset((text, _BODY) for text in texts)


def _each(statements: Callable[[str], Sequence[str]]) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    def run(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, None)

    return run


def _on_sqlite(guard: Guard) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{guard.table} is append-only'); END"
    updates, deletes, replaces = guard.names("sqlite")
    groups = [(each,) if isinstance(each, str) else each for each in guard.unique]
    others = [f"({guard.takes})"] if guard.takes else []
    anew = " OR ".join([*(_taken(guard.table, group) for group in groups), *others])
    moved = " OR ".join([*(f"({_moved(group)} AND {_taken(guard.table, group)})" for group in groups), *others])
    when = f"NOT ({guard.allowed('IS')}) OR {moved}"
    yield f"CREATE TRIGGER {updates} BEFORE UPDATE ON {guard.table} WHEN {when} {refuse}"
    yield f"CREATE TRIGGER {deletes} BEFORE DELETE ON {guard.table} {guard.fixed}{refuse}"
    yield f"CREATE TRIGGER {replaces} BEFORE INSERT ON {guard.table} WHEN {anew} {refuse}"


def _taken(table: str, columns: tuple[str, ...]) -> str:
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  # names of our own tables


def _moved(columns: tuple[str, ...]) -> str:
    other = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in columns)
    return other if len(columns) == 1 else f"({other})"


_BODY: Final = (
    " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END "
)


def _on_postgresql(guard: Guard) -> Iterator[str]:
    updates, deletes, truncates = guard.names("postgresql")
    yield f"CREATE OR REPLACE FUNCTION refuse_append_only() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
    refuse = "EXECUTE FUNCTION refuse_append_only()"
    allowed = guard.allowed("IS NOT DISTINCT FROM")
    yield f"CREATE TRIGGER {updates} BEFORE UPDATE ON {guard.table} FOR EACH ROW WHEN (NOT ({allowed})) {refuse}"
    yield f"CREATE TRIGGER {deletes} BEFORE DELETE ON {guard.table} FOR EACH ROW {guard.fixed}{refuse}"
    yield f"CREATE TRIGGER {truncates} BEFORE TRUNCATE ON {guard.table} FOR EACH STATEMENT {refuse}"
