"""Addresses of the pages."""

from django.urls import path
from django.urls.resolvers import URLPattern

from registry.web import (
    catalogue,
    deciding,
    donating,
    evidence,
    mydata,
    news,
    recalls,
    reporting,
    requests,
    staff,
    uploading,
)

urlpatterns: list[URLPattern] = [
    path("donate/", donating.donate, name="donate"),
    path("donations/<uuid:pk>/", donating.donation, name="donation"),
    path("donations/<uuid:pk>/files/", uploading.files, name="donation_files"),
    path("donations/<uuid:pk>/answer/", donating.answer, name="donation_answer"),
    path("donations/<uuid:pk>/send/", donating.send, name="donation_send"),
    path("donations/<uuid:pk>/take-back/", donating.take_back, name="donation_take_back"),
    path("my-data/", mydata.mydata, name="mydata"),
    path("my-data/news/", news.news, name="news"),
    path("datasets/", catalogue.catalogue, name="catalogue"),
    path("datasets/<uuid:pk>/", catalogue.dataset, name="dataset"),
    path("datasets/<uuid:pk>/freeze/", staff.freeze, name="freeze"),
    path("staff/datasets/new/", staff.dataset_new, name="dataset_new"),
    path("versions/<uuid:pk>/", catalogue.version, name="version"),
    path("versions/<uuid:pk>/manifest.json", catalogue.manifest, name="manifest"),
    path("versions/<uuid:pk>/request/", requests.request_new, name="request_new"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<uuid:pk>/", requests.request, name="request"),
    path("requests/<uuid:pk>/send/", requests.send, name="request_send"),
    path("requests/<uuid:pk>/take-back/", requests.take_back, name="request_take_back"),
    path("requests/<uuid:pk>/vote/", requests.vote, name="vote"),
    path("grants/<uuid:pk>/", deciding.grant, name="grant"),
    path("grants/<uuid:pk>/revoke/", deciding.revoke, name="grant_revoke"),
    path("evidence/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("report/", reporting.report, name="report"),
    path("report/received/", reporting.reported, name="reported"),
    path("versions/<uuid:pk>/report/", reporting.report_version, name="report_version"),
    path("reports/", recalls.reports, name="reports"),
    path("reports/<uuid:pk>/", recalls.report, name="report_one"),
    path("reports/<uuid:pk>/point/", recalls.point, name="report_point"),
    path("reports/<uuid:pk>/confirm/", recalls.confirm, name="report_confirm"),
    path("reports/<uuid:pk>/dismiss/", recalls.dismiss, name="report_dismiss"),
    path("recalls/<uuid:pk>/", recalls.recall, name="recall"),
]
