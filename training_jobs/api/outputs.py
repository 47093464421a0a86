"""Outputs for programs: which there are, and what is in a released one."""

from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.roles import Scope
from core.errors import Missing
from training_jobs import queries
from training_jobs.api.serializers import OutputSerializer


class Outputs(APIView):
    """The outputs of one job of the token's owner."""

    scope = Scope.RESULTS

    @extend_schema(operation_id="jobs_outputs_list", responses=OutputSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """Every output by name, with whether it was released."""
        job = queries.jobs_of(request.user).filter(pk=pk).first()
        if job is None:
            raise Missing("There is no such job.")
        return Response(OutputSerializer(queries.outputs_of(job), many=True).data)


class Content(APIView):
    """The bytes of a released output."""

    scope = Scope.RESULTS

    @extend_schema(
        operation_id="outputs_content",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file as it was released.")
        },
    )
    def get(self, request: Request, pk: UUID) -> FileResponse:
        """The file; refused with a sentence once a withdrawal stands against it."""
        output = queries.output(request.user, pk)
        response = FileResponse(
            queries.released_file(request.user, output),
            as_attachment=True,
            filename=output.name,
            content_type="application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response
