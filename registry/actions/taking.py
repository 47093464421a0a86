"""A donor takes copies of what they gave: has them made, then takes them, file by file and a piece at a time."""

from collections.abc import Collection, Iterator
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction

from consent import queries as consent
from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict, Missing, NotAllowed
from core.lifecycle import move
from core.storage.envelope import DAMAGED
from core.texts import gettext_noop as _
from registry import tasks, work
from registry.models import Takeout
from registry.permissions import person
from registry.queries.given import GivenFile, given_file, keys_of
from registry.queries.takeouts import takeouts_of, uncopied
from registry.rules.giving_back import NOT_COPIED, Copy, Gone
from registry.rules.leaving import Way
from registry.rules.lifecycle import TakeoutState

PIECE = 1 << 20
NOT_READY = _("A copy of your files as you sent them has to be made first. Ask for it on this page.")
JUST_NOW = _("Your earlier copy was deleted at this moment. Please ask once more.")
NOTHING = _("There are no files here now that we could hand back as you sent them.")
#: A file, and its bytes; None where it is not handed back, which the file says why.
Taken = tuple[GivenFile, Iterator[bytes] | None]


def ask_for_copies(*, donor_id: UUID, by: Actor) -> Takeout:
    """Has copies of the donor's files as they sent them made, of those that are lacking; asking twice changes nothing.

    Raises Missing for anybody else's, and Conflict where there is nothing to copy.
    """
    donor = _own_donor(donor_id, by)
    if not uncopied(donor.pk).exists():
        raise Conflict(NOTHING, "nothing")
    with transaction.atomic():
        takeout = _one(donor)
        if takeout.state == TakeoutState.READY:
            move(takeout, TakeoutState.MAKING, by=by, expires_at=None)
        record("registry.copies_asked", donor, by=by)
        ask(tasks.MAKE_TAKEOUT, takeout.pk)
    return takeout


def take_copies(*, donor_id: UUID, copies: Collection[Copy], by: Actor) -> Iterator[Taken]:
    """Every file of the donor, who asks for these copies; raises Missing for anybody else's.

    What is not handed back is among them also of a copy that was not asked for. Each is looked at anew when its turn
    comes, so that nothing leaves that was stopped or erased meanwhile. Raises Conflict for files as they were sent,
    where a worker has not made copies of them yet: a web process cannot read them.
    """
    donor = _own_donor(donor_id, by)
    if Copy.SENT in copies and uncopied(donor.pk).exists():
        raise Conflict(NOT_READY, "not_ready")
    with transaction.atomic():
        record("registry.copies_taken", donor, by=by, data={copy.name.lower(): copy in copies for copy in Copy})
    return _files(donor_id, frozenset(copies))


def _own_donor(donor_id: UUID, by: Actor) -> Any:
    donor = consent.donors_of(person(by)).filter(pk=donor_id).first()
    if donor is None:
        raise Missing("There is no such donor here.")
    return donor


def _one(donor: Any) -> Takeout:
    """The donor's copies that have not ended, begun now where there are none; raises Conflict if they end just now."""
    try:
        with transaction.atomic():
            return Takeout.objects.create(donor_id=donor.pk, programme_id=donor.programme_id)
    except IntegrityError:
        found = takeouts_of(donor.pk).first()
    if found is None:
        raise Conflict(JUST_NOW, "just_ended")
    return found


def _files(donor_id: UUID, copies: frozenset[Copy]) -> Iterator[Taken]:
    for copy in Copy:
        for key in keys_of(donor_id, copy):
            file = given_file(donor_id, copy, key)
            if file.why is not None:
                yield file, None
            if file.why is not None or copy not in copies:
                continue
            try:
                stream = _open(donor_id, file)
            except (Missing, NotAllowed) as error:  # at this very moment
                if error.code == DAMAGED:
                    yield file, iter(())
                    continue
                why = Gone.LATER if error.code == NOT_COPIED else Gone.ERASED
                yield GivenFile(copy, key, file.sha256, file.size, why), None
            else:
                yield file, _pieces(stream)


def _open(donor_id: UUID, file: GivenFile) -> BinaryIO:
    if file.copy is Copy.SENT:
        return work.open_sent(donor_id, file.key)
    return work.open_image(file.key, way=Way.OUTSIDE)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes, which end where the stored ones are damaged: by their digest whoever writes them down sees that."""
    with stream:
        try:
            yield from iter(lambda: stream.read(PIECE), b"")
        except Missing as error:
            if error.code != DAMAGED:
                raise
