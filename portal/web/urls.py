"""Addresses of the pages that belong to no single app."""

from django.urls import path
from django.views.generic import TemplateView

from portal.web import audit, home, people, public, tokens

urlpatterns = [
    path("", public.landing, name="landing"),
    path("healthz", public.healthz, name="healthz"),
    path("help/", TemplateView.as_view(template_name="portal/help.html"), name="help"),
    path("privacy/", TemplateView.as_view(template_name="portal/privacy.html"), name="privacy"),
    path("accessibility/", TemplateView.as_view(template_name="portal/accessibility.html"), name="accessibility"),
    path("home/", home.home, name="home"),
    path("inbox/", home.inbox, name="inbox"),
    path("notices/", home.notices, name="notices"),
    path("staff/people/", people.people, name="people"),
    path("staff/people/<uuid:membership_id>/end/", people.end, name="end_role"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("audit/", audit.audit, name="audit"),
]
