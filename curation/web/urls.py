"""Addresses of the pages."""

from django.urls import path

from curation.web import decide, look, series

urlpatterns = [
    path("curation/", look.worklist, name="worklist"),
    path("curation/quarantine/", look.quarantine, name="quarantine"),
    path("curation/<uuid:pk>/", series.series, name="series"),
    path("curation/<uuid:pk>/accept/", decide.accept, name="accept"),
    path("curation/<uuid:pk>/reject/", decide.reject, name="reject"),
    path("curation/renders/<uuid:pk>.png", look.render_png, name="render"),
]
