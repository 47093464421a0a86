"""Which zones a process may use, and for what: a web server has no need to read what nobody has cleaned."""

from collections.abc import Mapping
from enum import Flag, StrEnum, auto
from typing import Final

from core.storage.zones import Zone


class Role(StrEnum):
    """What a process is."""

    ALL = "all"  # commands, tests, and whoever sets the store up
    WEB = "web"
    WORKER = "worker"  # a cleaner and a runner in one, for small installations
    CLEANER = "cleaner"
    RUNNER = "runner"


class May(Flag):
    """What can be done in a zone. LOOK is to see whether something lies there, without its bytes."""

    NOTHING = 0
    LOOK = auto()
    READ = auto()
    PUT = auto()
    ERASE = auto()


_EVERYTHING: Final = May.LOOK | May.READ | May.PUT | May.ERASE
_TO_SHOW: Final = May.LOOK | May.READ
_TO_EMPTY: Final = May.LOOK | May.ERASE
#: Nothing comes in through a worker; it reads there to see that bytes are whole, and to clean them.
_TO_CLEAN: Final = _TO_EMPTY | May.READ
TABLE: Final[Mapping[Role, Mapping[Zone, May]]] = {
    Role.ALL: dict.fromkeys(Zone, _EVERYTHING),
    Role.WEB: {
        Zone.INCOMING: _EVERYTHING,
        Zone.QUARANTINE: May.LOOK | May.PUT | May.ERASE,
        Zone.REVIEW: _TO_SHOW,
        Zone.CLEAN: _TO_SHOW,
        Zone.OUTPUTS: _TO_SHOW,
        Zone.RELEASED: _TO_SHOW,
        Zone.TAKEOUT: _TO_SHOW,
    },
    Role.WORKER: dict.fromkeys(Zone, _EVERYTHING) | dict.fromkeys((Zone.INCOMING, Zone.QUARANTINE), _TO_CLEAN),
    # Who reads what nobody has cleaned makes nothing that leaves; who does that reads nothing of the kind.
    Role.CLEANER: {
        Zone.INCOMING: _TO_CLEAN,
        Zone.QUARANTINE: _TO_CLEAN,
        Zone.REVIEW: _EVERYTHING,
        Zone.CLEAN: _EVERYTHING,
        Zone.OUTPUTS: _TO_EMPTY,
        Zone.RELEASED: _TO_EMPTY,
        Zone.TAKEOUT: _EVERYTHING,
    },
    Role.RUNNER: {
        Zone.INCOMING: _TO_EMPTY,
        Zone.QUARANTINE: _TO_EMPTY,
        Zone.REVIEW: _TO_EMPTY,
        Zone.CLEAN: _EVERYTHING,
        Zone.OUTPUTS: _EVERYTHING,
        Zone.RELEASED: _EVERYTHING,
        Zone.TAKEOUT: _TO_EMPTY,
    },
}
#: Where every process tries what the server does, and where claims lie (core/storage/s3.py).
TRIALS: Final = Zone.INCOMING
TRIAL: Final = "trial-"
CLAIM: Final = "claim-"
#: Where short texts of the registry's own lie beside objects, such as the log's head that was signed last.
NOTES: Final = Zone.RELEASED
NOTE: Final = "note-"
#: Keys that begin so, as no object's does, are the registry's own: whatever else a role may do in the zone, it may do
#: all with these. A web process keeps no notes.
_OWN: Final[Mapping[Zone, tuple[str, ...]]] = {TRIALS: (TRIAL, CLAIM), NOTES: (NOTE,)}


def own_keys(role: Role, zone: Zone) -> tuple[str, ...]:
    """How the keys begin with which a process of this role may do everything."""
    return () if zone == NOTES and role is Role.WEB else _OWN.get(zone, ())


def may(role: Role, zone: Zone, what: May) -> bool:
    """Whether a process of this role may do all of `what` in the zone."""
    return what in TABLE[role][zone]
