"""References over a donation: what became of each file's UIDs is kept sealed, and compared once all are decided."""

from collections.abc import Iterator, Mapping
from functools import partial
from uuid import UUID

from django.db import transaction

from core.errors import Conflict
from core.storage.many import take_back as erase_at_once
from curation.deid import RULES_DIGEST, Cleaned
from curation.deid.gates.references import BROKEN, Linked, broken, links_of
from curation.deid.values.keys import framed
from curation.models import Derivation, KeyDomain, Links, Refusal, Series
from curation.rules.lifecycle import SeriesState
from curation.work.actor import CLEANER
from curation.work.files import SourceFile
from curation.work.keys import seal, unseal
from registry import work as registry

#: All files of a donation are one donor's.
_DONOR = ""
_LENGTH = 4


def note_links(made: Mapping[SourceFile, Cleaned], domain: KeyDomain) -> None:
    """Keeps what became of the UIDs of some of a donation's files; in the caller's transaction."""
    one = next(iter(made))
    parts = [part for file, cleaned in made.items() for part in (file.pk.bytes, links_of(cleaned))]
    Links.objects.create(
        programme_id=one.programme_id,
        donor_id=one.donor_id,
        domain=domain,
        donation_id=one.donation_id,
        sealed=seal(domain, one.donation_id, framed(*parts)),
    )


def take_back(donation_id: UUID) -> None:
    """Refuses the cleaned files of a donation that no longer lead where they did. Safe to run twice.

    What it finds rests on what is kept of all files alone, so that after a kill it finds the same.
    """
    for file_id in broken(partial(_linked, donation_id)):
        made = Derivation.objects.filter(file_id=file_id, series__donation_id=donation_id)
        for one in made.select_related("series", "output", "render", "before"):
            _take_back(one)


def _take_back(made: Derivation) -> None:
    """An output that no derivation names is erased; by the sweep, where this worker dies before it does."""
    try:
        _refuse(made)
    except Conflict:
        return  # removed meanwhile: the donor has withdrawn
    things = (made.output, made.render, made.before)
    erase_at_once([thing for thing in things if thing is not None], by=CLEANER, why=BROKEN)


@transaction.atomic
def _refuse(made: Derivation) -> None:
    series, file_id = made.series, made.file_id
    registry.mark_quarantined(file_id, reason=BROKEN, by=CLEANER)
    given = {
        "programme_id": series.programme_id,
        "donor_id": series.donor_id,
        "reason": BROKEN,
        "rules_digest": RULES_DIGEST,
    }
    Refusal.objects.get_or_create(file_id=file_id, defaults=given)
    Derivation.objects.filter(pk=made.pk).delete()
    Series.objects.filter(pk=series.pk, state=SeriesState.CLEANING, derivations=None).delete()


def _linked(donation_id: UUID) -> Iterator[tuple[UUID, Linked]]:
    for row in Links.objects.filter(donation_id=donation_id).select_related("domain").iterator(chunk_size=20):
        parts = _parts(unseal(row.domain, donation_id, bytes(row.sealed)))
        yield from ((UUID(bytes=name), Linked(_DONOR, links)) for name, links in zip(parts, parts, strict=True))


def _parts(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        start = at + _LENGTH
        at = start + int.from_bytes(content[at:start], "big")
        yield content[start:at]
