"""Which programme an address means."""

from core.accounts.models import Programme
from core.accounts.queries import open_programmes
from core.errors import Missing


def programme_at(slug: str) -> Programme:
    """The open programme at an address; raises Missing for a closed or unknown one."""
    programme = open_programmes().filter(slug=slug).first()
    if programme is None:
        raise Missing("There is no such programme here.")
    return programme
