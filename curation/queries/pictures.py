"""Pictures from the review zone, and the tags in their addresses, which change whenever a picture does."""

from enum import StrEnum
from uuid import UUID

from django.utils.crypto import salted_hmac

from core.accounts.queries import Reader, key_of
from core.errors import Missing
from core.storage.models import StoredObject
from core.storage.work import read
from curation.models import Derivation, Probe
from curation.queries.series import series_with_pictures
from curation.rules.lifecycle import ProbeState
from curation.rules.thumbnails import thumbnail

TAG_DIGITS = 16


class Picture(StrEnum):
    """Which picture of an image."""

    AFTER = "after"  # as it would be kept
    BEFORE = "before"  # before anything in it was blanked


def tag_of(thing: UUID | None) -> str:
    """A word for a picture's object, which without the portal's key says nothing about it."""
    return salted_hmac("curation.pictures", str(thing), algorithm="sha256").hexdigest()[:TAG_DIGITS]


def picture_of(
    user: Reader, derivation_id: UUID, *, which: Picture = Picture.AFTER, tag: str = "", small: bool = False
) -> bytes:
    """The PNG of one cleaned image; raises Missing where it is not for this reader, or erased.

    Where writing was planted in it for this reader, and `tag` is that picture's, it is the planted one.
    """
    seen = Derivation.objects.filter(pk=derivation_id, series__in=series_with_pictures(user).values("pk"))
    found = seen.select_related("render", "before").first()
    stored = found and (found.before if which is Picture.BEFORE else _planted(user, found, tag) or found.render)
    if not stored:
        raise Missing("There is no such picture.")
    png = read(stored)
    return thumbnail(png) if small else png


def _planted(user: Reader, image: Derivation, tag: str) -> StoredObject | None:
    mine = Probe.objects.filter(derivation=image, curator_id=key_of(user), state=ProbeState.READY)
    return next((probe.render for probe in mine.select_related("render") if tag_of(probe.render_id) == tag), None)
