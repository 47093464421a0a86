"""What a grantee must prove of that which donors ask for: which obligations, by when, and when it stops new use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.texts import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Due:
    """When evidence is due: so many days after the signature or after the end of the access; `words` say it."""

    words: str
    days: int
    after_end: bool = False

    def at(self, signed: datetime, ends: datetime) -> datetime:
        """The moment for an access that was signed then, and ends then."""
        return (ends if self.after_end else signed) + timedelta(days=self.days)


#: The others are shown by the signature under the agreement (NRI, MOR), or by the registry, which ends access (TS).
PROVED: Final = {
    "IRB": Due(_("before the first use"), 0),
    "COL": Due(_("within 90 days after you sign"), 90),
    "RTN": Due(_("within 90 days after the access ends"), 90, after_end=True),
    "PUB": Due(_("within a year after the access ends"), 365, after_end=True),
}
#: What must be there, and be accepted, before anything is used.
FIRST: Final = frozenset({"IRB"})
#: So long before the day a reminder goes out, and so long is left at least when evidence is sent back.
WARNED, AGAIN = timedelta(days=14), timedelta(days=14)
