"""Derivations say which new UIDs of their study's images their references were compared with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curation", "0008_pixel_work")]

    operations = [
        migrations.AddField("derivation", "led_to", models.CharField(blank=True, default="", max_length=64), False),
    ]
