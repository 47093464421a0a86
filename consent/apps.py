"""Django's entry to consent: registers its work and its duties."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent import tasks  # noqa: F401  (registers the kinds of work)
        from consent.rules.duties import Duty, register
        from consent.work import duties

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
