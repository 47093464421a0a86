"""An S3 store: one bucket per zone, at any endpoint that speaks S3."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from typing import BinaryIO, Final, cast

from botocore.exceptions import BotoCoreError, ClientError

from core.ids import new_id
from core.storage.interface import AlreadyThere, Capabilities, NoSuchObject, StoreUnreachable
from core.storage.roles import CLAIM, NOTE, NOTES, TRIAL, TRIALS
from core.storage.s3_server import S3Server
from core.storage.s3_streams import GONE, NO_RANGE, TAKEN, Body, Full, SourceBroke, code_of, doing
from core.storage.zones import Zone

#: Up to this many bytes are sent in one request, which a store can refuse when the key is taken: enough for what a door
#: takes in one piece (8 MiB), and its sealing.
PART = 9 << 20
#: Keys of the objects with which the server itself is tried; one stays when its process is killed at that moment.
TRIAL_LASTS: Final = timedelta(hours=1)
#: Keys that say that somebody writes an object in parts; a claim this old was left by a process that died.
CLAIM_LASTS: Final = timedelta(hours=1)


class S3Store(S3Server):
    """Objects as `prefix-zone/key`. Uploads are streamed in parts and appear whole."""

    def put(self, zone: Zone, key: str, data: BinaryIO) -> int:
        source = Full(data)
        first = source.look(PART)
        if len(first) < PART and self.is_conditional(zone):
            self._send(zone, key, first, only_new=True)
            return source.size
        with self._claimed(zone, key):
            if self.exists(zone, key):
                raise AlreadyThere  # by one who was quicker, before the claim
            self._send(zone, key, first if len(first) < PART else source)
        return source.size

    def replace(self, zone: Zone, key: str, data: BinaryIO) -> None:
        source = Full(data)
        first = source.look(PART)
        self._send(zone, key, first if len(first) < PART else source)
        with doing("erase"):
            for version in self._versions(zone, key, older=True):
                self.clients[zone].delete_object(Bucket=self.bucket(zone), Key=key, VersionId=version)

    def _send(self, zone: Zone, key: str, what: bytes | Full, *, only_new: bool = False) -> None:
        """Bytes in one request, a reader in parts."""
        client, also = self.clients[zone], self.encryption.writing
        if only_new:
            also = also | {"IfNoneMatch": "*"}
        with doing("write"):
            if isinstance(what, bytes):
                try:
                    client.put_object(Bucket=self.bucket(zone), Key=key, Body=what, **also)
                except ClientError as error:
                    if not (only_new and self._came_through(error, zone, key, what)):
                        raise
            else:
                try:
                    client.upload_fileobj(what, self.bucket(zone), key, ExtraArgs=also or None)
                except SourceBroke as broke:
                    raise broke.error from None

    def _came_through(self, error: ClientError, zone: Zone, key: str, data: bytes) -> bool:
        """Whether a put was refused because an earlier try of its own had come through, and only its answer was lost.

        The key is taken, and by these very bytes: without encryption by the server, an ETag is their MD5.
        """
        was_tried = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0) > 0
        if not was_tried or code_of(error) not in TAKEN:
            return False
        tag = f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'
        return any(item["Key"] == key and item["ETag"] == tag for item in self._listed(zone, key))

    @contextmanager
    def _claimed(self, zone: Zone, key: str) -> Iterator[None]:
        """Lets one at a time write an object where the server would not refuse a second: in parts, or with versions on.

        Raises StoreUnreachable while somebody else does; so does a claim whose process was killed, until CLAIM_LASTS.
        The claims lie in the one zone whose bucket needs no versions. A server that refuses nothing there allows no
        claims either: then the key is looked at, and that is all.
        """
        if not self.is_conditional(TRIALS):
            yield
            return
        claim = f"{CLAIM}{zone.value}-{key}"
        try:
            # Bytes of its own: a claim whose answer was lost is known by them, and nobody else's looks like it.
            self._send(TRIALS, claim, str(new_id()).encode(), only_new=True)
        except AlreadyThere:
            self._clear_left(TRIALS, claim, CLAIM_LASTS)
            raise StoreUnreachable("This is being written at this moment. Try again in a few minutes.") from None
        try:
            yield
        finally:
            with suppress(StoreUnreachable):  # a later try, or the tidying, removes it
                self.delete(TRIALS, claim)

    def open(self, zone: Zone, key: str) -> BinaryIO:
        with doing("read"):
            answer = self.clients[zone].get_object(Bucket=self.bucket(zone), Key=key, **self.encryption.reading)
        return cast(BinaryIO, BufferedReader(Body(answer["Body"]), buffer_size=1 << 20))

    def start(self, zone: Zone, key: str, size: int) -> bytes:
        with doing("read"):
            try:
                answer = self.clients[zone].get_object(
                    Bucket=self.bucket(zone), Key=key, Range=f"bytes=0-{size - 1}", **self.encryption.reading
                )
            except ClientError as error:
                if code_of(error) in NO_RANGE:
                    return b""
                raise
        with BufferedReader(Body(answer["Body"])) as stream:
            return stream.read(size)

    def exists(self, zone: Zone, key: str) -> bool:
        if zone in self.unread:
            return any(item["Key"] == key for item in self._listed(zone, key))
        try:
            with doing("read"):
                try:
                    self.clients[zone].head_object(Bucket=self.bucket(zone), Key=key, **self.encryption.reading)
                except ClientError as error:
                    if code_of(error) not in {"403", "AccessDenied"}:
                        raise
                    self.unread.add(zone)  # this process may put there and list, and not look into anything
                    return self.exists(zone, key)
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
                    self.clients[zone].delete_object(Bucket=self.bucket(zone), Key=key, VersionId=version)

    def keys(self, zone: Zone) -> Iterator[str]:
        return (item["Key"] for item in self._listed(zone) if not item["Key"].startswith((TRIAL, NOTE, CLAIM)))

    def note(self, name: str) -> str:
        """The short text that is kept under this name, or nothing where there is none."""
        try:
            with self.open(NOTES, NOTE + name) as stream:
                return stream.read().decode(errors="replace")
        except NoSuchObject:
            return ""

    def keep_note(self, name: str, text: str) -> None:
        """Keeps a short text under a name in place of what was there, older versions of it included."""
        zone, key = NOTES, NOTE + name
        with doing("write"):
            earlier = self._versions(zone, key)
            made = (
                self.clients[zone]
                .put_object(Bucket=self.bucket(zone), Key=key, Body=text.encode(), **self.encryption.writing)
                .get("VersionId")
            )
            for version in earlier:
                # A bucket without versions calls the one that there is "null", and it was replaced.
                if made is not None and version != made:
                    self.clients[zone].delete_object(Bucket=self.bucket(zone), Key=key, VersionId=version)

    def tidy(self, zone: Zone, before: datetime) -> int:
        count, age = 0, datetime.now(UTC) - before
        with doing("tidy up"):
            for upload in self._uploads(zone):
                if upload["Initiated"] < before:
                    self._abort(zone, upload)
                    count += 1
        return count + sum(self._clear_left(zone, item["Key"], age) for item in list(self._listed(zone, CLAIM)))

    def probe(self) -> Capabilities:
        try:
            for zone in Zone:
                self._ensure_bucket(zone)
            self.conditional[TRIALS] = conditional = self._refuses_a_second(TRIALS)
            self._clear_trials()
            clean = self.bucket(Zone.CLEAN)
            versioning = self.clients[Zone.CLEAN].get_bucket_versioning(Bucket=clean).get("Status") == "Enabled"
            self._see_encryption()
        except (BotoCoreError, ClientError) as error:
            raise StoreUnreachable(
                f"The S3 store does not answer as it should ({type(error).__name__}): check DONARA_S3_ENDPOINT, "
                "DONARA_S3_ACCESS_KEY, DONARA_S3_SECRET_KEY and DONARA_S3_BUCKET_PREFIX."
            ) from None
        return Capabilities(conditional_put=conditional, versions=versioning)

    def is_conditional(self, zone: Zone) -> bool:
        """Whether the zone's bucket honours `If-None-Match: *`; tried once.

        Some stores accept the header and overwrite all the same, and some do so in buckets that keep versions.
        """
        if zone not in self.conditional:
            with doing("write"):
                self.conditional[zone] = self._refuses_a_second(zone)
        return self.conditional[zone]

    def _refuses_a_second(self, zone: Zone) -> bool:
        key = f"{TRIAL}{new_id()}"
        try:
            for body in (b"1", b"2"):
                self.clients[zone].put_object(Bucket=self.bucket(zone), Key=key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) in {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", *GONE}:
                raise
            return code_of(error) in TAKEN
        finally:
            self.delete(zone, key)
        return False

    def _clear_trials(self) -> None:
        for left in list(self._listed(TRIALS, TRIAL)):
            self._clear_left(TRIALS, left["Key"], TRIAL_LASTS)

    def _clear_left(self, zone: Zone, key: str, age: timedelta) -> bool:
        """Removes a small object of the registry's own, if it is that old; returns whether it was."""
        is_old = any(
            item["Key"] == key and item["LastModified"] < datetime.now(UTC) - age for item in self._listed(zone, key)
        )
        if is_old:
            self.delete(zone, key)
        return is_old

    def _see_encryption(self) -> None:
        """Raises StoreUnreachable where the server does not encrypt as the settings say that it should."""
        if not self.encryption.how:
            return
        key = f"{TRIAL}{new_id()}"
        try:
            is_done = self.encryption.is_done(self.clients[TRIALS], self.bucket(TRIALS), key)
        finally:
            self.delete(TRIALS, key)
        if not is_done:
            raise StoreUnreachable(
                f"The S3 store was asked to encrypt ({self.encryption.how}) and was not seen to: set "
                "DONARA_STORE_ENCRYPTION to what it can do, or to envelope."
            )
