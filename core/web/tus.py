"""Resumable uploads as tus 1.0.0 speaks them over HTTP; what an upload is, its owner says (`Uploads`).

https://tus.io/protocols/resumable-upload, with creation, creation-with-upload, checksum, expiration and termination.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Final, Protocol, cast
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import http_date

from core.errors import Conflict, Invalid, Refused, TooMuch
from core.spoken import said
from core.web.api import PROBLEM, problem

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,checksum,expiration,termination"
#: Digest lengths in bytes, by the name that tus and hashlib share.
ALGORITHMS: Final = {"sha1": 20, "sha256": 32}
MEDIA: Final = "application/offset+octet-stream"
#: Kinds of answers in one header, so that it stays one that proxies pass on; there are hardly more.
MOST_TOLD: Final = 12
#: The extension's own status for bytes that are not those of the checksum.
MISMATCH, MISMATCH_CODE = 460, "checksum_mismatch"


@dataclass(frozen=True)
class Body:
    """The bytes of one request, with what is said of them: how many (None where unknown), and (algorithm, digest)."""

    stream: BinaryIO
    length: int | None
    checksum: tuple[str, bytes] | None


@dataclass(frozen=True)
class Standing:
    """How an upload stands. `offset` and `size` in bytes; `outcome` is a code once it is whole.

    `told` is how often what became of it: (outcome, sentence for people) by number, of a ZIP's files one by one. It is
    known where the upload has just become whole, and not afterwards.
    """

    key: UUID
    address: str
    offset: int
    size: int
    sha256: str = ""
    expires_at: datetime | None = None
    outcome: str = ""
    told: Mapping[tuple[str, str], int] = field(default_factory=dict)


class Uploads(Protocol):
    """What the owner of uploads offers; each raises a Refused."""

    largest: int

    def begin(self, size: int, sha256: str) -> Standing: ...
    def add(self, key: UUID, offset: int, body: Body) -> Standing: ...
    def stands(self, key: UUID) -> Standing: ...
    def end(self, key: UUID) -> None: ...


def collection(request: HttpRequest, uploads: Uploads) -> HttpResponse:
    """POST begins an upload, with its first bytes where they are sent along; OPTIONS says what is spoken."""
    return _spoken(request, uploads, {"POST": lambda: _create(request, uploads)})


def one(request: HttpRequest, uploads: Uploads, key: UUID) -> HttpResponse:
    """HEAD, PATCH and DELETE of one upload, also as a POST that names them in X-HTTP-Method-Override."""
    deeds = {
        "HEAD": lambda: _answer(uploads.stands(key), 200, {"Cache-Control": "no-store"}, is_head=True),
        "PATCH": lambda: _patch(request, uploads, key),
        "DELETE": lambda: _delete(uploads, key),
    }
    return _spoken(request, uploads, deeds)


def _spoken(request: HttpRequest, uploads: Uploads, deeds: dict[str, Callable[[], HttpResponse]]) -> HttpResponse:
    method = request.headers.get("X-HTTP-Method-Override", request.method or "").upper()
    if method == "OPTIONS":
        return _options(uploads)
    if request.headers.get("Tus-Resumable") != VERSION:
        response = _refusal(Refused("Say which protocol you speak: send Tus-Resumable: 1.0.0.", "version"), 412)
        response["Tus-Version"] = VERSION
        return response
    if method not in deeds:
        response = _refusal(Refused("This address does not take that.", "method"), 405)
        response["Allow"] = ", ".join([*deeds, "OPTIONS"])
        return response
    try:
        return deeds[method]()
    except Refused as refused:
        return _refusal(refused, MISMATCH if refused.code == MISMATCH_CODE else int(refused.status))


def _options(uploads: Uploads) -> HttpResponse:
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(uploads.largest),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return HttpResponse(status=204, headers=headers)


def _create(request: HttpRequest, uploads: Uploads) -> HttpResponse:
    if "Upload-Length" not in request.headers:
        raise Invalid("Say how many bytes the file has: send Upload-Length.", "no_length")
    size = _number(request, "Upload-Length")
    if size > uploads.largest:
        raise TooMuch("This file is larger than we can take.", "too_large")
    begun = uploads.begin(size, _sha256(request.headers.get("Upload-Metadata", "")))
    has_bytes = request.content_type == MEDIA
    if begun.offset == 0 and (has_bytes or size == 0):
        try:
            begun = uploads.add(begun.key, 0, body_of(request))
        except Conflict:
            begun = uploads.stands(begun.key)  # another window was quicker with its first bytes
        except Refused:
            # Its sender never learns its address, and what nobody can end or go on with would be missed for days.
            with suppress(Refused):
                uploads.end(begun.key)
            raise
    return _answer(begun, 201, {"Location": begun.address}, is_begun=not has_bytes)


def _patch(request: HttpRequest, uploads: Uploads, key: UUID) -> HttpResponse:
    if request.content_type != MEDIA:
        return _refusal(Refused(f"Send the bytes as {MEDIA}.", "media_type"), 415)
    return _answer(uploads.add(key, _number(request, "Upload-Offset"), body_of(request)), 204)


def _delete(uploads: Uploads, key: UUID) -> HttpResponse:
    uploads.end(key)
    return HttpResponse(status=204, headers={"Tus-Resumable": VERSION})


def body_of(request: HttpRequest) -> Body:
    """The request's bytes, unread. A body whose length was not announced is whole when Django hands it over (ASGI)."""
    announced = str(request.META.get("CONTENT_LENGTH") or "")
    length = int(announced) if announced.isdecimal() else None
    return Body(cast(BinaryIO, request), length, _checksum(request.headers.get("Upload-Checksum", "")))


