"""What the database itself refuses: a published version, a signature, an event or a check that is changed."""

from typing import Any, Final

from django.db import connections

#: Columns of a published version that never change again; its state alone moves on.
_FIXED: Final = (
    "form_id",
    "number",
    "language",
    "content",
    "text_sha256",
    "created_by",
    "created_at",
    "published_at",
    "change",
    "summary",
    "renew_by",
)
_NEVER: Final = ("consent_signature", "consent_consentevent", "consent_donorcheck")


def install(using: str = "default", **_: Any) -> None:
    """Makes the triggers anew after every migration, for SQLite loses them when it remakes a table."""
    connection = connections[using]
    make = {"sqlite": _sqlite, "postgresql": _postgresql}.get(connection.vendor)
    if make is None or "consent_formversion" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)


def _sqlite() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FIXED)
    rules = [("consent_formversion", f"OLD.state <> 'draft' AND ({changed})"), *((table, "1") for table in _NEVER)]
    statements = []
    for table, when in rules:
        statements.append(f"DROP TRIGGER IF EXISTS {table}_fixed")
        statements.append(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is fixed'); END"
        )
    return statements


def _postgresql() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FIXED)
    rules = [("consent_formversion", f"OLD.state <> 'draft' AND ({changed})"), *((table, "TRUE") for table in _NEVER)]
    statements = [
        "CREATE OR REPLACE FUNCTION consent_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is fixed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    ]
    for table, when in rules:
        statements.append(f"DROP TRIGGER IF EXISTS {table}_fixed ON {table}")
        statements.append(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION consent_fixed()"
        )
    return statements
