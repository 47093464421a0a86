"""Addresses of the pages."""

from django.urls import path
from django.urls.resolvers import URLPattern

from training_jobs.web import asking, ending, jobs, outputs, reporting

urlpatterns: list[URLPattern] = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("grants/<uuid:pk>/jobs/new/", asking.new, name="new"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", ending.cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/retry/", ending.retry, name="job_retry"),
    path("outputs/<uuid:pk>/", outputs.output, name="output"),
    path("outputs/<uuid:pk>/download/", outputs.download, name="download"),
    path("outputs/<uuid:pk>/report/", reporting.report_output, name="report_output"),
]
