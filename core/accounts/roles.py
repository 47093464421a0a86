"""The roles that people hold in a programme, and the scopes that a token may carry. Plain Python."""

from enum import StrEnum


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
    Role.DONOR: "donor",
    Role.RESEARCHER: "researcher",
    Role.CURATOR: "curator",
    Role.COMMITTEE: "access committee member",
    Role.JOB_REVIEWER: "job and output reviewer",
    Role.STEWARD: "data steward",
    Role.AUDITOR: "auditor",
}


class Scope(StrEnum):
    """What a token lets a program do; it never does more than its owner may."""

    CONSENTS = "consents"  # read one's own consents
    DONATIONS = "donations"  # upload and read one's own donations
    REQUESTS = "requests"  # ask for access and read one's own requests
    JOBS = "jobs"  # submit and read one's own jobs
    RESULTS = "results"  # read released results
    STOW = "stow"  # send images into the one donation that the token is bound to, and nothing else
