"""Django's entry to training_jobs: registers its work, its duty in a withdrawal and what it listens to."""

from django.apps import AppConfig


class TrainingJobsConfig(AppConfig):
    name = "training_jobs"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent.rules.duties import Duty, register
        from training_jobs import receivers, tasks, work  # noqa: F401  (the first two register themselves)

        register(
            Duty(
                "training_jobs.jobs",
                "Computer training that used your images stopped or marked",
                "training_jobs",
                30,
                work.duty,
            )
        )
