"""Registers the design system with Django, so that its templates, tags and static files are found."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The design system; it has no models."""

    name = "core.design"
    label = "design"
    verbose_name = "Design"
