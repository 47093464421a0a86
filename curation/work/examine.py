"""From a donated file's bytes to a clean file with its picture, or a reason why not; writes nothing anywhere."""

from concurrent.futures import Future
from dataclasses import dataclass, field

from consent.queries import Identity
from curation.deid import Cleaned, Deidentifier, Quarantined, residual_search
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


@dataclass(frozen=True)
class Subject:
    """Whose files are cleaned: the engine that holds their key, and who the donor is; neither is ever shown.

    The engine does once what repeats from image to image of a series. It is for one thread.
    """

    engine: Deidentifier = field(repr=False)
    identity: Identity = field(repr=False)


def wash(data: bytes, subject: Subject) -> Cleaned | Unfit:
    """Cleans a file and searches the result for what the registry knows of who the donor is.

    The engine has then searched it for what the file itself said of its subject.
    """
    cleaned = subject.engine.clean(data)
    if isinstance(cleaned, Quarantined):
        return Unfit(cleaned.reason)
    if residual_search(cleaned.data, values_of(subject.identity)):
        return Unfit("residual_identity")
    return cleaned


def judge(cleaned: Cleaned, drawing: Future[Picture]) -> Fit | Unfit:
    """Whether a clean file may be kept, once its picture is drawn: no curator can look at what cannot be shown."""
    try:
        picture = drawing.result()
    except CannotShow as refusal:
        return Unfit(refusal.reason)
    if cleaned.pixel_risk == "look" and not cleaned.rows:
        return Unfit("no_picture")
    return Fit(cleaned, picture)


def values_of(identity: Identity) -> list[str]:
    """What must not occur in the donor's outputs: their names as DICOM writes them, and their birth date."""
    families = [identity.family_name, *identity.previous_names]
    return [*(f"{family}^{identity.given_name}" for family in families), f"{identity.birth_date:%Y%m%d}"]
