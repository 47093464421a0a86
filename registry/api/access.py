"""Requests for access and grants for programs."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.roles import Scope
from core.errors import Missing
from registry import actions, queries
from registry.api.serializers import AccessRequestDraftSerializer, AccessRequestSerializer, GrantSerializer
from registry.models import AccessRequest, Grant
from registry.permissions import person


class Requests(ListAPIView[AccessRequest]):
    """The requests of the token's owner, newest first."""

    scope = Scope.REQUESTS
    serializer_class = AccessRequestSerializer

    def get_queryset(self) -> QuerySet[AccessRequest]:
        """Narrowed to the reader."""
        return queries.requests_of(self.request.user).select_related("grant")

    @extend_schema(
        operation_id="requests_draft", request=AccessRequestDraftSerializer, responses={201: AccessRequestSerializer}
    )
    def post(self, request: Request) -> Response:
        """Writes a request down, not yet sent; the same one twice gives the first."""
        asked = AccessRequestDraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        version = queries.versions_visible(request.user).filter(pk=values.pop("version")).first()
        if version is None:
            raise Missing("There is no such version.")
        answers = values.pop("purpose")
        drafted = actions.draft_request(version=version, answers=answers, by=person(request.user), **values)
        return Response(AccessRequestSerializer(drafted).data, status=status.HTTP_201_CREATED)


class OneRequest(APIView):
    """One request of the token's owner."""

    scope = Scope.REQUESTS

    @extend_schema(operation_id="requests_retrieve", responses=AccessRequestSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Its purpose and how it stands."""
        return Response(AccessRequestSerializer(own(request, pk)).data)


class Submit(APIView):
    """Sending a request to the committee."""

    scope = Scope.REQUESTS

    @extend_schema(operation_id="requests_submit", request=None, responses=AccessRequestSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Sends the request; sending twice changes nothing."""
        found = own(request, pk)
        actions.submit_request(request=found, by=person(request.user))
        return Response(AccessRequestSerializer(found).data)


class Grants(ListAPIView[Grant]):
    """The grants of the token's owner, newest first. The agreement is signed on the page."""

    scope = Scope.REQUESTS
    serializer_class = GrantSerializer

    def get_queryset(self) -> QuerySet[Grant]:
        """Narrowed to the reader."""
        return queries.grants_of(self.request.user)


def own(request: Request, pk: UUID) -> AccessRequest:
    """The token owner's request; raises Missing."""
    found = queries.requests_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Missing("There is no such request.")
    return found
