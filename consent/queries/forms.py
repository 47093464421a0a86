"""Consent forms as their readers may see them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from consent.models import FormVersion
from consent.rules.lifecycle import FormVersionState
from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role


def published_form(programme_id: UUID) -> FormVersion | None:
    """The version that donors of the programme sign now: public, like the programme itself."""
    return _newest(programme_id, state=FormVersionState.PUBLISHED)


def newest_published(programme_id: UUID) -> FormVersion | None:
    """The version that was published last, also where it is offered no longer: the next one is compared with it."""
    return _newest(programme_id, published_at__isnull=False)


def _newest(programme_id: UUID, **which: Any) -> FormVersion | None:
    found = FormVersion.objects.filter(form__programme_id=programme_id, **which).select_related("form__programme")
    return found.order_by("-published_at", "-number").first()


def form_versions(reader: Reader) -> QuerySet[FormVersion]:
    """Every version of the forms of the programmes that `reader` stewards or audits, newest first."""
    mine = programmes(reader, Role.STEWARD, Role.AUDITOR)
    return FormVersion.objects.filter(form__programme__in=mine).select_related("form__programme").order_by("-id")
