"""How much a training job may use: the bounds within which a specification may ask."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.texts import gettext_noop as _
from training_jobs.rules.errors import SpecificationError

NO_LIMIT = _("There is no limit called “{name}”.")
BEYOND = _("“{name}” must be a whole number from {least} to {most} ({unit}).")
FILLED = (NO_LIMIT, BEYOND)

# name: (least, most, unit in words). The most is what the smallest supported machine can spare.
BOUNDS: Mapping[str, tuple[int, int, str]] = {
    "memory_mb": (256, 16384, _("MB of memory")),
    "cpu_seconds": (1, 86400, _("seconds of processor time")),
    "wall_seconds": (1, 172800, _("seconds from start to end")),
    "processes": (1, 256, _("processes and threads")),
    "output_mb": (1, 1024, _("MB of outputs")),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use in all; units as the names say (MB = 2**20 bytes)."""

    memory_mb: int = 2048
    cpu_seconds: int = 900
    wall_seconds: int = 1800
    processes: int = 32
    output_mb: int = 64

    def as_dict(self) -> dict[str, int]:
        """The limits as plain data, for the canonical form."""
        return asdict(self)


def parse_limits(data: Mapping[str, Any], defaults: Limits | None = None) -> Limits:
    """Limits from untrusted data, the rest from `defaults`; SpecificationError for an unknown or out-of-bounds one."""
    known = {field.name for field in fields(Limits)}
    for name in data:
        if name not in known:
            raise SpecificationError(NO_LIMIT.format(name=str(name)[:40]), fields={str(name)[:40]: _("Unknown limit.")})
    values = (defaults or Limits()).as_dict() | dict(data)
    for name, value in values.items():
        least, most, unit = BOUNDS[name]
        if type(value) is not int or not least <= value <= most:
            raise SpecificationError(
                BEYOND.format(name=name, least=least, most=most, unit=unit), fields={name: _("Out of bounds.")}
            )
    return Limits(**values)
