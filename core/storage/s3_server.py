"""An S3 server as the store sees it: a bucket and a pair of keys for each zone, and what lies in them."""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from core.storage import s3_patience
from core.storage.s3_encryption import ServerSide
from core.storage.s3_streams import GONE, code_of, doing
from core.storage.zones import Zone


class S3Server:
    """One endpoint that speaks S3. What it lists is by prefix, and is told page by page."""

    page = 1000

    def __init__(
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        region: str,
        prefix: str,
        *,
        zone_keys: Mapping[str, tuple[str, str]] | None = None,
        encryption: ServerSide = ServerSide(),
    ) -> None:
        """`zone_keys` are pairs of access key and secret key for zones that have a pair of their own."""
        self.prefix, self.region, self.endpoint, self.encryption = prefix, region, endpoint, encryption
        self.patience = s3_patience.Patience()
        self.client = self._client(access_key, secret_key)
        own = {zone: self._client(*pair) for zone, pair in (zone_keys or {}).items()}
        self.clients: dict[Zone, Any] = {zone: own.get(zone.value, self.client) for zone in Zone}
        self.unread: set[Zone] = set()
        self.conditional: dict[Zone, bool] = {}

    def _client(self, access_key: str, secret_key: str) -> Any:
        # Some stores refuse boto3's default chunked checksums over TLS; SHA-256 is kept in our own rows.
        config = Config(
            retries={"total_max_attempts": s3_patience.TRIES, "mode": "standard"},
            connect_timeout=s3_patience.CONNECT,
            read_timeout=s3_patience.READ,
            # A connection for each request that a web process works on, with some for transfers in parts.
            max_pool_connections=50,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            # Signing what is sent costs a digest of all of it. Over TLS it is left out anyway; sealed bytes protect
            # themselves, and what a server is to encrypt is signed.
            s3={"addressing_style": "path", "payload_signing_enabled": bool(self.encryption.how)},
        )
        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name=self.region,
            config=config,
        )
        self.patience.watch(client)
        return client

    def bucket(self, zone: Zone) -> str:
        """The zone's bucket."""
        return f"{self.prefix}-{zone.value}"

    def _listed(self, zone: Zone, prefix: str = "") -> Iterator[Any]:
        pages = self.clients[zone].get_paginator("list_objects_v2").paginate(Bucket=self.bucket(zone), Prefix=prefix)
        with doing("list"):
            for page in pages:
                yield from page.get("Contents", [])

    def _versions(self, zone: Zone, key: str, *, older: bool = False) -> list[str]:
        """Every version and delete marker of `key`, or all but the newest; the server's list is by prefix, so others'
        are left out."""
        pages = (
            self.clients[zone]
            .get_paginator("list_object_versions")
            .paginate(Bucket=self.bucket(zone), Prefix=key, PaginationConfig={"PageSize": self.page})
        )
        found = [each for page in pages for each in page.get("Versions", []) + page.get("DeleteMarkers", [])]
        return [each["VersionId"] for each in found if each["Key"] == key and not (older and each["IsLatest"])]

    def _uploads(self, zone: Zone, prefix: str = "") -> list[Any]:
        pages = (
            self.clients[zone].get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket(zone), Prefix=prefix)
        )
        return [upload for page in pages for upload in page.get("Uploads", [])]

    def _abort(self, zone: Zone, upload: Any) -> None:
        try:
            self.clients[zone].abort_multipart_upload(
                Bucket=self.bucket(zone), Key=upload["Key"], UploadId=upload["UploadId"]
            )
        except ClientError as error:
            if code_of(error) != "NoSuchUpload":  # another process was quicker
                raise

    def _ensure_bucket(self, zone: Zone) -> None:
        # Amazon's first region has no name to give here, and any other needs one.
        place = {} if self.region == "us-east-1" else {"LocationConstraint": self.region}
        try:
            self.clients[zone].head_bucket(Bucket=self.bucket(zone))
        except ClientError as error:
            if code_of(error) not in GONE:
                raise
            try:
                self.clients[zone].create_bucket(
                    Bucket=self.bucket(zone), **({"CreateBucketConfiguration": place} if place else {})
                )
            except ClientError as second:
                if code_of(second) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise
