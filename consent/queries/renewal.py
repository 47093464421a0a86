"""Who has to sign again, what is new since they signed, and by when; for the donor, and counted for stewards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from consent.models import CurrentConsent, FormVersion, Signature
from consent.queries.forms import published_form
from consent.rules.lifecycle import ConsentState
from consent.rules.renewal import Change

#: What a signature says that was made because the form had changed.
RENEWAL = "renewal"


@dataclass(frozen=True)
class Renewal:
    """What one donor has to do: sign `version` by `by`; `news` are the versions since theirs, the oldest first."""

    consent: CurrentConsent
    version: FormVersion | None
    by: datetime
    news: list[FormVersion]

    @property
    def is_over(self) -> bool:
        """Whether the day has passed, so that nothing new is done with the gift."""
        return self.by <= timezone.now()


@dataclass(frozen=True)
class Progress:
    """How far donors are with a material version: `due` have time left, `overdue` have none, `signed` are done."""

    due: int
    signed: int
    overdue: int


def renewal_of(donor_id: UUID) -> Renewal | None:
    """What this donor has to sign again, or None."""
    held = CurrentConsent.objects.select_related("signed_on").filter(donor_id=donor_id, state=ConsentState.ACTIVE)
    consent = held.first()
    news = news_since(consent) if consent is not None else []
    dates = [version.renew_by for version in news if version.renew_by is not None]
    if consent is None or not dates:
        return None
    return Renewal(consent, published_form(consent.programme_id), min(dates), news)


def news_since(consent: CurrentConsent) -> list[FormVersion]:
    """The versions that were published after the one that this consent stands on, the oldest first."""
    published = FormVersion.objects.filter(form__programme_id=consent.programme_id, published_at__isnull=False)
    return list(published.filter(published_at__gt=consent.signed_on.published_at).order_by("published_at"))


def not_renewed(version: FormVersion) -> QuerySet[CurrentConsent]:
    """The consents in force that a material version makes due, and that are not signed again yet."""
    if version.change != Change.MATERIAL:
        return CurrentConsent.objects.none()
    return CurrentConsent.objects.filter(
        programme_id=version.form.programme_id,
        state=ConsentState.ACTIVE,
        signed_on__published_at__lt=version.published_at,
    )


def progress_of(version: FormVersion) -> Progress | None:
    """For stewards: how many are due, have signed and are overdue; None for a version that asks nobody."""
    if version.change != Change.MATERIAL or version.renew_by is None:
        return None
    left = not_renewed(version).count()
    again = Signature.objects.filter(
        form_version__form__programme_id=version.form.programme_id,
        form_version__published_at__gte=version.published_at,
        meaning=RENEWAL,
        donor__consent__state=ConsentState.ACTIVE,
    )
    signed = again.values("donor_id").distinct().count()
    is_over = version.renew_by <= timezone.now()
    return Progress(due=0 if is_over else left, signed=signed, overdue=left if is_over else 0)
