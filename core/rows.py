"""The base of every table, and the declaration that each of its columns must carry: identifying, personal or plain."""

from collections.abc import Callable
from typing import TypeVar

from django.db import models

from core.ids import new_id

#: Per model: field name -> 'identifying' (says who someone is), 'personal' (about someone) or 'plain'.
PRIVACY: dict[type[models.Model], dict[str, str]] = {}
CLASSES = ("identifying", "personal", "plain")

AnyModel = TypeVar("AnyModel", bound=type[models.Model])


class Row(models.Model):
    """A table's base: a UUIDv7 key that may be shown in addresses and exports."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
        ordering = ("id",)


def privacy(*, identifying: str = "", personal: str = "", plain: str = "") -> Callable[[AnyModel], AnyModel]:
    """Class decorator: names each field, space-separated, under what it says about a person (`id` is plain).

    A test walks every model and fails on a field that is not declared; the story's last step searches
    every column that is not 'identifying'.
    """

    def note(model: AnyModel) -> AnyModel:
        named = zip(CLASSES, (identifying, personal, plain), strict=True)
        PRIVACY[model] = {"id": "plain"} | {field: kind for kind, fields in named for field in fields.split()}
        return model

    return note
