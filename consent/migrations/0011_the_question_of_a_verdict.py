"""A verdict is kept by the question that was put: a use, with what was decided of it for one request."""

from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """Until now every question was a use alone."""
    apps.get_model("consent", "UseVerdict").objects.update(question_digest=F("use_digest"))


class Migration(migrations.Migration):
    dependencies = [("consent", "0010_opening_locked_identities")]

    operations = [
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
