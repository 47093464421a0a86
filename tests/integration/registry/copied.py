"""Copies of what a donor sent: asked for, made and taken as each part of the registry does it, and where they lie."""

from consent.models import Donor
from core.storage.models import StoredObject
from core.storage.roles import Role as Process
from core.storage.store import store
from core.storage.zones import ObjectState, Zone
from registry import actions, work
from registry.models import Takeout
from registry.rules.giving_back import Copy, Gone
from tests.factories import registry as make
from tests.factories.parts import being


def asked(donor: Donor) -> Takeout:
    return actions.ask_for_copies(donor_id=donor.pk, by=make.user_of(donor))


def made(donor: Donor) -> Takeout:
    """Copies, as a cleaner makes them."""
    takeout = asked(donor)
    with being(Process.CLEANER):
        while work.make_takeout(takeout.pk):
            pass
    takeout.refresh_from_db()
    return takeout


def taken(donor: Donor) -> dict[str, bytes | Gone | None]:
    """The files as they were sent by their names, or why they are not handed back; as a web process hands them out."""
    with being(Process.WEB):
        files = actions.take_copies(donor_id=donor.pk, copies=[Copy.SENT], by=make.user_of(donor))
        return {
            file.name: file.why if pieces is None else b"".join(pieces)
            for file, pieces in files
            if file.copy is Copy.SENT
        }


def lying() -> list[StoredObject]:
    """What lies in the zone of copies, by its rows and by its bytes."""
    things = list(StoredObject.objects.filter(zone=Zone.TAKEOUT, state=ObjectState.STORED).order_by("pk"))
    for thing in StoredObject.objects.filter(zone=Zone.TAKEOUT):
        assert store().exists(Zone.TAKEOUT, thing.key) == (thing in things)
    return things
