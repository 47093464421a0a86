"""Addresses of consent's pages."""

from django.urls import path
from django.urls.resolvers import URLPattern

from consent.web import (
    certificates,
    fhir,
    form_editing,
    joining,
    limits,
    mine,
    past,
    programme,
    publishing,
    receipts,
    renewing,
    settings,
    staff,
    withdrawing,
)

urlpatterns: list[URLPattern] = [
    path("programmes/<slug:slug>/", programme.start, name="start"),
    path("programmes/<slug:slug>/form/", programme.form_text, name="about"),
    path("programmes/<slug:slug>/read/<str:section>/", programme.read, name="read"),
    path("programmes/<slug:slug>/questions/", programme.questions, name="questions"),
    path("programmes/<slug:slug>/about-you/", joining.details, name="details"),
    path("programmes/<slug:slug>/choices/", joining.choose, name="choose"),
    path("programmes/<slug:slug>/review/", joining.review, name="review"),
    path("programmes/<slug:slug>/sign/", joining.sign, name="sign"),
    path("receipts/<uuid:pk>/", receipts.receipt, name="receipt"),
    path("my-choices/", mine.my_choices, name="choices"),
    path("my-choices/<uuid:pk>/", mine.change, name="change"),
    path("my-choices/<uuid:pk>/confirm/", mine.confirm_change, name="confirm_change"),
    path("my-choices/<uuid:pk>/news/", limits.allow_contact, name="allow_contact"),
    path("my-choices/<uuid:pk>/new-research/", limits.allow_new, name="allow_new"),
    path("my-choices/<uuid:pk>/consent.json", fhir.fhir, name="fhir"),
    path("my-choices/<uuid:pk>/renew/", renewing.renew, name="renew"),
    path("withdraw/", withdrawing.withdraw, name="withdraw"),
    path("withdraw/<uuid:pk>/<slug:kind>/", withdrawing.confirm_withdrawal, name="confirm_withdrawal"),
    path("withdrawals/<uuid:pk>/", withdrawing.withdrawal, name="withdrawal"),
    path("withdrawals/<uuid:pk>/certificate/", certificates.certificate, name="certificate"),
    path("staff/forms/", staff.forms, name="forms"),
    path("staff/forms/new/", form_editing.form_new, name="form_new"),
    path("staff/forms/new/json/", form_editing.form_json, name="form_json"),
    path("staff/forms/<uuid:pk>/", staff.form_version, name="form_version"),
    path("staff/forms/<uuid:pk>/edit/", form_editing.form_edit, name="form_edit"),
    path("staff/forms/<uuid:pk>/publish/", publishing.publish, name="publish"),
    path("staff/programmes/<uuid:pk>/", settings.programme, name="programme"),
    path("staff/identity-checks/", settings.check, name="check"),
    path("staff/consents/", past.past, name="past"),
    path("staff/withdrawals/", staff.withdrawals, name="withdrawals"),
]
