"""A form's changes and their dates, checks of identity, and what is said on the way to signing."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import consent.models.unsigned
import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0004_public_log_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DonorCheck",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "identity",
                    models.CharField(
                        choices=[
                            ("self_declared", "self_declared"),
                            ("email_confirmed", "email_confirmed"),
                            ("site_in_person", "site_in_person"),
                            ("electronic_id", "electronic_id"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "authority",
                    models.CharField(
                        choices=[
                            ("not_needed", "not_needed"),
                            ("declared", "declared"),
                            ("document_seen", "document_seen"),
                            ("register_asked", "register_asked"),
                        ],
                        default="not_needed",
                        max_length=20,
                    ),
                ),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("checked_by", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Unsigned",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("about", models.UUIDField()),
                ("details", models.JSONField(default=dict)),
                ("choices", models.JSONField(default=dict)),
                ("unfinished", models.JSONField(default=dict)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("expires_at", models.DateTimeField(db_index=True, default=consent.models.unsigned.expiry)),
            ],
        ),
        migrations.AddField(
            model_name="currentconsent",
            name="check_level",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="currentconsent",
            name="signed_on",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.formversion"
            ),
        ),
        migrations.AddField(
            model_name="formversion",
            name="change",
            field=models.CharField(
                blank=True, choices=[("first", "first"), ("minor", "minor"), ("material", "material")], max_length=10
            ),
        ),
        migrations.AddField(
            model_name="formversion",
            name="renew_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="formversion",
            name="summary",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")), fields=("form",), name="one_published_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", "material"), ("renew_by__isnull", False)),
                    models.Q(models.Q(("change", "material"), _negated=True), ("renew_by", None)),
                    _connector="OR",
                ),
                name="material_change_has_a_date",
            ),
        ),
        migrations.AddField(
            model_name="donorcheck",
            name="donor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="consent.donor"
            ),
        ),
        migrations.AddField(
            model_name="unsigned",
            name="form_version",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.formversion"
            ),
        ),
        migrations.AddField(
            model_name="unsigned",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="donorcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("identity__in", ["self_declared", "email_confirmed", "site_in_person", "electronic_id"])
                ),
                name="identity_check_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="donorcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("authority__in", ["not_needed", "declared", "document_seen", "register_asked"])),
                name="authority_check_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="donorcheck",
            constraint=models.UniqueConstraint(fields=("donor", "identity"), name="donor_check_once"),
        ),
        migrations.AddConstraint(
            model_name="unsigned",
            constraint=models.UniqueConstraint(fields=("user", "about"), name="unsigned_once"),
        ),
    ]
