"""What a run over a folder is asked to do: folders, report, key, whose the files are, profile, processes."""

import hmac
from dataclasses import dataclass, field
from pathlib import Path

from ..standard.profile import Profile

#: Whose a file is: whom issuer and Patient ID name, or the folder that it lies in directly under IN.
PATIENT, FOLDER = "patient", "folder"
#: What becomes of files whose pictures are not clear by their header: they are held, or written as they are.
HOLD, AS_IS = "hold", "as-is"
#: Where the domain's key came from, if from nowhere.
RANDOM = "random"


class FolderError(Exception):
    """A run that cannot go on; the text is a sentence for people, without personal values."""


@dataclass(frozen=True)
class Job:
    """One run. `subject`: 'patient', 'folder', or the name of the one subject whose all these files are.

    `pixels`: 'hold', or 'as-is' where somebody else looks at the pictures.
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
