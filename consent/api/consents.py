"""A donor's own consents for programs: a list, and each as a FHIR R4 resource."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consent.api.serializers import ConsentSerializer, FhirConsentSerializer
from consent.models import Donor
from consent.queries import donors_of, fhir_consent
from core.accounts.roles import Scope


class FhirJson(JSONRenderer):
    """JSON under the name that FHIR gives it."""

    media_type = "application/fhir+json"
    format = "fhir"


class Consents(ListAPIView[Donor]):
    """The consents of the token's owner, newest first."""

    scope = Scope.CONSENTS
    serializer_class = ConsentSerializer

    def get_queryset(self) -> QuerySet[Donor]:
        """Narrowed to the reader."""
        return donors_of(self.request.user).filter(consent__isnull=False).select_related("programme", "consent")


class FhirConsent(APIView):
    """One consent of the token's owner, for other systems."""

    scope = Scope.CONSENTS
    renderer_classes = [FhirJson, JSONRenderer]

    @extend_schema(operation_id="consents_fhir", responses=FhirConsentSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The consent as a FHIR R4 Consent: a root that denies, and a permit for each choice."""
        return Response(fhir_consent(request.user, pk))
