"""How often somebody wants to hear news, and what holds where they never said."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Pace(StrEnum):
    """How often."""

    EACH = "each"
    WEEKLY = "weekly"  # all news of a week in one message
    NONE = "none"


@dataclass(frozen=True)
class Wanted:
    """What somebody wants: how often, and whether an e-mail says that there is something to read."""

    pace: Pace = Pace.WEEKLY
    by_mail: bool = True

    @property
    def patience(self) -> timedelta:
        """For how long news wait for others, to be told together."""
        return WEEK if self.pace is Pace.WEEKLY else timedelta(0)


WEEK: Final = timedelta(days=7)
