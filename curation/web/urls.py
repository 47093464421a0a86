"""Addresses of the pages."""

from django.urls import path

from curation.web import decide, lending, look, planted, readers, rechecks, series, sheets

urlpatterns = [
    path("curation/", look.worklist, name="worklist"),
    path("curation/quarantine/", look.quarantine, name="quarantine"),
    path("curation/sheets/", sheets.sheets, name="sheets"),
    path("curation/readers/", readers.readers, name="readers"),
    path("curation/planted/<uuid:pk>/", planted.planted, name="planted"),
    path("curation/planted/<uuid:pk>.png", planted.planted_png, name="planted_png"),
    path("curation/<uuid:pk>/", series.series, name="series"),
    path("curation/<uuid:pk>/accept/", decide.accept, name="accept"),
    path("curation/<uuid:pk>/reject/", decide.reject, name="reject"),
    path("curation/<uuid:pk>/redact/", decide.redact, name="redact"),
    path("curation/renders/<uuid:pk>.png", look.render_png, name="render"),
    path("donations/<uuid:pk>/engine-key/", lending.engine_key, name="engine_key"),
    path("donations/<uuid:pk>/engine-numbers/", lending.engine_numbers, name="engine_numbers"),
    path("rechecks/", rechecks.rechecks, name="rechecks"),
    path("rechecks/<uuid:pk>/", rechecks.recheck, name="recheck"),
    path("rechecks/<uuid:pk>/report.json", rechecks.report_json, name="recheck_json"),
    path("rechecks/<uuid:pk>/report.csv", rechecks.report_csv, name="recheck_csv"),
]
