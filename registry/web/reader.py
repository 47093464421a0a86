"""The signed-in person behind a request, and which thing of several they chose."""

from uuid import UUID

from django.http import HttpRequest

from core.accounts.models import User
from core.errors import Missing


def reader(request: HttpRequest) -> User:
    """Who asks; only for views that let nobody in who is not signed in."""
    if not isinstance(request.user, User):
        raise TypeError("this view must ask for a sign-in first")
    return request.user


def chosen(request: HttpRequest, name: str) -> UUID:
    """The id that was posted under `name`; raises Missing for what is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Missing("There is nothing like that here.") from None
