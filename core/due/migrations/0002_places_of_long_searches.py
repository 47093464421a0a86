from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("due", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, unique=True)),
                ("after", models.UUIDField(null=True)),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
            },
        ),
    ]
