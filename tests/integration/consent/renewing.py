"""A form that changed, and time that passes since."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from consent.models import Donor, FormVersion
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from consent.rules.use import Organisation, Use
from core.accounts.models import Programme
from tests.factories import consent as make

UNIVERSITY = Use(hmb=True, train_model=True, commercial=False, org=Organisation.NONPROFIT, share_weights=False)


def reworded() -> dict[str, Any]:
    """The default form with one choice more."""
    content = default_content()
    extra = {"code": "ancestry", "label": "Research into where people's ancestors came from", "help": "About origins."}
    content["choices"].insert(3, {**extra, "kind": "permission", "term": "POA"})
    return content


def material(programme: Programme, days: int = 60) -> FormVersion:
    return make.next_form(programme, reworded(), change=Change.MATERIAL, days=days)


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """So many days from now, for whatever asks Django's clock."""
    at = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: at)


def name_of(donor: Donor) -> str:
    return f"Ada {donor.person.family_name}"
