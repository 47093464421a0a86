"""Images in a version with a signed grant, one of which is reported: what tests of reports begin with."""

from typing import Any

from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.notifications.models import Notice
from registry import actions
from registry.models import IdentityReport, Image
from registry.rules.recall import Where
from tests.factories import consent, core
from tests.factories import registry as make


class World:
    """Two donors' images in one version with a signed grant; the first donor's are one series of two images."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.donor, self.other = consent.donor(programme), consent.donor(programme)
        self.images = make.images(self.donor, 2, series_uid="2.25.7001")
        self.kept = make.images(self.other, 1)
        self.dataset = make.dataset(programme)
        self.version = make.version(self.dataset)
        self.grant = make.grant(self.version)
        self.steward = core.user(programme, Role.STEWARD)
        self.curator = core.user(programme, Role.CURATOR)

    def report(self, by: Any = None, **told: Any) -> IdentityReport:
        """A report on the first image, by its digest."""
        where = told.pop("where", Where(sha256=self.images[0].sha256))
        plain: dict[str, Any] = {"seen": "name", "description": "White letters at the top left."}
        return actions.report_identity(
            programme=self.programme, where=where, by=by or self.grant.researcher, **plain | told
        )

    def states(self) -> list[str]:
        """The states of the first donor's images."""
        return list(Image.objects.filter(donor=self.donor).order_by("pk").values_list("state", flat=True))


def told(user: User) -> list[str]:
    """The titles of a user's notices."""
    return list(Notice.objects.filter(user=user).values_list("title", flat=True))
