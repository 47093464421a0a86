"""The identifiers of images whose pixels changed: keyed, of the ones that they had."""

from curation.deid import SubjectKey
from curation.deid.values.pseudonyms import keyed_uid


def uid_after(key: SubjectKey, sop_uid: str) -> str:
    """The UID of what an instance becomes when its pixels change: the same whenever and wherever that is done."""
    return keyed_uid(key, b"pixels of " + sop_uid.encode()).decode()
