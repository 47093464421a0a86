"""Uploads for programs: the manifest, then what is missing of it in parts, as tus 1.0.0."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.roles import Scope
from core.errors import Missing
from core.web import tus
from core.web.pace import keep_pace
from registry import actions, queries
from registry.api.donations import own
from registry.api.serializers import (
    DonationReceiptSerializer,
    ManifestAnswerSerializer,
    ManifestSerializer,
    UploadSerializer,
)
from registry.permissions import person

HEADERS = [
    OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=about)
    for name, about in (
        ("Tus-Resumable", "1.0.0"),
        ("Upload-Checksum", "`sha1` or `sha256`, a space, and the digest of this body in Base64."),
    )
]
BYTES = {tus.MEDIA: OpenApiTypes.BINARY}


class Manifest(APIView):
    """What will be sent to a donation, and what of it is missing."""

    scope = Scope.DONATIONS

    @extend_schema(operation_id="donations_manifest", request=ManifestSerializer, responses=ManifestAnswerSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Says of each file whether this donor gave it before, and where and from which byte it goes on if not."""
        keep_pace(request._request, "upload_manifest", person(request.user))
        uploads = actions.DonationUploads(own(request, pk), person(request.user), _address_in(pk))
        return Response(uploads.manifest(request.data))

    @extend_schema(operation_id="donations_missing", responses=UploadSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """The uploads of which bytes are missing."""
        address = _address_in(pk)
        rows = queries.open_uploads(own(request, pk).pk)
        return Response([{**UploadSerializer(row).data, "upload": address(row.pk)} for row in rows])


class Tus(APIView):
    """What both addresses of the protocol share: it wants its version on every answer."""

    scope = Scope.DONATIONS
    parser_classes = ()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Adds the version, to refusals of the API too."""
        response.headers.setdefault("Tus-Resumable", tus.VERSION)
        return super().finalize_response(request, response, *args, **kwargs)

    def uploads(self, request: Request, pk: UUID) -> actions.DonationUploads:
        """The donation's uploads, for its owner; raises Missing and TooMany."""
        by = person(request.user)
        keep_pace(request._request, "upload_parts", by)
        return actions.DonationUploads(own(request, pk), by, _address_in(pk))


class Uploads(Tus):
    """Begins uploads (tus: creation, creation-with-upload)."""

    @extend_schema(operation_id="uploads_begin", request=BYTES, responses={201: None}, parameters=HEADERS)
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """Begins an upload of `Upload-Length` bytes; `sha256` in `Upload-Metadata` is compared at its end."""
        return tus.collection(request._request, self.uploads(request, pk))

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What of the protocol is spoken."""
        return tus.collection(request._request, self.uploads(request, kwargs["pk"]))


class OneUpload(Tus):
    """One upload: how far it is, its next part, its end (tus: core, checksum, expiration, termination)."""

    @extend_schema(operation_id="uploads_retrieve", responses=UploadSerializer)
    def get(self, request: Request, pk: UUID, upload: UUID) -> HttpResponseBase:
        """The upload as JSON, with what became of the file once it is whole."""
        uploads = self.uploads(request, pk)
        found = uploads.one(upload)
        return Response({**UploadSerializer(found).data, "upload": uploads.address(upload)})

    def head(self, request: Request, pk: UUID, upload: UUID) -> HttpResponse:
        """How many bytes count."""
        return tus.one(request._request, self.uploads(request, pk), upload)

    @extend_schema(operation_id="uploads_add", request=BYTES, responses={204: None}, parameters=HEADERS)
    def patch(self, request: Request, pk: UUID, upload: UUID) -> HttpResponse:
        """Adds the body from `Upload-Offset` on: all of it or nothing."""
        return tus.one(request._request, self.uploads(request, pk), upload)

    @extend_schema(operation_id="uploads_override", request=BYTES, responses={204: None}, parameters=HEADERS)
    def post(self, request: Request, pk: UUID, upload: UUID) -> HttpResponse:
        """The same deeds for senders that cannot say PATCH or DELETE: named in `X-HTTP-Method-Override`."""
        return tus.one(request._request, self.uploads(request, pk), upload)

    @extend_schema(operation_id="uploads_end", responses={204: None}, parameters=HEADERS[:1])
    def delete(self, request: Request, pk: UUID, upload: UUID) -> HttpResponse:
        """Stops the upload and erases what came of it."""
        return tus.one(request._request, self.uploads(request, pk), upload)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What of the protocol is spoken."""
        return tus.collection(request._request, self.uploads(request, kwargs["pk"]))


class Complete(APIView):
    """Saying that everything was sent, and the receipt."""

    scope = Scope.DONATIONS

    @extend_schema(operation_id="donations_complete", request=None, responses=DonationReceiptSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Sends the donation off, if everything that was promised is there; asked again, it gives the same receipt."""
        keep_pace(request._request, "upload_manifest", person(request.user))
        donation = own(request, pk)
        return Response(actions.complete_donation(donation=donation, by=person(request.user)))

    @extend_schema(operation_id="donations_receipt", responses=DonationReceiptSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The receipt of a donation that was sent off, by whichever door."""
        receipt = queries.receipt_of(own(request, pk))
        if receipt is None:
            raise Missing("This donation was not sent off, so there is no receipt yet.", "no_receipt")
        return Response(receipt)


def _address_in(donation_id: UUID) -> Any:
    """Makes the address of an upload of this donation from its key; the resolver is asked once for all of them."""
    base = reverse("registry_api:donation_uploads", args=[donation_id])
    return lambda key: f"{base}{key}/"
