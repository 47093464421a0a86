"""A donation's uploads as the tus door asks for them: each deed of a program or a page is one action here."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings

from core.accounts.models import User
from core.errors import Gone, Missing
from core.web.tus import Body, Standing
from registry.actions.parts import Checksum, add_part, end_upload
from registry.actions.promises import FileStanding, promise_files, promise_one
from registry.models import Donation, Upload
from registry.rules.lifecycle import UploadState
from registry.rules.promised import read_manifest


class DonationUploads:
    """The uploads of one donation; `address` makes an upload's address from its key, which is how the door names it."""

    def __init__(self, donation: Donation, by: User, address: Callable[[UUID], str]) -> None:
        self.donation, self.by, self.address = donation, by, address
        self.largest: int = settings.UPLOAD_ARCHIVE_BYTES

    def manifest(self, body: object) -> dict[str, Any]:
        """The answer to a manifest: how each file stands, in its order. Raises as `promise_files`, and Invalid."""
        files = read_manifest(body)
        return {"files": [self._told(each) for each in promise_files(donation=self.donation, files=files, by=self.by)]}

    def _told(self, each: FileStanding) -> dict[str, Any]:
        """One file's line. Built by hand: ten thousand of them are a second's work for a serializer."""
        told: dict[str, Any] = {"index": each.index, "standing": each.standing.value}
        if each.upload is not None:
            told |= {"offset": each.upload.offset, "upload": self.address(each.upload.pk)}
        return told

    def begin(self, size: int, sha256: str) -> Standing:
        """A new upload, or the open one for these bytes; a file of no bytes is whole at once."""
        upload = promise_one(donation=self.donation, size=size, sha256=sha256, by=self.by)
        return self.standing(upload)

    def add(self, key: UUID, offset: int, body: Body) -> Standing:
        """Adds a part."""
        checksum = Checksum(*body.checksum) if body.checksum else None
        upload = add_part(
            upload=self.one(key), offset=offset, stream=body.stream, by=self.by, length=body.length, checksum=checksum
        )
        return self.standing(upload)

    def stands(self, key: UUID) -> Standing:
        """How far an upload is; raises Gone once it has ended."""
        upload = self.one(key)
        if upload.state == UploadState.ENDED:
            raise Gone("This upload has ended. Send the list of files again, then go on.", "ended")
        return self.standing(upload)

    def end(self, key: UUID) -> None:
        """Stops an upload."""
        end_upload(upload=self.one(key), by=self.by)

    def one(self, key: UUID) -> Upload:
        """The donation's upload with this key; raises Missing."""
        found = Upload.objects.filter(donation=self.donation, pk=key).first()
        if found is None:
            raise Missing("There is no such upload.")
        found.donation = self.donation
        return found

    def standing(self, upload: Upload) -> Standing:
        """An upload as the protocol tells of it."""
        return Standing(
            key=upload.pk,
            address=self.address(upload.pk),
            offset=upload.offset,
            size=upload.size,
            sha256=upload.sha256,
            expires_at=upload.expires_at,
            outcome=upload.outcome,
            told=upload.told,
        )
