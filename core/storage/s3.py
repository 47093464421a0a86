"""An S3 store: one bucket per zone, at any endpoint that speaks S3."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import BufferedReader
from typing import Any, BinaryIO, Final, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.ids import new_id
from core.storage.interface import AlreadyThere, Capabilities, NoSuchObject, StoreUnreachable
from core.storage.s3_streams import GONE, NO_RANGE, TAKEN, Body, Full, code_of, doing
from core.storage.zones import Zone

#: Up to this many bytes are sent in one request, which a store can refuse when the key is taken.
PART = 8 << 20
#: Keys of the objects with which the server itself is tried; one stays when its process is killed at that moment.
TRIAL, TRIAL_LASTS = "trial-", timedelta(hours=1)
#: Keys of short texts that the registry keeps for itself, such as the head of its log that was signed last.
NOTE: Final = "note-"


class S3Store:
    """Objects as `prefix-zone/key`. Uploads are streamed in parts and appear whole."""

    page = 1000

    def __init__(self, endpoint: str, access_key: str, secret_key: str, region: str, prefix: str) -> None:
        self.prefix, self.region = prefix, region
        # Some stores refuse boto3's default chunked checksums over TLS; SHA-256 is kept in our own rows.
        config = Config(
            retries={"max_attempts": 4, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        )
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name=region,
            config=config,
        )

    def bucket(self, zone: Zone) -> str:
        """The zone's bucket."""
        return f"{self.prefix}-{zone.value}"

    def put(self, zone: Zone, key: str, data: BinaryIO) -> int:
        if self.exists(zone, key):
            raise AlreadyThere
        source = Full(data)
        first = source.look(PART)
        with doing("write"):
            if len(first) < PART:
                only_new: dict[str, str] = {"IfNoneMatch": "*"} if self.conditional else {}
                self.client.put_object(Bucket=self.bucket(zone), Key=key, Body=first, **only_new)
            else:
                self.client.upload_fileobj(source, self.bucket(zone), key)
        return source.size

    def open(self, zone: Zone, key: str) -> BinaryIO:
        with doing("read"):
            answer = self.client.get_object(Bucket=self.bucket(zone), Key=key)
        return cast(BinaryIO, BufferedReader(Body(answer["Body"]), buffer_size=1 << 20))

    def start(self, zone: Zone, key: str, size: int) -> bytes:
        with doing("read"):
            try:
                answer = self.client.get_object(Bucket=self.bucket(zone), Key=key, Range=f"bytes=0-{size - 1}")
            except ClientError as error:
                if code_of(error) in NO_RANGE:
                    return b""
                raise
        with BufferedReader(Body(answer["Body"])) as stream:
            return stream.read(size)

    def exists(self, zone: Zone, key: str) -> bool:
        try:
            with doing("read"):
                self.client.head_object(Bucket=self.bucket(zone), Key=key)
        except NoSuchObject:
            return False
        return True

    def holds(self, zone: Zone, key: str) -> bool:
        with doing("look for"):
            return bool(self._versions(zone, key)) or any(each["Key"] == key for each in self._uploads(zone, key))

    def delete(self, zone: Zone, key: str) -> None:
        with doing("erase"):
            for upload in self._uploads(zone, key):
                if upload["Key"] == key:
                    self._abort(zone, upload)
            # Listed whole before the first is deleted: a server loses its place among versions that vanish.
            while versions := self._versions(zone, key):
                for version in versions:
                    self.client.delete_object(Bucket=self.bucket(zone), Key=key, VersionId=version)

    def keys(self, zone: Zone) -> Iterator[str]:
        return (item["Key"] for item in self._listed(zone) if not item["Key"].startswith((TRIAL, NOTE)))

    def note(self, name: str) -> str:
        """The short text that is kept under this name, or nothing where there is none."""
        try:
            with self.open(Zone.RELEASED, NOTE + name) as stream:
                return stream.read().decode(errors="replace")
        except NoSuchObject:
            return ""

    def keep_note(self, name: str, text: str) -> None:
        """Keeps a short text under a name in place of what was there, older versions of it included."""
        zone, key = Zone.RELEASED, NOTE + name
        with doing("write"):
            earlier = self._versions(zone, key)
            made = self.client.put_object(Bucket=self.bucket(zone), Key=key, Body=text.encode()).get("VersionId")
            for version in earlier:
                # A bucket without versions calls the one that there is "null", and it was replaced.
                if made is not None and version != made:
                    self.client.delete_object(Bucket=self.bucket(zone), Key=key, VersionId=version)

    def _listed(self, zone: Zone, prefix: str = "") -> Iterator[Any]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket(zone), Prefix=prefix)
        with doing("list"):
            for page in pages:
                yield from page.get("Contents", [])

    def tidy(self, zone: Zone, before: datetime) -> int:
        count = 0
        with doing("tidy up"):
            for upload in self._uploads(zone):
                if upload["Initiated"] < before:
                    self._abort(zone, upload)
                    count += 1
        return count

    def _versions(self, zone: Zone, key: str) -> list[str]:
        """Every version and delete marker of `key`; the server's list is by prefix, so others' are left out."""
        pages = self.client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket(zone), Prefix=key, PaginationConfig={"PageSize": self.page}
        )
        found = [each for page in pages for each in page.get("Versions", []) + page.get("DeleteMarkers", [])]
        return [each["VersionId"] for each in found if each["Key"] == key]

    def _uploads(self, zone: Zone, prefix: str = "") -> list[Any]:
        pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket(zone), Prefix=prefix)
        return [upload for page in pages for upload in page.get("Uploads", [])]

    def _abort(self, zone: Zone, upload: Any) -> None:
        try:
            self.client.abort_multipart_upload(Bucket=self.bucket(zone), Key=upload["Key"], UploadId=upload["UploadId"])
        except ClientError as error:
            if code_of(error) != "NoSuchUpload":  # another process was quicker
                raise

    def probe(self) -> Capabilities:
        try:
            for zone in Zone:
                self._ensure_bucket(zone)
            self._clear_trials()
            versioning = self.client.get_bucket_versioning(Bucket=self.bucket(Zone.CLEAN)).get("Status") == "Enabled"
        except (BotoCoreError, ClientError) as error:
            raise StoreUnreachable(
                f"The S3 store does not answer as it should ({type(error).__name__}): check DONARA_S3_ENDPOINT, "
                "DONARA_S3_ACCESS_KEY, DONARA_S3_SECRET_KEY and DONARA_S3_BUCKET_PREFIX."
            ) from None
        return Capabilities(conditional_put=self.conditional, versions=versioning)

    @cached_property
    def conditional(self) -> bool:
        """Whether `If-None-Match: *` is honoured: some stores accept the header and overwrite all the same."""
        zone, key = Zone.REVIEW, f"{TRIAL}{new_id()}"
        try:
            for body in (b"1", b"2"):
                self.client.put_object(Bucket=self.bucket(zone), Key=key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) in {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", *GONE}:
                raise
            return code_of(error) in TAKEN
        finally:
            self.delete(zone, key)
        return False

    def _clear_trials(self) -> None:
        for left in list(self._listed(Zone.REVIEW, TRIAL)):
            if left["LastModified"] < datetime.now(UTC) - TRIAL_LASTS:
                self.delete(Zone.REVIEW, left["Key"])

    def _ensure_bucket(self, zone: Zone) -> None:
        # Amazon's first region has no name to give here, and any other needs one.
        place = {} if self.region == "us-east-1" else {"LocationConstraint": self.region}
        try:
            self.client.head_bucket(Bucket=self.bucket(zone))
        except ClientError as error:
            if code_of(error) not in GONE:
                raise
            try:
                self.client.create_bucket(
                    Bucket=self.bucket(zone), **({"CreateBucketConfiguration": place} if place else {})
                )
            except ClientError as second:
                if code_of(second) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise
