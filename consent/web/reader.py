"""Who is reading, and which programme an address means."""

from django.http import HttpRequest

from core.accounts.models import Programme, User
from core.accounts.queries import open_programmes
from core.errors import Missing


def reader(request: HttpRequest) -> User:
    """The signed-in user; views that call it require signing in."""
    if not isinstance(request.user, User):
        raise Missing("There is nothing here for someone who is not signed in.")
    return request.user


def programme_at(slug: str) -> Programme:
    """The open programme at an address; raises Missing for a closed or unknown one."""
    programme = open_programmes().filter(slug=slug).first()
    if programme is None:
        raise Missing("There is no such programme here.")
    return programme
