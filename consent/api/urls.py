"""Addresses of the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from consent.api import consents

urlpatterns: list[URLPattern] = [
    path("consents/", consents.Consents.as_view(), name="consents"),
    path("consents/<uuid:pk>/fhir/", consents.FhirConsent.as_view(), name="consent_fhir"),
]
