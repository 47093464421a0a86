"""DICOMweb STOW-RS (PS3.18 section 10.5): a hospital's system sends images into the one donation of its token."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.http import parse_header_parameters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from core.accounts.models import ApiToken, User
from core.accounts.roles import Scope
from core.errors import Invalid
from registry import actions, queries
from registry.actions import FileAnswer
from registry.api.bodies import whole_body
from registry.api.donations import MEMORY
from registry.models import Donation
from registry.permissions import person
from registry.rules import stow
from registry.rules.related import Part, RelatedError, parts_of
from registry.rules.stow import Instance, Reason

DICOM = "application/dicom"
REASONS = {"too_large": Reason.OUT_OF_RESOURCES, "other_study": Reason.OTHER_STUDY}
BODY = {f'multipart/related; type="{DICOM}"': OpenApiTypes.BINARY}
ANSWER = {(status, stow.JSON): OpenApiTypes.OBJECT for status in (200, 202, 409)}


class Unsupported(APIException):
    """415 (RFC 9110 section 15.5.16)."""

    status_code = 415
    default_detail = f'Send the images as multipart/related; type="{DICOM}".'
    default_code = "unsupported_media_type"


class AnyKind(BaseContentNegotiation):
    """The view itself looks at Accept: DRF knows none of DICOM's media types."""

    def select_parser(self, request: Request, parsers: object) -> None:
        return None

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class Studies(APIView):
    """Images of any study."""

    scope = Scope.STOW
    content_negotiation_class = AnyKind

    @extend_schema(operation_id="stow", request=BODY, responses=ANSWER)
    def post(self, request: Request) -> HttpResponse:
        """Stores each part that is a DICOM file; what cannot be taken is named and never stops the next one."""
        return _stored(request, "")


class OneStudy(APIView):
    """Images of one study: those of another are not taken."""

    scope = Scope.STOW
    content_negotiation_class = AnyKind

    @extend_schema(
        operation_id="stow_study",
        parameters=[OpenApiParameter("study", str, OpenApiParameter.PATH, description="The Study Instance UID.")],
        request=BODY,
        responses=ANSWER,
    )
    def post(self, request: Request, study: str) -> HttpResponse:
        """Stores each part that is a DICOM file of this study."""
        if not stow.is_uid(study):
            raise Invalid("The last part of this address must be a Study Instance UID.", "study_uid")
        return _stored(request, study)


def _stored(request: Request, study_uid: str) -> HttpResponse:
    token, by = request.auth, person(request.user)
    donation = queries.donation_of_sender(token if isinstance(token, ApiToken) else None)
    kind = stow.accepted(request.headers.get("Accept", ""))
    if kind is None:
        raise NotAcceptable(f"The answer is {stow.JSON} or {stow.XML}.")
    found = list(_instances(donation, whole_body(request), _boundary(request), by, study_uid))
    if not found:
        raise Invalid("There is no image in this body.", "no_file")
    status = stow.status_of(found)
    if kind == stow.XML:
        return HttpResponse(stow.as_xml(found), content_type=kind, status=status)
    return JsonResponse(stow.as_json(found), content_type=kind, status=status)


def _boundary(request: Request) -> str:
    """The boundary that Content-Type names; raises Unsupported where it names another kind of body."""
    kind, parameters = parse_header_parameters(request.headers.get("Content-Type", ""))
    if kind != "multipart/related" or parameters.get("type", DICOM).lower() != DICOM:
        raise Unsupported
    return parameters.get("boundary", "")


def _instances(donation: Donation, body: BinaryIO, boundary: str, by: User, study_uid: str) -> Iterator[Instance]:
    """What became of each part. A body that goes wrong after its first part counts as one part that failed."""
    is_first = True
    try:
        for part in parts_of(body, boundary):
            is_first = False
            yield _instance(donation, part, by, study_uid)
    except RelatedError as error:
        if is_first:
            raise Invalid(error.sentence, "multipart") from None
        yield Instance(reason=Reason.CANNOT_UNDERSTAND)


def _instance(donation: Donation, part: Part, by: User, study_uid: str) -> Instance:
    if part.media_type != DICOM:
        return Instance(reason=Reason.CANNOT_UNDERSTAND)
    size = 0
    with SpooledTemporaryFile(max_size=MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        for piece in part.pieces:
            size += len(piece)
            if size > settings.UPLOAD_FILE_BYTES:
                return Instance(reason=Reason.OUT_OF_RESOURCES)
            file.write(piece)
        answer = actions.add_file(donation=donation, stream=cast(BinaryIO, file), by=by, study_uid=study_uid)
    return _of(answer)


def _of(answer: FileAnswer) -> Instance:
    """A file that is held for the donor's answer is kept: whose name it carries is no business of the sender's."""
    header = answer.header
    reason = None if answer.file is not None else REASONS.get(answer.code, Reason.CANNOT_UNDERSTAND)
    return Instance(header.sop_class_uid, header.sop_uid, reason) if header else Instance(reason=reason)
