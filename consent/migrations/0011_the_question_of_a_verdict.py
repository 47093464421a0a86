"""A verdict is kept by the question that was put: a use, with what was decided of it for one request."""

from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """Until now every question was a use alone."""
    apps.get_model("consent", "UseVerdict").objects.update(question_digest=F("use_digest"))


def forget_earlier_triggers(apps, schema_editor):
    """Those that were called so before there was one kind of guard for all tables."""
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in ("consent_signature", "consent_consentevent", "consent_donorcheck", "consent_formversion"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_fixed" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION IF EXISTS consent_fixed()")


class Migration(migrations.Migration):
    dependencies = [("consent", "0010_opening_locked_identities")]

    operations = [
        migrations.RunPython(forget_earlier_triggers, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="useverdict", name="verdict_once"),
        migrations.AddField(
            model_name="useverdict",
            name="question_digest",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="useverdict",
            constraint=models.UniqueConstraint(
                fields=("terms", "question_digest", "rules_version", "day"), name="verdict_once"
            ),
        ),
    ]
