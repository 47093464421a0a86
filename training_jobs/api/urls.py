"""Addresses of the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from training_jobs.api import jobs, outputs

urlpatterns: list[URLPattern] = [
    path("jobs/", jobs.Jobs.as_view(), name="jobs"),
    path("jobs/<uuid:pk>/", jobs.Job.as_view(), name="job"),
    path("jobs/<uuid:pk>/outputs/", outputs.Outputs.as_view(), name="outputs"),
    path("outputs/<uuid:pk>/content/", outputs.Content.as_view(), name="content"),
]
