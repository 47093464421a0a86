"""Django's entry to curation: registers its work, its duty and what it listens to."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "curation"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent.rules.duties import Duty, register
        from curation import receivers, tasks  # noqa: F401  (they register themselves)
        from curation.work.erase import withdraw_donor

        register(Duty("curation.series", "Cleaned copies and pictures deleted", "curation", 40, withdraw_donor, 14))
