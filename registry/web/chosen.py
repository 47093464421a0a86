"""Which thing of several was chosen in a form."""

from uuid import UUID

from django.http import HttpRequest

from core.errors import Missing


def chosen(request: HttpRequest, name: str) -> UUID:
    """The id that was posted under `name`; raises Missing for what is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Missing("There is nothing like that here.") from None
