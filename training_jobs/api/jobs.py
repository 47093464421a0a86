"""Jobs for programs: list one's own, ask for one, look at one."""

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
from registry import queries as registry
from training_jobs import actions, queries
from training_jobs.api.serializers import JobRequestSerializer, JobSerializer
from training_jobs.models import TrainingJob
from training_jobs.permissions import person


class Jobs(ListAPIView[TrainingJob]):
    """The jobs of the token's owner, newest first."""

    scope = Scope.JOBS
    serializer_class = JobSerializer

    def get_queryset(self) -> QuerySet[TrainingJob]:
        """Narrowed to the reader."""
        return queries.jobs_of(self.request.user)

    @extend_schema(operation_id="jobs_submit", request=JobRequestSerializer, responses={201: JobSerializer})
    def post(self, request: Request) -> Response:
        """Asks for a training job under a grant; two reviewers approve it before it runs."""
        asked = JobRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        grant = registry.usable_grant(request.user, values.pop("grant"))
        job = actions.submit_job(grant=grant, by=person(request.user), **values)
        return Response(JobSerializer(job).data, status=status.HTTP_201_CREATED)


class Job(APIView):
    """One job of the token's owner."""

    scope = Scope.JOBS

    @extend_schema(operation_id="jobs_retrieve", responses=JobSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Its state, specification, progress and metrics."""
        job = queries.jobs_of(request.user).filter(pk=pk).first()
        if job is None:
            raise Missing("There is no such job.")
        return Response(JobSerializer(job).data)
