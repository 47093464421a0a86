"""Every address of the house, by room; names are namespaced by app, as in `portal:home`."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

api: list[URLPattern | URLResolver] = [
    path("", include(("consent.api.urls", "consent_api"))),
    path("", include(("registry.api.urls", "registry_api"))),
    path("", include(("training_jobs.api.urls", "training_jobs_api"))),
    path(
        "schema/",
        SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[]),
        name="api_schema",
    ),
]

urlpatterns = [
    path("design/", include("core.design.gallery.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include(api)),
    path("dicom-web/", include(("registry.api.dicomweb", "dicomweb_api"))),
    path("", include(("consent.web.urls", "consent"))),
    path("", include(("registry.web.urls", "registry"))),
    path("", include(("curation.web.urls", "curation"))),
    path("", include(("training_jobs.web.urls", "training_jobs"))),
    path("", include(("portal.web.urls", "portal"))),
]

handler400 = "core.web.errors.bad_request"
handler403 = "core.web.errors.forbidden"
handler404 = "core.web.errors.not_found"
handler500 = "core.web.errors.broken"
