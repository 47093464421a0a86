"""From a donated file's bytes to a clean file with its picture, or a reason why not; writes nothing anywhere."""

from concurrent.futures import Future
from dataclasses import dataclass

from consent.queries import Identity
from curation.deid import Cleaned, Deidentifier, Quarantined
from curation.deid.files.tree import text_of
from curation.deid.source import SERIES, STUDY
from curation.deid.texts.facts import Facts
from curation.work.render.picture import CannotShow, Picture


@dataclass(frozen=True)
class Fit:
    """A file that may be kept: cleaned, searched, and drawn for a curator to look at."""

    cleaned: Cleaned
    picture: Picture


@dataclass(frozen=True)
class Unfit:
    """A file that stays in quarantine; `reason` is a code of curation/rules/reasons.py."""

    reason: str


def wash(data: bytes, engine: Deidentifier) -> Cleaned | Unfit:
    """Cleans a file; the engine searches what it would write for everyone of whom the study's files speak."""
    cleaned = engine.clean(data)
    if isinstance(cleaned, Quarantined):
        return Unfit(cleaned.reason)
    # Colour palettes and the like: the engine makes up a series for each of them, in which nobody could look at them.
    said = engine.read(data).judged
    return cleaned if text_of(said, STUDY) and text_of(said, SERIES) else Unfit("missing_identifier")


def judge(cleaned: Cleaned, drawing: Future[Picture]) -> Fit | Unfit:
    """Whether a clean file may be kept, once its picture is drawn: no curator can look at what cannot be shown."""
    try:
        picture = drawing.result()
    except CannotShow as refusal:
        return Unfit(refusal.reason)
    if cleaned.pixel_risk != "clear" and not cleaned.rows:
        return Unfit("no_picture")
    return Fit(cleaned, picture)


def facts_about(identity: Identity) -> Facts:
    """What the registry itself knows of the donor: their names as DICOM writes them, and their birth date."""
    families = (identity.family_name, *identity.previous_names)
    names = frozenset(f"{family}^{identity.given_name}" for family in families)
    return Facts(names=names, births=frozenset({f"{identity.birth_date:%Y%m%d}"}))