def _checksum(header: str) -> tuple[str, bytes] | None:
    if not header:
        return None
    algorithm, _, text = header.partition(" ")
    digest = _decoded(text)
    if algorithm not in ALGORITHMS or len(digest) != ALGORITHMS[algorithm]:
        raise Invalid("Upload-Checksum is sha1 or sha256, a space, and the digest in Base64.", "checksum")
    return algorithm, digest


def _sha256(metadata: str) -> str:
    """The value called `sha256` in Upload-Metadata; everything else in it is passed over, for it may be a name."""
    pairs = [pair.strip().partition(" ") for pair in metadata.split(",")]
    values = [_decoded(value).decode("latin-1").lower() for name, _, value in pairs if name == "sha256"]
    if not values:
        return ""
    if len(values[0]) != 64 or set(values[0]) - set("0123456789abcdef"):
        raise Invalid("The sha256 in Upload-Metadata is 64 hexadecimal digits, in Base64.", "sha256")
    return values[0]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("A header that is to hold Base64 does not.", "base64") from None


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Invalid(f"{header} must be a whole number of bytes.", "number")
    return int(text)


def _answer(
    stands: Standing, status: int, more: dict[str, str] | None = None, *, is_head: bool = False, is_begun: bool = False
) -> HttpResponse:
    headers = {"Tus-Resumable": VERSION, **(more or {})}
    if not is_begun:
        headers["Upload-Offset"] = str(stands.offset)
    if is_head:
        headers["Upload-Length"] = str(stands.size)
        if stands.sha256:
            headers["Upload-Metadata"] = f"sha256 {base64.b64encode(stands.sha256.encode()).decode()}"
    if stands.expires_at is not None and stands.offset < stands.size:
        headers["Upload-Expires"] = http_date(stands.expires_at.timestamp())
    if stands.outcome:
        headers["Donara-Outcome"] = stands.outcome
    if stands.told:
        told = sorted(stands.told.items(), key=lambda each: -each[1])[:MOST_TOLD]
        headers["Donara-Told"] = quote(json.dumps([[outcome, n, said(text)] for (outcome, text), n in told]))
    return HttpResponse(status=status, headers=headers)


def _refusal(refused: Refused, status: int) -> HttpResponse:
    body = problem(refused.sentence, status, refused.code)
    return JsonResponse(body, status=status, content_type=PROBLEM, headers={"Tus-Resumable": VERSION})
