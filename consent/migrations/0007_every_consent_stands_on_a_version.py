"""From now on no consent is without its version, and no published version without its change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_fill_what_was_signed")]

    operations = [
        migrations.AlterField(
            model_name="currentconsent",
            name="signed_on",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.formversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", ""), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True), ("change__in", ["first", "minor", "material"])
                    ),
                    _connector="OR",
                ),
                name="published_version_says_its_change",
            ),
        ),
    ]
