"""The signed-in person behind a request, as the actions want them."""

from django.http import HttpRequest

from core.accounts.models import User


def reader(request: HttpRequest) -> User:
    """Who asks; only for views that let nobody in who is not signed in."""
    if not isinstance(request.user, User):
        raise TypeError("this view must ask for a sign-in first")
    return request.user
