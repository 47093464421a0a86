"""Reads stored objects again and again, the longest unread first, and tells stewards of those that are damaged."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from core.accounts.queries import members
from core.accounts.roles import Role
from core.due.crews import Crew
from core.due.kinds import kind
from core.due.queue import ask_missing
from core.errors import Missing
from core.notifications.send import notify
from core.storage import sealed
from core.storage.models import StoredObject
from core.storage.roles import May, may
from core.storage.roles import Role as Process
from core.storage.store import NoSuchObject
from core.storage.zones import Damage, ObjectState, Zone
from core.texts import gettext_noop as _

#: The most bytes that one turn reads, but for an object that is larger by itself.
TURN_BYTES: Final = 256 << 20
TURN_OBJECTS: Final = 500
PAUSE: Final = timedelta(minutes=1)
#: Nothing is read again sooner, so that a small store is not read all day.
AGAIN: Final = timedelta(days=7)
#: What did not fit is looked at once more after this long: it may have been erased at that very moment.
DOUBT: Final = timedelta(minutes=30)
#: Each search has one subject, which stands for it.
ALL: Final = UUID(int=0)
#: What a cleaner may read, which is all that may be a donor's, and the rest, which a runner reads.
DONORS: Final = frozenset(zone for zone in Zone if may(Process.CLEANER, zone, May.READ))
RESULTS: Final = frozenset(Zone) - DONORS
#: What was found twice, and is not doubted any more.
KNOWN: Final = (Damage.CHANGED, Damage.GONE)
TITLE: Final = _("A stored file is damaged or lost")
BODY: Final = _(
    "The registry read a stored file again, and its bytes are not the ones that were written, or are gone. It is not "
    "given out any more. Ask those who look after the registry to bring it back from a copy: "
    "manage.py check_store names it."
)


def check_donors(_subject: UUID = ALL) -> datetime:
    """One turn over what may be a donor's."""
    return check(DONORS)


def check_results(_subject: UUID = ALL) -> datetime:
    """One turn over what came out of jobs."""
    return check(RESULTS)


def check(zones: Collection[Zone]) -> datetime:
    """One turn: reads what is due, up to TURN_BYTES; returns when the next turn is due. Safe to run twice at once.

    Only objects that are stored are read. What is being erased, or sealed, at this moment may not fit: it is doubted,
    and looked at again, before anybody is told.
    """
    left = TURN_BYTES
    for thing in due(zones)[:TURN_OBJECTS]:
        size = thing.size or 0
        if left < TURN_BYTES and size > left:
            break
        left -= size
        _look_at(thing)
    return timezone.now() + PAUSE


def due(zones: Collection[Zone]) -> QuerySet[StoredObject]:
    """Stored objects of these zones that are due, the longest unread first; pieces are read with what they are of."""
    stored = StoredObject.objects.filter(state=ObjectState.STORED, zone__in=zones, part_of=None)
    return stored.filter(checked_at__lt=timezone.now() - AGAIN).order_by("checked_at")


def damaged_objects() -> QuerySet[StoredObject]:
    """Stored objects whose bytes were seen to be damaged or gone, in two looks."""
    return StoredObject.objects.filter(state=ObjectState.STORED, damage__in=KNOWN)


def _look_at(thing: StoredObject) -> None:
    found = _found(thing)
    if found is None:
        _note(thing, "")
    elif not thing.damage:
        _note(thing, Damage.DOUBTED)
    elif _note(thing, found) and thing.damage == Damage.DOUBTED:
        _tell(thing)


def _note(thing: StoredObject, damage: str) -> bool:
    """Writes down what was found, if the object is still stored as it was."""
    at = timezone.now()
    if damage == Damage.DOUBTED:
        at -= AGAIN - DOUBT
    same = StoredObject.objects.filter(pk=thing.pk, state=ObjectState.STORED, checked_at=thing.checked_at)
    since = (thing.damaged_at or at) if damage in KNOWN else None
    return bool(same.update(damage=damage, checked_at=at, damaged_at=since))


def _found(thing: StoredObject) -> Damage | None:
    """How the bytes differ from what was written; None where they do not. Raises StoreUnreachable, KeyAbsent."""
    try:
        digest = sealed.digest(thing)
    except NoSuchObject:
        return Damage.GONE
    except Missing:
        return Damage.CHANGED
    return None if digest == thing.sha256 else Damage.CHANGED


def _tell(thing: StoredObject) -> None:
    for steward in members(thing.programme_id, Role.STEWARD):
        notify(user_id=steward.pk, title=TITLE, body=BODY, link="/staff/damage/", dedupe=f"damaged:{thing.pk}")


SEARCHES: Final = (
    kind("storage.check", check_donors, crew=Crew.CLEANING),
    kind("storage.check_results", check_results, crew=Crew.RUNNING),
)


def sweep() -> int:
    """Sees that the searches go on."""
    return sum(ask_missing(each, [ALL]) for each in SEARCHES) if settings.STORE_SEARCHES else 0
