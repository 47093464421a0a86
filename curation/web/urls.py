"""Addresses of the pages."""

from django.urls import path

from curation.web import decide, look, rechecks, series

urlpatterns = [
    path("curation/", look.worklist, name="worklist"),
    path("curation/quarantine/", look.quarantine, name="quarantine"),
    path("curation/<uuid:pk>/", series.series, name="series"),
    path("curation/<uuid:pk>/accept/", decide.accept, name="accept"),
    path("curation/<uuid:pk>/reject/", decide.reject, name="reject"),
    path("curation/renders/<uuid:pk>.png", look.render_png, name="render"),
    path("rechecks/", rechecks.rechecks, name="rechecks"),
    path("rechecks/<uuid:pk>/", rechecks.recheck, name="recheck"),
    path("rechecks/<uuid:pk>/report.json", rechecks.report_json, name="recheck_json"),
    path("rechecks/<uuid:pk>/report.csv", rechecks.report_csv, name="recheck_csv"),
]
