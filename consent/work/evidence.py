"""Locks away who an erased donor was, and destroys the key when the time is over: from then on nobody can open it."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.models import Donor, IdentityKey, Person, SealedIdentity
from core import sealing
from core.actors import Actor, SystemActor
from core.audit.record import record
from core.canonical import canonical_json
from core.ids import new_id

SHREDDER = SystemActor("shredder")
MOST = 200


def lock_away(person: Person, *, by: Actor) -> date | None:
    """Seals who somebody is, in the transaction in which they are erased; returns until when, None for not at all."""
    donor = Donor.objects.select_related("programme").get(pk=person.donor_id)
    days = donor.programme.identity_kept_days
    if not days:
        return None
    key, key_id = sealing.new_key(), new_id()
    until = timezone.now() + timedelta(days=days)
    IdentityKey.objects.create(pk=key_id, wrapped=sealing.seal(sealing.master_key(), key, key_id.bytes))
    sealed = sealing.seal(key, canonical_json(_facts(person)).encode(), donor.pk.bytes)
    row = SealedIdentity.objects.create(donor=donor, key_id=key_id, sealed=sealed, until=until)
    record("identity.sealed", row, by=by, data={"donor": donor.pk, "days": days})
    return until.date()


def opened(donor_id: UUID) -> dict[str, Any] | None:
    """Who an erased donor was, for a court or an authority; None once its time is over, destroyed or not yet."""
    row = SealedIdentity.objects.filter(donor_id=donor_id, until__gt=timezone.now()).first()
    key = IdentityKey.objects.filter(pk=row.key_id).first() if row else None
    if row is None or key is None:
        return None
    opens = sealing.unseal(sealing.master_key(), bytes(key.wrapped), key.pk.bytes)
    found: dict[str, Any] = json.loads(sealing.unseal(opens, bytes(row.sealed), donor_id.bytes))
    return found


def shred() -> int:
    """Destroys the keys whose time is over, and what they opened; returns how many. Safe to run twice at once."""
    over = SealedIdentity.objects.filter(until__lte=timezone.now(), shredded_at=None)
    return sum(_shred(row) for row in over[:MOST])


def _shred(row: SealedIdentity) -> bool:
    with transaction.atomic():
        mine = SealedIdentity.objects.filter(pk=row.pk, shredded_at=None)
        if not mine.update(shredded_at=timezone.now(), sealed=b""):
            return False
        IdentityKey.objects.filter(pk=row.key_id).delete()
        record("identity.shredded", row, by=SHREDDER, data={"key": row.key_id})
    return True


def _facts(person: Person) -> dict[str, Any]:
    """With the salt, so that the commitments in the signatures can be checked against the name for as long."""
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "previous_names": person.previous_names,
        "birth_date": person.birth_date.isoformat(),
        "salt": bytes(person.salt).hex(),
    }
