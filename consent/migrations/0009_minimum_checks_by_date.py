"""What each programme asked of identity checks, by date: read from what the audit trail says of its settings."""

import json

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

import core.ids

CHECKS = ["self_declared", "email_confirmed", "site_in_person", "electronic_id"]


def fill(apps, schema_editor):
    Programme = apps.get_model("accounts", "Programme")
    Event = apps.get_model("audit", "Event")
    MinimumCheck = apps.get_model("consent", "MinimumCheck")
    for programme in Programme.objects.all():
        asked = CHECKS[0]
        changes = Event.objects.filter(verb="programme.changed", subject_id=programme.pk).order_by("id")
        told = [(json.loads(event.data).get("minimum_check", ""), event.at, event.actor) for event in changes]
        # What holds now stands at the end, also where the trail does not say since when.
        for identity, since, decided_by in [*told, (programme.minimum_check, timezone.now(), "system:migration")]:
            if identity in CHECKS and identity != asked:
                asked = identity
                MinimumCheck.objects.create(
                    programme_id=programme.pk, identity=identity, since=since, decided_by=decided_by
                )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_language_to_write_in"),
        ("audit", "0002_the_public_log"),
        ("consent", "0008_kinds_of_withdrawal"),
    ]

    operations = [
        migrations.CreateModel(
            name="MinimumCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "identity",
                    models.CharField(choices=[(check, check) for check in CHECKS], max_length=20),
                ),
                ("since", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=80)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
                    ),
                ),
            ],
            options={"ordering": ("since", "id")},
        ),
        migrations.AddConstraint(
            model_name="minimumcheck",
            constraint=models.CheckConstraint(condition=models.Q(("identity__in", CHECKS)), name="minimum_check_known"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
