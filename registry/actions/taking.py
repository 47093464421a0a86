"""A donor takes copies of what they gave: noted in the trail first, then handed out file by file, a piece at a time."""

from collections.abc import Collection, Iterator
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from consent import queries as consent
from core.actors import Actor
from core.audit.record import record
from core.errors import Missing, NotAllowed
from core.storage.store import gives_back
from core.texts import gettext_noop as _
from registry import work
from registry.permissions import person
from registry.queries.given import GivenFile, given_file, keys_of
from registry.rules.giving_back import Copy, Gone
from registry.rules.leaving import Way

PIECE = 1 << 20
#: The code of bytes that are not the ones that were written.
DAMAGED = "integrity"
NOT_HERE = _(
    "Your files as you sent them cannot be taken from this page. Write to the people who look after your programme: "
    "they will see that you get them."
)
#: A file, and its bytes; None where it is not handed back, which the file says why.
Taken = tuple[GivenFile, Iterator[bytes] | None]


def take_copies(*, donor_id: UUID, copies: Collection[Copy], by: Actor) -> Iterator[Taken]:
    """Every file of the donor, who asks for these copies; raises Missing for anybody else's.

    What is not handed back is among them also of a copy that was not asked for. Each is looked at anew when its turn
    comes, so that nothing leaves that was stopped or erased meanwhile. Raises NotAllowed for files as
    they were sent in a process that may not read them.
    """
    donor = consent.donors_of(person(by)).filter(pk=donor_id).first()
    if donor is None:
        raise Missing("There is no such donor here.")
    if Copy.SENT in copies and not gives_back():
        raise NotAllowed(NOT_HERE, "not_here")
    with transaction.atomic():
        record("registry.copies_taken", donor, by=by, data={copy.name.lower(): copy in copies for copy in Copy})
    return _files(donor_id, frozenset(copies))


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
                yield GivenFile(copy, key, file.sha256, file.size, Gone.ERASED), None
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
