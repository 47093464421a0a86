"""An S3 store: one bucket per zone, at any endpoint that speaks S3."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.ids import new_id
from core.storage.interface import Capabilities, NoSuchObject, StoreUnreachable
from core.storage.zones import Zone

GONE = {"NoSuchKey", "404", "NotFound", "NoSuchBucket"}


class S3Store:
    """Objects as `prefix-zone/key`. Uploads are streamed in parts and appear whole."""

    def __init__(self, endpoint: str, access_key: str, secret_key: str, region: str, prefix: str) -> None:
        self.prefix = prefix
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
        counted = _Counted(data)
        try:
            self.client.upload_fileobj(counted, self.bucket(zone), key)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnreachable(f"The object store refused a write ({type(error).__name__}).") from None
        return counted.size

    def open(self, zone: Zone, key: str) -> BinaryIO:
        try:
            answer = self.client.get_object(Bucket=self.bucket(zone), Key=key)
            return cast(BinaryIO, answer["Body"])
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                raise NoSuchObject from None
            raise StoreUnreachable("The object store refused a read.") from None
        except BotoCoreError as error:
            raise StoreUnreachable(f"The object store did not answer ({type(error).__name__}).") from None

    def exists(self, zone: Zone, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket(zone), Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return False
            raise StoreUnreachable("The object store refused a question.") from None
        except BotoCoreError as error:
            raise StoreUnreachable(f"The object store did not answer ({type(error).__name__}).") from None
        return True

    def delete(self, zone: Zone, key: str) -> None:
        bucket = self.bucket(zone)
        try:
            for upload in self.client.list_multipart_uploads(Bucket=bucket, Prefix=key).get("Uploads", []):
                self.client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
            versions = self.client.list_object_versions(Bucket=bucket, Prefix=key)
            for version in versions.get("Versions", []) + versions.get("DeleteMarkers", []):
                self.client.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
            self.client.delete_object(Bucket=bucket, Key=key)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnreachable(f"The object store did not delete ({type(error).__name__}).") from None

    def keys(self, zone: Zone) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket(zone))
        for page in pages:
            for item in page.get("Contents", []):
                yield item["Key"]

    def probe(self) -> Capabilities:
        try:
            for zone in Zone:
                self._ensure_bucket(zone)
            conditional = self._conditional_put()
            versioning = self.client.get_bucket_versioning(Bucket=self.bucket(Zone.CLEAN)).get("Status") == "Enabled"
        except (BotoCoreError, ClientError) as error:
            raise StoreUnreachable(
                f"The S3 store does not answer as it should ({type(error).__name__}): check DONARA_S3_ENDPOINT, "
                "DONARA_S3_ACCESS_KEY, DONARA_S3_SECRET_KEY and DONARA_S3_BUCKET_PREFIX."
            ) from None
        return Capabilities(conditional_put=conditional, versions=versioning)

    def _ensure_bucket(self, zone: Zone) -> None:
        try:
            self.client.head_bucket(Bucket=self.bucket(zone))
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
            try:
                self.client.create_bucket(Bucket=self.bucket(zone))
            except ClientError as second:
                if second.response["Error"]["Code"] not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise

    def _conditional_put(self) -> bool:
        """Whether `If-None-Match: *` is honoured: some stores accept the header and overwrite all the same."""
        bucket, key = self.bucket(Zone.REVIEW), f"probe-{new_id()}"
        try:
            self.client.put_object(Bucket=bucket, Key=key, Body=b"1", IfNoneMatch="*")
            self.client.put_object(Bucket=bucket, Key=key, Body=b"2", IfNoneMatch="*")
        except ClientError as error:
            return error.response["Error"]["Code"] in {"PreconditionFailed", "412"}
        finally:
            self.client.delete_object(Bucket=bucket, Key=key)
        return False


class _Counted(BytesIO):
    """A reader that counts what passes through; boto3 wants a seekable or plain reader, this is the latter."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self.source, self.size = source, 0

    def read(self, amount: int | None = -1, /) -> bytes:
        data = self.source.read(-1 if amount is None else amount)
        self.size += len(data)
        return data

    def seekable(self) -> bool:
        return False
