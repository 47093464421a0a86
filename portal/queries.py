"""What waits for someone, gathered from every app."""

from consent import queries as consent
from core.accounts.queries import Reader
from core.waiting import Waiting
from curation import queries as curation
from registry import queries as registry
from training_jobs import queries as training_jobs


def waiting(user: Reader) -> list[Waiting]:
    """Everything that waits for `user`, longest first."""
    apps = (consent, registry, curation, training_jobs)
    return sorted((line for app in apps for line in app.waiting(user)), key=lambda line: line.since)
