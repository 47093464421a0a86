"""A donation that is under way."""

import pytest

from core.accounts.models import Programme
from registry.actions import parts
from registry.models import Donation
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.sent import PIECE


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation that has just begun."""
    return make.donation(consent.donor(programme), 0, submitted=False)


@pytest.fixture
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few bytes."""
    monkeypatch.setattr(parts, "PART", PIECE)
