"""A donor's program in the tests: promises files, and sends them part by part."""

import hashlib
from io import BytesIO
from typing import Any

from core.accounts.models import User
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry import actions
from registry.models import Donation, Upload
from registry.rules.promised import Promised
from tests.factories import registry as make

#: Bytes of a part in these tests, so that a small image has several.
PIECE = 512


def of(data: bytes, index: int = 0) -> Promised:
    """What a manifest says of these bytes."""
    return Promised(index, len(data), hashlib.sha256(data).hexdigest(), 0)


def promised(donation: Donation, *files: bytes) -> list[Upload]:
    """The uploads of files that a manifest told of."""
    listed = [of(data, index) for index, data in enumerate(files)]
    standings = actions.promise_files(donation=donation, files=listed, by=by(donation))
    return [each.upload for each in standings if each.upload is not None]


def by(donation: Donation) -> User:
    """Its donor's account."""
    return make.user_of(donation.donor)


def send(upload: Upload, data: bytes, *, begin: int | None = None, end: int | None = None, **said: Any) -> Upload:
    """Sends the bytes from one place to another as one request, with what is said of them."""
    fresh = Upload.objects.get(pk=upload.pk)
    begin = fresh.offset if begin is None else begin
    body = data[begin:end]
    return actions.add_part(upload=fresh, offset=begin, stream=BytesIO(body), by=by(fresh.donation), **said)


def living() -> Any:
    """What lies in quarantine, and on the way there, but for what has become a piece of it."""
    lying = StoredObject.objects.filter(zone__in=[Zone.INCOMING, Zone.QUARANTINE], part_of=None)
    return lying.exclude(state=ObjectState.ERASED)


def own(donation: Donation) -> bytes:
    """An image of the donor's own, of several parts."""
    return make.own_dicom(donation.donor, PixelData=b"\7" * 3_000, Rows=30, Columns=50)
