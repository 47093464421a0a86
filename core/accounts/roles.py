"""The roles that people hold in a programme, and the scopes that a token may carry. Plain Python."""

from enum import StrEnum

from core.texts import Filled
from core.texts import gettext_noop as _


class Role(StrEnum):
    """What someone does in a programme; a person may hold several."""

    DONOR = "donor"
    RESEARCHER = "researcher"
    CURATOR = "curator"
    COMMITTEE = "committee"
    JOB_REVIEWER = "job_reviewer"
    STEWARD = "steward"
    AUDITOR = "auditor"


STAFF = frozenset({Role.CURATOR, Role.COMMITTEE, Role.JOB_REVIEWER, Role.STEWARD, Role.AUDITOR})

ROLE_WORDS = {
    Role.DONOR: _("donor"),
    Role.RESEARCHER: _("researcher"),
    Role.CURATOR: _("curator"),
    Role.COMMITTEE: _("access committee member"),
    Role.JOB_REVIEWER: _("job and output reviewer"),
    Role.STEWARD: _("data steward"),
    Role.AUDITOR: _("auditor"),
}
_ONE = {
    Role.DONOR: _("a donor"),
    Role.RESEARCHER: _("a researcher"),
    Role.CURATOR: _("a curator"),
    Role.COMMITTEE: _("an access committee member"),
    Role.JOB_REVIEWER: _("a job and output reviewer"),
    Role.STEWARD: _("a data steward"),
    Role.AUDITOR: _("an auditor"),
}


def only_these(*roles: Role) -> Filled:
    """The sentence that refuses something to whoever holds none of these roles, of which there is one at least."""
    first, *others = roles
    said = Filled(_ONE[first])
    for role in others:
        said = Filled(_("{this} or {that}"), this=said, that=Filled(_ONE[role]))
    return Filled(_("Only {roles} of this programme can do this."), roles=said)


class Scope(StrEnum):
    """What a token lets a program do; it never does more than its owner may."""

    CONSENTS = "consents"  # read one's own consents
    DONATIONS = "donations"  # upload and read one's own donations
    REQUESTS = "requests"  # ask for access and read one's own requests
    JOBS = "jobs"  # submit and read one's own jobs
    RESULTS = "results"  # read released results
    STOW = "stow"  # send images into the one donation that the token is bound to, and nothing else
