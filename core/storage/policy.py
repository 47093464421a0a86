"""Bucket policies: what an S3 server is told of the users under which the registry's processes come."""

from collections.abc import Mapping
from typing import Any, Final

from core.storage.roles import TABLE, May, Role, own_keys
from core.storage.zones import Zone

#: What each thing that may be done in a zone is in S3's words: of its objects, and of the bucket.
OBJECTS: Final[Mapping[May, list[str]]] = {
    May.READ: ["s3:GetObject"],
    May.PUT: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    May.ERASE: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload"],
}
BUCKET: Final = [
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:ListBucketMultipartUploads",
    "s3:GetBucketVersioning",
    "s3:GetBucketLocation",
]


def bucket_policy(bucket: str, zone: Zone, users: Mapping[Role, str]) -> dict[str, Any]:
    """The zone's policy; `users` names each role's principal, such as arn:aws:iam:::user/donara-web.

    What the table does not allow is denied, and not only left out.
    """
    statements = [each for role, principal in users.items() for each in _statements(bucket, zone, role, principal)]
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(bucket: str, zone: Zone, role: Role, principal: str) -> list[dict[str, Any]]:
    allowed = TABLE[role][zone]
    actions = sorted({action for what, words in OBJECTS.items() if what in allowed for action in words})
    place, found = f"arn:aws:s3:::{bucket}", []
    own = [f"{place}/{start}*" for start in own_keys(role, zone)]
    if May.LOOK in allowed:
        found.append(_allow(f"{role}Looks", principal, BUCKET, [place]))
    if actions:
        found.append(_allow(f"{role}Uses", principal, actions, [f"{place}/*"]))
    others = sorted({action for words in OBJECTS.values() for action in words} - set(actions))
    if others and own:
        found.append(_allow(f"{role}KeepsOwn", principal, others, own))
    if others:
        # Said outright: who wrote an object owns it on some servers, and could read it whatever the bucket allows.
        where = {"NotResource": own} if own else {"Resource": [f"{place}/*"]}
        denied = _allow(f"{role}MayNot", principal, others, []) | {"Effect": "Deny"}
        found.append({key: value for key, value in denied.items() if key != "Resource"} | where)
    return found


def _allow(name: str, principal: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {
        "Sid": name,
        "Effect": "Allow",
        "Principal": {"AWS": [principal]},
        "Action": actions,
        "Resource": resources,
    }
