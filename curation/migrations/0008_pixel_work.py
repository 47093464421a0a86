"""Derivations say what they were before pixels changed, and by which rules these did."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def as_cleaned(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now no pixel was ever changed."""
    derivations = apps.get_model("curation", "Derivation").objects.using(schema_editor.connection.alias)
    derivations.update(cleaned_uid=models.F("sop_uid"), cleaned_sha256=models.F("output_sha256"))


class Migration(migrations.Migration):
    dependencies = [("curation", "0007_readings_and_planted_writing")]

    operations = [
        migrations.AddField("derivation", "cleaned_sha256", models.CharField(default="", max_length=64), False),
        migrations.AddField(
            "derivation", "pixel_rules", models.CharField(blank=True, default="", max_length=64), False
        ),
        migrations.AddField("derivation", "cleaned_uid", models.CharField(default="", max_length=64), False),
        migrations.RunPython(as_cleaned, migrations.RunPython.noop),
        migrations.AddIndex(
            "derivation", models.Index(fields=["domain", "cleaned_uid"], name="derivation_by_cleaned_uid")
        ),
    ]
