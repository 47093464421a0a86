"""Django's entry to consent: registers its work, its duties and what it listens to."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    default_auto_field = "django.db.models.UUIDField"
