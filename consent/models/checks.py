"""How it was checked who a donor is, and what their programme asked for: rows that are appended and never changed."""

from django.db import models
from django.utils import timezone

from consent.models.donors import Donor
from core.accounts.checks import AuthorityCheck, IdentityCheck
from core.rows import Row, privacy


@privacy(personal="donor", plain="identity authority checked_at checked_by")
class DonorCheck(Row):
    """One check of a donor's identity, and of their authority where they sign for another; it says who checked."""

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="checks")
    identity = models.CharField(max_length=20, choices=[(c.value, c.value) for c in IdentityCheck])
    authority = models.CharField(
        max_length=20, choices=[(c.value, c.value) for c in AuthorityCheck], default=AuthorityCheck.NOT_NEEDED.value
    )
    checked_at = models.DateTimeField(default=timezone.now)
    checked_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(identity__in=[c.value for c in IdentityCheck]), name="identity_check_known"
            ),
            models.CheckConstraint(
                condition=models.Q(authority__in=[c.value for c in AuthorityCheck]), name="authority_check_known"
            ),
            models.UniqueConstraint(fields=["donor", "identity"], name="donor_check_once"),
        ]


@privacy(plain="programme identity since decided_by")
class MinimumCheck(Row):
    """What a programme asks of identity checks from a moment on, until its next row; before the first it asks nothing.

    `Programme.minimum_check` says what holds now; both are written by one action.
    """

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=20, choices=[(c.value, c.value) for c in IdentityCheck])
    since = models.DateTimeField()
    decided_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(identity__in=[c.value for c in IdentityCheck]), name="minimum_check_known"
            ),
        ]
