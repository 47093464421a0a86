"""Who is asking, for views that require signing in."""

from django.http import HttpRequest

from core.accounts.models import User
from core.errors import Missing


def reader(request: HttpRequest) -> User:
    """The signed-in user; views that call it require signing in."""
    if not isinstance(request.user, User):
        raise Missing("There is nothing here for someone who is not signed in.")
    return request.user
