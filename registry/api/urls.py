"""Addresses of the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from registry.api import access, donations, uploads

urlpatterns: list[URLPattern] = [
    path("donations/", donations.Donations.as_view(), name="donations"),
    path("donations/<uuid:pk>/", donations.OneDonation.as_view(), name="donation"),
    path("donations/<uuid:pk>/files/", donations.Files.as_view(), name="donation_files"),
    path("donations/<uuid:pk>/manifest/", uploads.Manifest.as_view(), name="donation_manifest"),
    path("donations/<uuid:pk>/uploads/", uploads.Uploads.as_view(), name="donation_uploads"),
    path("donations/<uuid:pk>/uploads/<uuid:upload>/", uploads.OneUpload.as_view(), name="donation_upload"),
    path("donations/<uuid:pk>/complete/", uploads.Complete.as_view(), name="donation_complete"),
    path("donations/<uuid:pk>/submit/", donations.Submit.as_view(), name="donation_submit"),
    path("requests/", access.Requests.as_view(), name="requests"),
    path("requests/<uuid:pk>/", access.OneRequest.as_view(), name="request"),
    path("requests/<uuid:pk>/submit/", access.Submit.as_view(), name="request_submit"),
    path("grants/", access.Grants.as_view(), name="grants"),
]
