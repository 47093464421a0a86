"""The text of terms that donors signed is never changed; where it was, it permits nothing, and stewards are told."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from consent import queries, work
from consent.models import Donor, TermsRow
from consent.models.guards import GUARDS
from core.accounts.models import Programme
from core.audit.models import LogAlarm
from tests.factories import consent as make
from tests.ground.guards import unguarded
from tests.integration.consent.renewing import UNIVERSITY

pytestmark = pytest.mark.django_db

TERMS = next(guard for guard in GUARDS if guard.table == "consent_termsrow")


def rewrite(canonical: str, row: TermsRow) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consent_termsrow SET canonical = %s WHERE digest = %s",
            [canonical, row.digest],
        )


def test_the_database_refuses_other_words_for_terms(programme: Programme) -> None:
    make.donor(programme)
    for statement in ("UPDATE consent_termsrow SET canonical = '{}'", "DELETE FROM consent_termsrow"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_changed_terms_permit_nothing_and_are_told_of(programme: Programme) -> None:
    cache.clear()
    donor, use = make.donor(programme), UNIVERSITY
    row = TermsRow.objects.get(pk=donor.consent.terms_id)
    assert queries.verdict_for(donor.pk, use).allowed
    wider = row.canonical.replace("}]}", "}]} ")
    with unguarded(TERMS):
        rewrite(wider, row)
    assert not queries.verdict_for(donor.pk, use).allowed
    assert not queries.permitted(use, programme_id=programme.pk).exists()
    assert queries.counts(use, Donor.objects.all(), programme_id=programme.pk) == (0, 1)
    work.look_at_receipts()
    assert LogAlarm.objects.filter(code="terms", subject=str(row.pk), cleared_at=None).count() == 1
    with unguarded(TERMS):
        rewrite(row.canonical, row)
    work.look_at_receipts()
    assert not LogAlarm.objects.filter(code="terms", cleared_at=None).exists()
    assert queries.verdict_for(donor.pk, use).allowed
