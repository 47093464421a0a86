"""A clock that goes on from the real one and can be moved: days pass, and nobody waits for them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone


class Clock:
    """What Django's clock says while `patches` last; it never goes back, and no two askings share a moment."""

    def __init__(self, patches: pytest.MonkeyPatch) -> None:
        self._real, self._ahead = timezone.now, timedelta()
        patches.setattr(timezone, "now", self.now)

    def now(self) -> datetime:
        """The real time, and what was passed over."""
        return self._real() + self._ahead

    def move_on(self, **much: float) -> None:
        """So much time passes, in the units of a timedelta."""
        self._ahead += timedelta(**much)
