"""From a donated file's bytes to a clean file with its picture, or a reason why not; writes nothing anywhere."""

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property

from consent.queries import Identity
from curation.deid import Cleaned, Deidentifier, Quarantined
from curation.deid.source import says_where
from curation.deid.texts import facts as deid_facts
from curation.deid.texts.facts import Facts
from curation.pixels.limits import CannotShow
from curation.pixels.task import Examined, Task
from curation.work.uids import uid_after


@dataclass(frozen=True)
class Fit:
    """A file that may be kept: cleaned, searched, its picture examined and drawn for a curator to look at.

    `uid`: the SOP Instance UID that it has if its pixels changed.
    """

    cleaned: Cleaned
    examined: Examined
    uid: str

    @property
    def data(self) -> bytes:
        """The whole file as it is kept."""
        return self.cleaned.data if self.examined.data is None else self.examined.data

    @cached_property
    def sha256(self) -> str:
        """Its digest."""
        made = self.examined.data
        return self.cleaned.output_sha256 if made is None else hashlib.sha256(made).hexdigest()

    @property
    def sop_uid(self) -> str:
        """Its SOP Instance UID."""
        return self.uid if self.examined.is_new else self.cleaned.sop_instance_uid


@dataclass(frozen=True)
class Unfit:
    """A file that stays in quarantine; `reason` is a code of curation/rules/reasons.py.

    `found`: in which attributes, and what else, where it came as cleaned (deid/verify.py).
    """

    reason: str
    found: tuple[str, ...] = ()


def wash(data: bytes, engine: Deidentifier) -> Cleaned | Unfit:
    """Cleans a file; the engine searches what it would write for everyone of whom the study's files speak."""
    cleaned = engine.clean(data)
    if isinstance(cleaned, Quarantined):
        return Unfit(cleaned.reason)
    # Colour palettes and the like: the engine makes up a series for each of them, in which nobody could look at them.
    return cleaned if says_where(engine.read(data)) else Unfit("missing_identifier")


def task_for(cleaned: Cleaned, engine: Deidentifier, seeds: tuple[str, ...]) -> Task:
    """What the child is asked about a cleaned file. It gets no key: the UID that it may need is made here."""
    return Task(cleaned.pixel_plan, seeds, uid_after(engine.key, cleaned.sop_instance_uid))


def judge(cleaned: Cleaned, task: Task, examining: Future[Examined]) -> Fit | Unfit:
    """Whether a clean file may be kept, once its picture is examined: no curator can look at what cannot be shown."""
    try:
        examined = examining.result()
    except CannotShow as refusal:
        return Unfit(refusal.reason)
    if cleaned.pixel_risk != "clear" and not cleaned.rows:
        return Unfit("no_picture")
    return Fit(cleaned, examined, task.new_uid)


def facts_about(identity: Identity) -> Facts:
    """What the registry itself knows of the donor."""
    families = (identity.family_name, *identity.previous_names)
    return deid_facts.facts_about(identity.given_name, families, f"{identity.birth_date:%Y%m%d}")
