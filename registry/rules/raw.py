"""How long files are kept as they were sent: until so many days after acceptance, or after upload. Plain Python."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: The most days; a programme may say fewer (its columns raw_days_after_acceptance and raw_days_after_upload).
AFTER_ACCEPTANCE_MOST: Final = 14
AFTER_UPLOAD_MOST: Final = 90


@dataclass(frozen=True)
class RawDays:
    """A programme's days."""

    after_acceptance: int = AFTER_ACCEPTANCE_MOST
    after_upload: int = AFTER_UPLOAD_MOST

    def until(self, uploaded: datetime, accepted: datetime | None) -> datetime:
        """When a file is destroyed: whichever comes first."""
        latest = uploaded + timedelta(days=self.after_upload)
        return latest if accepted is None else min(latest, accepted + timedelta(days=self.after_acceptance))
