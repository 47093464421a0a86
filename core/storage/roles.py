"""Which zones a process may use, and for what: a web server has no need to read what nobody has cleaned."""

from collections.abc import Mapping
from enum import Flag, StrEnum, auto
from typing import Final

from core.storage.zones import Zone


class Role(StrEnum):
    """What a process is."""

    ALL = "all"  # commands, tests, and whoever sets the store up
    WEB = "web"
    WORKER = "worker"


class May(Flag):
    """What can be done in a zone. LOOK is to see whether something lies there, without its bytes."""

    NOTHING = 0
    LOOK = auto()
    READ = auto()
    PUT = auto()
    ERASE = auto()


_EVERYTHING: Final = May.LOOK | May.READ | May.PUT | May.ERASE
_TO_SHOW: Final = May.LOOK | May.READ
TABLE: Final[Mapping[Role, Mapping[Zone, May]]] = {
    Role.ALL: dict.fromkeys(Zone, _EVERYTHING),
    Role.WEB: {
        Zone.INCOMING: _EVERYTHING,
        Zone.QUARANTINE: May.LOOK | May.PUT | May.ERASE,
        Zone.REVIEW: _TO_SHOW,
        Zone.CLEAN: _TO_SHOW,
        Zone.OUTPUTS: _TO_SHOW,
        Zone.RELEASED: _TO_SHOW,
    },
    # Nothing comes in through a worker; it reads there to see that bytes are whole.
    Role.WORKER: dict.fromkeys(Zone, _EVERYTHING)
    | dict.fromkeys((Zone.INCOMING, Zone.QUARANTINE), May.LOOK | May.READ | May.ERASE),
}
#: Where every process tries what the server does, and where claims lie (core/storage/s3.py).
TRIALS: Final = Zone.INCOMING


def may(role: Role, zone: Zone, what: May) -> bool:
    """Whether a process of this role may do all of `what` in the zone."""
    return what in TABLE[role][zone]
