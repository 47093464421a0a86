"""A file that its donor's browser has cleaned: checked as if nobody had, told of as if it had been cleaned here."""

from collections.abc import Sequence

from curation.deid import Cleaned, Deidentifier
from curation.deid.reasons import SENTENCES
from curation.deid.verify import PICTURE, RESIDUAL, accepted
from curation.rules.reasons import CODED_IDENTITY, CODED_OTHER, CODED_PICTURE, NOT_CLEAN
from curation.work.examine import Unfit

#: A file may have thousands of attributes.
MOST_FOUND = 20
#: Patient's Name and Patient ID: what stands there is not the pseudonym that this donor's key makes.
_PSEUDONYMS = frozenset({"00100010", "00100020"})


def check(data: bytes, engine: Deidentifier) -> Cleaned | Unfit:
    """Takes a file as it is if every rule of the engine holds in it; it is never cleaned instead.

    `engine`: that with which the donor's other files are cleaned.
    """
    found = accepted(data, engine)
    if not isinstance(found, Cleaned):
        return Unfit(reason_of(found), tuple(found[:MOST_FOUND]))
    return found if found.study_uid and found.series_uid else Unfit("missing_identifier")


def reason_of(codes: Sequence[str]) -> str:
    """The one reason that people read for the codes of `verify`: the gravest."""
    found = set(codes)
    if RESIDUAL in found:
        return CODED_IDENTITY
    if refused := sorted(found.intersection(SENTENCES)):
        return refused[0]
    if found & _PSEUDONYMS:
        return CODED_OTHER
    return CODED_PICTURE if found == {PICTURE} else NOT_CLEAN
