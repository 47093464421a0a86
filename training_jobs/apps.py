"""Django's entry to training_jobs: registers its work, its duties and what it listens to."""

from django.apps import AppConfig


class TrainingJobsConfig(AppConfig):
    name = "training_jobs"
    default_auto_field = "django.db.models.UUIDField"
