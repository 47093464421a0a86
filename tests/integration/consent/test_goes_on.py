"""What a change is said to leave going on is what the rules leave going on, on the day and by the diseases known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent import queries
from consent.models import Disease, Ontology
from consent.rules.effects import CHOICES, Change
from consent.rules.grammar import parse
from consent.rules.use import Use

pytestmark = pytest.mark.django_db
CANCER, RARE = "MONDO:0004992", "MONDO:9999999"


def after(**option: object) -> Change:
    """A change after which these terms hold."""
    return Change(CHOICES, parse({"alternatives": [option]}))


def test_diseases_that_were_loaded_count() -> None:
    change, use = after(permission="DS", diseases=[CANCER]), Use(diseases=(RARE,))
    assert not queries.goes_on(change, use)
    ontology = Ontology.objects.create(digest="0" * 64, size=1)
    Disease.objects.create(ontology=ontology, code=RARE, label="a rare cancer", parents=CANCER)
    assert queries.goes_on(change, use)


def test_a_time_limit_that_has_passed_counts() -> None:
    today = timezone.now().date()
    for days, holds in ((1, True), (0, True), (-1, False)):
        limit = {"code": "TS", "value": (today + timedelta(days=days)).isoformat()}
        assert queries.goes_on(after(permission="GRU", modifiers=[limit]), Use(hmb=True)) is holds
