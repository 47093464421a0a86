"""Addresses of the pages that belong to no single app."""

from django.urls import path
from django.views.generic import TemplateView

from portal.web import audit, damage, everything, home, log, people, public, tokens

urlpatterns = [
    path("", public.landing, name="landing"),
    path("healthz", public.healthz, name="healthz"),
    path("help/", TemplateView.as_view(template_name="portal/help.html"), name="help"),
    path("privacy/", TemplateView.as_view(template_name="portal/privacy.html"), name="privacy"),
    path("accessibility/", TemplateView.as_view(template_name="portal/accessibility.html"), name="accessibility"),
    path("log/", log.log, name="log"),
    path("log/head/", log.head, name="log_head"),
    path("log/head/<str:size>/", log.head, name="log_head_of"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/consistency/", log.consistency, name="log_consistency"),
    path("log/inclusion/<str:leaf>/", log.inclusion, name="log_inclusion"),
    path("log/key/", log.key, name="log_key"),
    path("log/verify.py", log.verifier, name="log_verifier"),
    path("my-data/<uuid:pk>/download/", everything.everything, name="everything"),
    path("home/", home.home, name="home"),
    path("inbox/", home.inbox, name="inbox"),
    path("notices/", home.notices, name="notices"),
    path("staff/people/", people.people, name="people"),
    path("staff/people/<uuid:membership_id>/end/", people.end, name="end_role"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("staff/damage/", damage.damage, name="damage"),
    path("audit/", audit.audit, name="audit"),
]
