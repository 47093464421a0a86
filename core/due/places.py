"""Goes through a table a piece at a time, over many runs and whichever process runs: the place is in the database."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from core.due.models import Place

Found = TypeVar("Found", bound=Model)


def next_piece(name: str, rows: "QuerySet[Found]", size: int) -> list[Found]:
    """The next `size` of the rows by their id; after the last, the first again. `name` says whose place it is.

    Two runs at once may be given the same piece.
    """
    place, _ = Place.objects.get_or_create(name=name)
    ordered = rows.order_by("pk")
    piece = list(ordered.filter(pk__gt=place.after)[:size] if place.after else ordered[:size])
    Place.objects.filter(pk=place.pk).update(after=piece[-1].pk if len(piece) == size else None)
    return piece
