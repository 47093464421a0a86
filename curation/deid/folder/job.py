"""What a run over a folder is asked to do: folders, report, key, whose the files are, profile, processes."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..engine import Deidentifier
from ..results import Cleaned
from ..standard.profile import Profile

#: Whose a file is: whom issuer and Patient ID name, or the folder that it lies in directly under IN.
PATIENT, FOLDER = "patient", "folder"
#: What becomes of files whose pictures are not clear by their header: they are held, written as they are, or given to
#: whoever works on pixels.
HOLD, AS_IS, CLEAN = "hold", "as-is", "clean"
#: Where the domain's key came from, if from nowhere.
RANDOM = "random"


#: Makes of a cleaned file one whose picture may be passed on, too; None where a person has to look at it.
Examine = Callable[[Cleaned, Deidentifier], Cleaned | None]


class FolderError(Exception):
    """A run that cannot go on; the text is a sentence for people, without personal values."""


@dataclass(frozen=True)
class Job:
    """One run. `subject`: 'patient', 'folder', or the name of the one subject whose all these files are.

    `pixels`: 'hold', 'as-is' where somebody else looks at the pictures, or 'clean' where `examine` does something about
    them: a function of a module, since it runs in other processes.
    """

    source: Path
    target: Path
    report: Path
    profile: Profile
    domain_key: bytes = field(repr=False)
    key_source: str = RANDOM
    subject: str = PATIENT
    workers: int = 1
    pixels: str = HOLD
    examine: Examine | None = None

    @property
    def journal(self) -> Path:
        """Where the run keeps its state until it is complete."""
        return self.report.with_name(f"{self.report.name}.journal")

    def terms(self, domain_key: bytes) -> dict[str, str]:
        """What must be the same for an interrupted run to be continued, each beside the words that name it."""
        return {
            "IN": str(self.source.resolve()),
            "OUT": str(self.target.resolve()),
            "--subject": self.subject,
            "--pixels": self.pixels,
            "the profile or the rules": self.profile.digest,
            "the key": hmac.digest(domain_key, b"donara.run.1", "sha256").hex(),
        }
