"""Copies of files as they were sent, for their donor: made a few at a time, and erased when their days are over.

A web process reads no quarantine. So a worker that may copies the files into a zone that it may read.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent import queries as consent
from core.actors import Actor, SystemActor
from core.due.places import next_piece
from core.errors import Conflict, Missing
from core.lifecycle import move
from core.notifications.send import notify
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from core.texts import gettext_noop as _
from registry.models import DonatedFile, Takeout, TakeoutFile
from registry.queries.given import sent_back
from registry.queries.takeouts import may_not_stay, to_copy
from registry.rules.giving_back import KEPT
from registry.rules.lifecycle import TakeoutState

GIVER = SystemActor("giver")
#: The most bytes that one turn copies, but for a file that is larger by itself.
TURN_BYTES: Final = 256 << 20
TURN_FILES: Final = 200
MOST: Final = 200
TITLE: Final = _("Your files are ready to download")
BODY: Final = _(
    "You asked for a copy of your files as you sent them. It is ready: the page says until when. If it was not you who "
    "asked, change your password and tell us."
)


def make_takeout(takeout_id: UUID) -> datetime | None:
    """One turn: copies up to TURN_BYTES of what lacks; when nothing does, the donor is told. Safe to run twice."""
    takeout = Takeout.objects.filter(pk=takeout_id, state=TakeoutState.MAKING).first()
    if takeout is None:
        return None
    left = TURN_BYTES
    for file in to_copy(takeout).select_related("stored")[:TURN_FILES]:
        _copy(takeout, file)
        left -= file.size
        if left <= 0:
            break
    if to_copy(takeout).exists():
        return timezone.now()
    _finish(takeout)
    return None


def _copy(takeout: Takeout, file: DonatedFile) -> None:
    """One file, looked at anew now that its turn has come."""
    may_go = sent_back(takeout.donor_id).filter(pk=file.pk)
    if not may_go.exists():
        return
    thing = _reserved(takeout, file)
    if thing is None:
        return  # another turn has just found it damaged
    try:
        with storage.open_object(file.stored) as source:
            storage.write(thing, source, by=GIVER)
        is_sound = thing.sha256 == file.sha256
    except Missing:
        is_sound = False
    if not may_go.exists():
        _drop(thing, keeps=False)  # stopped while it was copied
    elif not is_sound:
        _drop(thing, keeps=True)


def _reserved(takeout: Takeout, file: DonatedFile) -> StoredObject | None:
    """The copy's object, with the row that names it; one that a worker which died has reserved is taken up."""
    takeout.files.filter(file=file, stored__state=ObjectState.ERASED).delete()
    found = takeout.files.filter(file=file).select_related("stored").first()
    if found is not None:
        return found.stored
    with transaction.atomic():
        thing = storage.reserve(
            Zone.TAKEOUT, programme_id=takeout.programme_id, donor_id=takeout.donor_id, size=file.size
        )
        TakeoutFile.objects.create(takeout=takeout, file=file, stored=thing)
    return thing


def _drop(thing: StoredObject, *, keeps: bool) -> None:
    """Erases a copy; `keeps` the row that names it, which then says that the file is damaged."""
    storage.erase([thing], by=GIVER, why="not_copied")
    row = TakeoutFile.objects.filter(stored=thing)
    if keeps:
        row.update(stored=None)
    else:
        row.delete()


def _finish(takeout: Takeout) -> None:
    if not sent_back(takeout.donor_id).exists():
        # Stopped or erased while it was being copied: there is nothing to tell of as ready.
        move(takeout, TakeoutState.ENDED, by=GIVER, why="nothing_left")
        return
    with transaction.atomic():
        move(takeout, TakeoutState.READY, by=GIVER, expires_at=timezone.now() + KEPT)
        account = consent.accounts_of([takeout.donor_id]).get(takeout.donor_id)
        if account is not None:
            notify(
                user_id=account,
                title=TITLE,
                body=BODY,
                link=f"/my-data/{takeout.donor_id}/download/",
                dedupe=f"takeout:{takeout.pk}:{takeout.expires_at:%Y%m%d%H%M%S}",
                by_mail=consent.may_contact(takeout.donor_id),
            )


def clear_takeout(takeout_id: UUID) -> None:
    """Erases what may not stay of a donor's copies, and ends them when their days are over. Safe to run twice."""
    takeout = Takeout.objects.filter(pk=takeout_id).first()
    if takeout is None:
        return
    if takeout.state == TakeoutState.READY and takeout.expires_at and takeout.expires_at <= timezone.now():
        try:
            move(takeout, TakeoutState.ENDED, by=GIVER, why="expired")
        except Conflict:
            return  # asked for anew at this moment
    erase_copies(may_not_stay(takeout), by=GIVER, why="not_handed_back")


def takeouts_to_clear() -> set[UUID]:
    """Takeouts whose days are over, ended ones of which something is left, and, a piece of them each time, those with
    copies that may not stay."""
    over = Takeout.objects.filter(state=TakeoutState.READY, expires_at__lte=timezone.now())
    left = TakeoutFile.objects.filter(takeout__state=TakeoutState.ENDED)
    found = {*over.values_list("pk", flat=True)[:MOST], *left.values_list("takeout_id", flat=True).distinct()[:MOST]}
    living = next_piece("registry.takeouts", Takeout.objects.exclude(state=TakeoutState.ENDED), MOST)
    return found | {takeout.pk for takeout in living if may_not_stay(takeout).exists()}


def erase_copies(copies: QuerySet[TakeoutFile], *, by: Actor, why: str) -> int:
    """Erases the bytes of these copies, sees that they are gone, and forgets them; returns how many."""
    keys = dict(copies.values_list("pk", "stored_id"))
    storage.erase(StoredObject.objects.filter(pk__in=[key for key in keys.values() if key]), by=by, why=why)
    return TakeoutFile.objects.filter(pk__in=keys).delete()[0]


def forget_takeouts(donor_id: UUID, *, by: Actor) -> None:
    """Erases all copies of a donor's, and that they ever asked for any."""
    mine = Takeout.objects.filter(donor=donor_id)
    erase_copies(TakeoutFile.objects.filter(takeout__in=mine), by=by, why="withdrawal")
    mine.delete()
