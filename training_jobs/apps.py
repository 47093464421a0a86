"""Django's entry to training_jobs: registers its work, its duty in a withdrawal and what it listens to."""

from django.apps import AppConfig

from core.texts import gettext_noop as _

NOTED = "training_jobs.jobinput"


class TrainingJobsConfig(AppConfig):
    name = "training_jobs"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent.rules import effects
        from consent.rules.duties import Duty, register
        from consent.rules.keeping import keep, not_about_donors
        from registry.rules import runs
        from training_jobs import receivers, tasks, work  # noqa: F401  (the first two register themselves)
        from training_jobs.queries.effects import foreseen
        from training_jobs.queries.runs import runs_over

        effects.register("training_jobs", 20, foreseen)
        runs.register("training_jobs", runs_over)
        register(
            Duty(
                "training_jobs.jobs",
                _("Computer training that used your images stopped or marked"),
                "training_jobs",
                30,
                work.duty,
            )
        )
        keep(_("Which computer training had read which of your scans, under numbers that name nobody."), NOTED)
        keep(_("Results of finished training, which are marked. They hold no scans."), "zone:outputs", "zone:released")
        why = "about researchers and reviewers"
        labels = ("training_jobs.trainingjob", "training_jobs.jobapproval", "training_jobs.outputdecision")
        not_about_donors(why, *labels)
