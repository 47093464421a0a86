"""Says of each published version how it differed, and of each consent which version it stands on and its first check."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

from core.ids import new_id


def fill(apps, schema_editor):
    FormVersion = apps.get_model("consent", "FormVersion")
    CurrentConsent = apps.get_model("consent", "CurrentConsent")
    Signature = apps.get_model("consent", "Signature")
    DonorCheck = apps.get_model("consent", "DonorCheck")
    seen = set()
    # Nobody was asked to sign again before, so every earlier change counts as minor.
    for version in FormVersion.objects.exclude(state="draft").order_by("published_at", "number"):
        change = "minor" if version.form_id in seen else "first"
        FormVersion.objects.filter(pk=version.pk).update(change=change)
        seen.add(version.form_id)
    newest = Signature.objects.filter(donor_id=OuterRef("donor_id")).order_by("-id").values("form_version_id")[:1]
    CurrentConsent.objects.filter(signed_on=None).update(signed_on_id=Subquery(newest))
    consents = CurrentConsent.objects.values_list("donor_id", "donor__joined_at")
    DonorCheck.objects.bulk_create(
        [
            DonorCheck(
                id=new_id(),
                donor_id=donor_id,
                identity="self_declared",
                checked_at=joined_at,
                checked_by="system:migration",
            )
            for donor_id, joined_at in consents
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_renewals_checks_and_unsigned")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
