"""What the database itself refuses: a published version that is changed; what was signed, changed or deleted."""

from typing import Any, Final

from django.db import connections

from core.append_only import Guard

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
#: Tables in which rows are only ever put. Unlike the log's own guards these are made anew after every migration.
GUARDS: Final = (
    Guard(
        "consent_signature",
        (
            "id",
            "donor_id",
            "form_version_id",
            "language",
            "text_sha256",
            "choices",
            "choices_sha256",
            "meaning",
            "name_commitment",
            "signed_at",
        ),
    ),
    Guard(
        "consent_consentevent",
        ("id", "donor_id", "kind", "terms_id", "signature_id", "effective_at", "recorded_at", "recorded_by"),
    ),
    Guard(
        "consent_donorcheck",
        ("id", "donor_id", "identity", "authority", "checked_at", "checked_by"),
        unique=("id", ("donor_id", "identity")),
    ),
    Guard("consent_minimumcheck", ("id", "programme_id", "identity", "since", "decided_by")),
    Guard("consent_termsrow", ("id", "digest", "canonical"), unique=("id", "digest")),
)


def install(using: str = "default", **_: Any) -> None:
    """Makes the triggers anew after every migration, for SQLite loses them when it remakes a table."""
    connection = connections[using]
    make = {"sqlite": _sqlite, "postgresql": _postgresql}.get(connection.vendor)
    if make is None or "consent_formversion" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)
        for guard in GUARDS:
            earlier = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.table}_fixed{earlier}")
            for statement in (*guard.drop(connection.vendor), *guard.create(connection.vendor)):
                cursor.execute(statement)


def _sqlite() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FIXED)
    return [
        "DROP TRIGGER IF EXISTS consent_formversion_fixed",
        "CREATE TRIGGER consent_formversion_fixed BEFORE UPDATE ON consent_formversion "
        f"WHEN OLD.state <> 'draft' AND ({changed}) "
        "BEGIN SELECT RAISE(ABORT, 'consent_formversion is fixed'); END",
    ]


def _postgresql() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FIXED)
    return [
        "CREATE OR REPLACE FUNCTION consent_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is fixed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "DROP TRIGGER IF EXISTS consent_formversion_fixed ON consent_formversion",
        "CREATE TRIGGER consent_formversion_fixed BEFORE UPDATE ON consent_formversion FOR EACH ROW "
        f"WHEN (OLD.state <> 'draft' AND ({changed})) EXECUTE FUNCTION consent_fixed()",
    ]
