"""A registry older than its public log: events get leaves in the order of their chain, receipts their entries."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.audit.models import Event, SignedHead
from core.audit.work import event_digest, seal
from core.ids import new_id

pytestmark = [pytest.mark.nightly, pytest.mark.django_db(transaction=True)]
BEFORE = [("consent", "0001_initial"), ("audit", "0001_initial"), ("accounts", "0001_initial")]
AT = datetime(2026, 1, 1, tzinfo=UTC)


def migrate(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def said(event: Any) -> Any:
    """An event as the chain takes it."""
    from core.audit.leaves import texts

    return texts(event)


def test_an_older_registry_gets_its_tree_and_its_receipts(transactional_db: None) -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        apps = migrate(BEFORE)
        signatures = fill(apps)
    finally:
        migrate(newest)
        call_command("migrate", verbosity=0)  # as whoever runs the registry does it: guards are set up at its end
    from consent.models import LogEntry

    old = list(Event.objects.filter(sequence__isnull=False).order_by("sequence"))
    assert [event.sequence for event in old] == list(range(1, 601))
    assert len({bytes(event.salt) for event in Event.objects.all()}) == Event.objects.count()
    while seal():
        pass
    call_command("verify_audit", stdout=StringIO())
    head = SignedHead.objects.first()
    assert head is not None
    assert head.size == Event.objects.count() == 603
    tied = dict(LogEntry.objects.values_list("signature_id", "event_id"))
    assert {key: Event.objects.get(pk=event_id).verb for key, event_id in tied.items()} == signatures


def fill(apps: Any) -> dict[UUID, str]:
    """600 sealed events, 3 that wait, and a donor with two signatures."""
    event, chain = apps.get_model("audit", "Event"), apps.get_model("audit", "ChainHead")
    programme = apps.get_model("accounts", "Programme").objects.create(slug="old", name="Old")
    donor = apps.get_model("consent", "Donor").objects.create(programme=programme)
    form = apps.get_model("consent", "Form").objects.create(programme=programme, slug="main", created_by="user:x")
    version = apps.get_model("consent", "FormVersion").objects.create(
        form=form, number=1, content={}, text_sha256="0" * 64, created_by="user:x"
    )
    digest, made = "0" * 64, []
    verbs = {10: "consent.signed", 300: "consent.changed"}
    for place in range(1, 604):
        row = event(
            id=new_id(), at=AT + timedelta(seconds=place), actor="system:test", verb=verbs.get(place, "test.done"),
            subject_type="consent.donor", subject_id=donor.id if place in verbs else new_id(), data="{}",
        )  # fmt: skip
        if place <= 600:
            digest = event_digest(digest, place, said(row))
            row.sequence, row.digest = place, digest
        made.append(row)
    event.objects.bulk_create(made)
    chain.objects.create(name="events", sequence=600, digest=digest)
    signature = apps.get_model("consent", "Signature").objects
    common = {"donor": donor, "form_version": version, "language": "en-gb", "text_sha256": "0" * 64, "choices": {}}
    both = [
        signature.create(id=new_id(), choices_sha256="0" * 64, name_commitment="0" * 64, **common) for _ in range(2)
    ]
    return dict(zip([each.id for each in both], verbs.values(), strict=True))
