"""Donations for programs: begin one, add files, send it off, see how it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consent import queries as consent
from core.accounts.queries import open_programmes
from core.accounts.roles import Scope
from core.errors import Invalid, Missing
from core.web.pace import keep_pace
from registry import actions, queries
from registry.api.bodies import announced, whole_body
from registry.api.serializers import DonationSerializer, DonationStartSerializer, UploadAnswerSerializer
from registry.models import Donation
from registry.permissions import person

CHUNK, MEMORY = 1 << 20, 4 << 20


class Donations(ListAPIView[Donation]):
    """The donations of the token's owner, newest first."""

    scope = Scope.DONATIONS
    serializer_class = DonationSerializer

    def get_queryset(self) -> QuerySet[Donation]:
        """Narrowed to the reader."""
        return queries.donations_of(self.request.user)

    @extend_schema(operation_id="donations_start", request=DonationStartSerializer, responses={201: DonationSerializer})
    def post(self, request: Request) -> Response:
        """Begins a donation, or gives the one that is open already."""
        asked = DonationStartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        programme = open_programmes().filter(slug=asked.validated_data["programme"]).first()
        donor = consent.donor_of(request.user, programme.pk) if programme else None
        if donor is None:
            raise Missing("You have not signed a consent in such a programme.")
        donation = actions.start_donation(donor=donor, by=person(request.user))
        return Response(DonationSerializer(donation).data, status=status.HTTP_201_CREATED)


class OneDonation(APIView):
    """One donation of the token's owner."""

    scope = Scope.DONATIONS

    @extend_schema(operation_id="donations_retrieve", responses=DonationSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Its state, and how many files are in which state."""
        return Response(DonationSerializer(own(request, pk)).data)


class Files(APIView):
    """Files of an open donation."""

    scope = Scope.DONATIONS
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="donations_add_files",
        request={
            "application/dicom": OpenApiTypes.BINARY,
            "application/zip": OpenApiTypes.BINARY,
            "multipart/form-data": {
                "type": "object",
                "properties": {"images": {"type": "array", "items": {"type": "string", "format": "binary"}}},
            },
        },
        responses=UploadAnswerSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Adds one file or ZIP as the body, or several as a form; sending one again is answered with `duplicate`."""
        keep_pace(request._request, "upload_parts", person(request.user))
        donation = own(request, pk)
        if (announced(request) or 0) > settings.UPLOAD_ARCHIVE_BYTES + CHUNK:
            raise Invalid("This is more than we can take at once. Send it in several parts.", "too_large")
        by, answers = person(request.user), []
        if (request.content_type or "").startswith("multipart/"):
            files = request.FILES.getlist("images")
            if not files:
                raise Invalid("Nothing came in. Send at least one file as `images`, or one as the body.", "no_file")
            for file in files:
                answers += actions.add_upload(donation=donation, stream=cast(BinaryIO, file.file), by=by)
        else:
            with body_of(request) as stream:
                answers += actions.add_upload(donation=donation, stream=stream, by=by)
        donation.refresh_from_db()
        return Response(UploadAnswerSerializer({"state": donation.state, "answers": answers}).data)


class Submit(APIView):
    """Sending a donation off."""

    scope = Scope.DONATIONS

    @extend_schema(operation_id="donations_submit", request=None, responses=DonationSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Sends the donation off to be cleaned; sending twice changes nothing."""
        donation = own(request, pk)
        actions.submit_donation(donation=donation, by=person(request.user))
        return Response(DonationSerializer(donation).data)


def own(request: Request, pk: UUID) -> Donation:
    """The token owner's donation; raises Missing."""
    found = queries.donations_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Missing("There is no such donation.")
    return found


@contextmanager
def body_of(request: Request) -> Iterator[BinaryIO]:
    """The raw body as a seekable file; raises Invalid when it broke off or is larger than can be taken."""
    source, size, expected = whole_body(request), 0, announced(request)
    with SpooledTemporaryFile(max_size=MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        while piece := source.read(CHUNK):
            size += len(piece)
            if size > settings.UPLOAD_ARCHIVE_BYTES:
                raise Invalid("This is more than we can take at once. Send it in several parts.", "too_large")
            file.write(piece)
        if expected is not None and size != expected:
            raise Invalid("The upload broke off. Nothing was kept: send the file again.", "broken_off")
        yield cast(BinaryIO, file)
