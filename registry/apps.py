"""Django's entry to registry: registers its work, its duties and what it listens to."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent.rules.duties import Duty, register
        from registry import receivers, tasks  # noqa: F401  (listen, and register the kinds of work)
        from registry.work import duties

        register(
            Duty("registry.working_sets", "All use of your images stopped", "registry", 10, duties.stop_working_sets)
        )
        title = "Collections closed, and made again without you"
        register(Duty("registry.versions", title, "registry", 20, duties.close_and_succeed))
        register(Duty("registry.files", "Your images erased", "registry", 50, duties.erase_files, 7))
