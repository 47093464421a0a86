"""A published form never changes; publishing another says what changed, and for whom it matters."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from consent import actions, queries
from consent.models import FormVersion
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from core.accounts.models import Programme
from core.errors import Conflict, Invalid
from tests.factories import consent as make
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.renewing import material, reworded

pytestmark = pytest.mark.django_db


def test_a_published_version_is_fixed_in_the_model_and_in_the_database(programme: Programme) -> None:
    version = make.form(programme)
    version.content = {"title": "Another"}
    with pytest.raises(Conflict):
        version.save()
    for column, value in {
        "content": {},
        "text_sha256": "0" * 64,
        "language": "de",
        "number": 9,
        "summary": "x",
        "published_at": timezone.now(),
    }.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            FormVersion.objects.filter(pk=version.pk).update(**{column: value})
    version.refresh_from_db()
    assert version.content == default_content()


def test_a_published_version_is_neither_deleted_nor_made_a_draft_again(programme: Programme) -> None:
    version = make.form(programme)
    table = "consent_formversion"
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET state = 'draft', change = '', published_at = NULL"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=make.steward(programme))
    assert set(FormVersion.objects.all()) == {version, draft}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_formversion WHERE state = 'draft'")
    assert FormVersion.objects.get() == version


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows REPLACE")
@pytest.mark.parametrize("other", ["id", "replace(id, substr(id, 1, 4), 'ffff')"])
@pytest.mark.parametrize("number", ["number", "number + 1"])
def test_a_published_version_is_not_replaced_by_another(programme: Programme, other: str, number: str) -> None:
    version = make.form(programme)
    names = [field.column for field in FormVersion._meta.concrete_fields]
    read = {"id": other, "number": number, "text_sha256": "'forged'"}
    values = ", ".join(read.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    statement = f"INSERT OR REPLACE INTO consent_formversion ({columns}) SELECT {values} FROM consent_formversion"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert FormVersion.objects.get().text_sha256 == version.text_sha256


def test_signatures_events_and_checks_are_fixed_in_the_database(programme: Programme) -> None:
    donor = make.donor(programme)
    for rows, column in ((donor.signatures, "meaning"), (donor.events, "recorded_by"), (donor.checks, "identity")):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**{column: "eid"})
        table = rows.model._meta.db_table
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # a table of ours
        assert rows.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows REPLACE")
def test_a_check_is_not_replaced_by_another(programme: Programme) -> None:
    make.donor(programme)
    again = "SELECT replace(id, substr(id, 1, 4), 'ffff'), donor_id, identity, authority, checked_at, 'other'"
    columns = "(id, donor_id, identity, authority, checked_at, checked_by)"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO consent_donorcheck {columns} {again} FROM consent_donorcheck")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "change"),
        ({"change": Change.MINOR, "summary": "A sentence is clearer."}, "change"),  # a choice is new
        ({"change": Change.MATERIAL}, "summary"),
        ({"change": Change.MATERIAL, "summary": "A choice is new.", "days": 13}, "days"),
        ({"change": Change.MATERIAL, "summary": "A choice is new.", "days": 5000}, "days"),
        ({"change": Change.FIRST, "summary": "A choice is new."}, "change"),
    ],
)
def test_publishing_asks_what_changed_and_insists(programme: Programme, asked: dict, field: str) -> None:
    first, by = make.form(programme), make.steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=by)
    with pytest.raises(Invalid) as refusal:
        actions.publish_form(version=draft, by=by, **asked)
    assert field in refusal.value.fields
    assert queries.published_form(programme.pk) == first


def test_the_programmes_minimum_holds_and_a_steward_sets_it(programme: Programme) -> None:
    make.form(programme)
    actions.set_programme(programme=programme, by=make.steward(programme), renewal_days=90)
    with pytest.raises(Invalid, match="from 90 to"):
        material(programme, days=60)
    assert material(programme, days=90).renew_by is not None


def test_an_older_draft_is_not_published_over_a_newer_version(programme: Programme) -> None:
    make.form(programme)
    by = make.steward(programme)
    old = actions.draft_form(programme=programme, slug="main", content=default_content(), by=by)
    make.next_form(programme)
    with pytest.raises(Conflict, match="later version"):
        actions.publish_form(version=old, by=by, change=Change.MINOR, summary="An older text comes back.")


def test_publishing_on_the_page_insists_and_keeps_what_was_typed(programme: Programme) -> None:
    make.form(programme)
    by = make.steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=by)
    client, address = signed_in(by), f"/staff/forms/{draft.pk}/publish/"
    assert "ancestors came from” is new." in text_of(client.get(address))
    page = text_of(client.post(address, {"change": "minor", "summary": "Typed with care.", "days": "60"}))
    assert "because the choices are not the same" in page
    assert "Typed with care." in page
    assert "Say whether donors have to sign again." in text_of(client.post(address, {}))
    client.post(address, {"change": "material", "summary": "Typed with care.", "days": "60"})
    draft.refresh_from_db()
    assert (draft.state, draft.change) == ("published", "material")
