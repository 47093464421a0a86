"""Evidence of consent is never cascaded away: asked of the database itself, past Django's own deletion rules."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from consent.models import ConsentEvent, CurrentConsent, Donor, DonorCheck, FormVersion, Person, Signature
from consent.rules.form_content import content_digest
from core.accounts.models import Programme
from core.canonical import digest_of
from tests.factories import consent as make

pytestmark = pytest.mark.django_db
EVIDENCE = (Signature, ConsentEvent, CurrentConsent, DonorCheck, FormVersion)


def delete(table: str, key: object) -> None:
    """DELETE by plain SQL, with every deferred constraint looked at before it may stay."""
    with transaction.atomic(), connection.cursor() as cursor:
        value = key.hex if connection.vendor == "sqlite" else key  # type: ignore[attr-defined]  # a UUID
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [value])
        assert cursor.rowcount == 1
        connection.check_constraints()


def test_no_delete_of_what_a_signature_stands_on_passes_the_database(programme: Programme) -> None:
    donor = make.donor(programme)
    signature = donor.signatures.get()
    user = donor.person.user
    for thing in (
        donor,
        signature,
        donor.events.get(),
        donor.consent.terms,
        signature.form_version,
        signature.form_version.form,
        programme,
        user,
    ):
        with pytest.raises(DatabaseError):
            delete(thing._meta.db_table, thing.pk)
    assert Signature.objects.filter(pk=signature.pk).exists()


def test_the_schema_itself_has_no_cascade_into_evidence() -> None:
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model not in EVIDENCE:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA foreign_key_list({model._meta.db_table})")
                found = [row[6] for row in cursor.fetchall()]
            else:
                cursor.execute(
                    "SELECT confdeltype FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
                    [model._meta.db_table],
                )
                found = [{"a": "NO ACTION", "r": "RESTRICT"}.get(row[0], row[0]) for row in cursor.fetchall()]
            assert found
            assert set(found) <= {"NO ACTION", "RESTRICT"}, model


def test_erasing_who_it_was_leaves_what_was_signed(programme: Programme) -> None:
    donor = make.donor(programme)
    Person.objects.filter(donor=donor).delete()
    signature = Signature.objects.get(donor=donor)
    assert Donor.objects.filter(pk=donor.pk).exists()
    assert signature.text_sha256 == content_digest(signature.form_version.content)


def test_a_signature_says_who_when_what_it_means_and_the_digests_of_what_was_shown(programme: Programme) -> None:
    donor = make.donor(programme, train_models=False)
    signature = donor.signatures.get()
    assert (signature.donor, signature.meaning, signature.language) == (donor, "consent", "en")
    assert signature.text_sha256 == content_digest(signature.form_version.content)
    assert signature.choices_sha256 == digest_of(signature.choices)
    assert signature.signed_at is not None
