"""What every page is given: the navigation for the person's roles."""

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, object]:
    """The links in the header, by role."""
    return {"navigation": []}
