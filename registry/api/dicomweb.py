"""Addresses of DICOMweb, as PS3.18 section 10.1 names them: without a slash at their end."""

from django.urls import path
from django.urls.resolvers import URLPattern

from registry.api import stow

urlpatterns: list[URLPattern] = [
    path("studies", stow.Studies.as_view(), name="stow"),
    path("studies/<str:study>", stow.OneStudy.as_view(), name="stow_study"),
]
