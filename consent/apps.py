"""Django's entry to consent: registers its work and its duties."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsentConfig(AppConfig):
    name = "consent"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent import receivers, tasks  # noqa: F401  (registers what it listens to and its kinds of work)
        from consent.models.guards import install
        from consent.rules.duties import Duty, register
        from consent.work import duties

        post_migrate.connect(install, sender=self, dispatch_uid="consent.guards")
        register(
            Duty(
                "storage.everywhere",
                "Every stored copy deleted, and checked",
                "storage",
                60,
                duties.erase_objects,
                14,
                True,
            )
        )
        register(Duty("consent.told", "You are told", "consent", 70, duties.tell, 14, True))
        register(
            Duty("consent.person", "Your details handled as you chose", "consent", 80, duties.erase_person, 14, True)
        )
