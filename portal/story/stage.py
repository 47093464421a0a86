"""What passes from chapter to chapter of the story."""

from dataclasses import dataclass, field
from uuid import UUID

import urllib3

from core.accounts.models import User
from portal.story.browser import Browser
from portal.story.cast import Cast
from portal.story.cohort import PlantedValue
from portal.story.telling import Teller

NONE_YET = UUID(int=0)


@dataclass
class Stage:
    """The teller, the cast, where the portal answers, and what earlier chapters left for later ones."""

    teller: Teller
    cast: Cast
    origin: str
    donors: int = 300
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=8))
    #: Values of real files and of the relative's CD, to be searched for besides the cohort's own.
    extra_values: list[PlantedValue] = field(default_factory=list)
    #: What the curator will see in a donor's slices, by donor.
    lesions: dict[UUID, bool] = field(default_factory=dict)
    #: Donations of real files, on which no lesion was painted: the curator notes nothing there.
    real_donations: set[UUID] = field(default_factory=set)
    #: How many series' pages the curator has opened.
    looked_at: int = 0
    version_id: UUID = NONE_YET
    grant_id: UUID = NONE_YET
    job_id: UUID = NONE_YET

    def browser(self, user: User) -> Browser:
        """A browser in which `user` is signed in."""
        return Browser(self.origin, user, self.pool)
