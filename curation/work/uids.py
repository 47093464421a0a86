"""The identifiers of images whose pixels changed: keyed, of the ones that they had."""

from curation.deid import SubjectKey
from curation.deid.values.pseudonyms import uid_of_next

#: More often no image is changed: by rule, by the defacing tool, and once for each drawing of a curator.
MOST_CHANGES = 1_000


def uid_after(key: SubjectKey, sop_uid: str) -> str:
    """The UID of what an instance becomes when its pixels change: the same whenever and wherever that is done."""
    return uid_of_next(key, sop_uid.encode()).decode()


def uids_before(key: SubjectKey, cleaned_uid: str, sop_uid: str) -> list[str]:
    """The UIDs that an image had, oldest first, from the one it was cleaned to up to the one it has now.

    Only the oldest where the one of now does not follow from it, as it was made by other rules than today's.
    """
    found, uid = list[str](), cleaned_uid
    while uid != sop_uid and len(found) < MOST_CHANGES:
        found.append(uid)
        uid = uid_after(key, uid)
    return found if uid == sop_uid else [cleaned_uid]
