"""Django's entry to curation: registers its work, its duty and what it listens to."""

from django.apps import AppConfig

from core.texts import gettext_noop as _


class CurationConfig(AppConfig):
    name = "curation"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent.rules.duties import Duty, register
        from consent.rules.keeping import keep
        from curation import receivers, tasks  # noqa: F401  (they register themselves)
        from curation.work.erase import withdraw_donor

        stores = tuple(f"curation.{name}" for name in ("survey", "links", "series", "studywords", "refusal"))
        title = _("Cleaned copies and pictures deleted")
        none = dict.fromkeys(("words", "surveys", "links"), 0)
        register(Duty("curation.series", title, "curation", 40, withdraw_donor, 14, covers=stores, proves=none))
        keep(
            _("Of each series that was checked: what kind of scan it was, how it was cleaned, and fingerprints."),
            "curation.series",
            "curation.refusal",
        )
