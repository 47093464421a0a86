"""Encryption by an S3 server itself: what is said to it with each request, and whether it was seen to do it."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

#: The name of each way in the settings, and what a server calls it in its answers.
NAMES: Final = {"sse-s3": "AES256", "sse-kms": "aws:kms", "sse-c": ""}


@dataclass(frozen=True)
class ServerSide:
    """One of NAMES, or nothing; `customer_key` is what the server is lent with each request under SSE-C."""

    how: str = ""
    kms_key: str = ""
    customer_key: bytes = b""

    @property
    def writing(self) -> dict[str, Any]:
        """What a request says that writes."""
        if self.how in {"sse-s3", "sse-kms"}:
            return {"ServerSideEncryption": NAMES[self.how]} | ({"SSEKMSKeyId": self.kms_key} if self.kms_key else {})
        return self.reading

    @property
    def reading(self) -> dict[str, Any]:
        """What a request says that reads or looks."""
        if self.how != "sse-c":
            return {}
        digest = hashlib.md5(self.customer_key, usedforsecurity=False).digest()
        return {
            "SSECustomerAlgorithm": "AES256",
            "SSECustomerKey": b64encode(self.customer_key).decode(),
            "SSECustomerKeyMD5": b64encode(digest).decode(),
        }

    def is_done(self, client: Any, bucket: str, key: str) -> bool:
        """Whether the server really encrypts: some take the header and store plain bytes. Leaves its trial there."""
        try:
            client.put_object(Bucket=bucket, Key=key, Body=b"1", **self.writing)
            if self.how != "sse-c":
                return bool(client.head_object(Bucket=bucket, Key=key).get("ServerSideEncryption") == NAMES[self.how])
            client.head_object(Bucket=bucket, Key=key, **self.reading)
        except ClientError:
            return False
        try:
            client.head_object(Bucket=bucket, Key=key)
        except ClientError:
            return True
        return False
