"""Django's entry to registry: registers its work, its duties and what it listens to."""

from django.apps import AppConfig

from core.texts import gettext_noop as _


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent.rules import effects
        from consent.rules.duties import Duty, register
        from consent.rules.keeping import keep, not_about_donors
        from consent.rules.withdrawing import WithdrawalKind
        from core.append_only import watch
        from registry import receivers, tasks  # noqa: F401  (listen, and register the kinds of work)
        from registry.models.decisions import GUARD
        from registry.queries.batches import successor_days
        from registry.queries.effects import foreseen
        from registry.work import duties, limiting

        watch(GUARD)
        title, none = _("All use of your images stopped"), {"usable": 0}
        register(Duty("registry.working_sets", title, "registry", 10, duties.stop_working_sets, proves=none))
        effects.register("registry", 10, foreseen)
        title = _("Collections with your images closed")
        register(Duty("registry.versions", title, "registry", 20, duties.close_held, covers=("registry.versionentry",)))
        title = _("Everyone who had access told, and their answers")
        register(Duty("registry.holders", title, "registry", 70, duties.holders_answered, 9, apart=True))
        title = _("Collections made again without you")
        register(Duty("registry.successors", title, "registry", 75, duties.succeed_held, successor_days, apart=True))
        title = _("Nothing new is begun with your scans")
        only = frozenset({WithdrawalKind.NOTHING_NEW})
        none = {"unsent": 0, "versions_being_made": 0}
        register(Duty("registry.nothing_new", title, "registry", 10, limiting.nothing_new, kinds=only, proves=none))
        names = (
            *("image", "donation", "donatedfile", "identityreport", "usenews", "givenstudy"),
            *("upload", "uploadpart", "quarantineuse", "invitation", "takeout", "takeoutfile"),
        )
        stores = tuple(f"registry.{name}" for name in names)
        title, none = _("Your images erased"), {"left": 0}
        register(
            Duty("registry.files", title, "registry", 50, duties.erase_files, 7, covers=stores, proves=none),
        )
        keep(
            _("In each collection that held your scans: an empty place with a fingerprint."),
            "registry.versionentry",
            "registry.image",
        )
        keep(_("How many files you gave, and when."), "registry.donation", "registry.donatedfile")
        keep(
            _("Where somebody else gave the same examination: that somebody did, under a fingerprint."),
            "registry.givenstudy",
        )
        why = "about researchers, committee members and staff"
        not_about_donors(why, "registry.accessrequest", "registry.vote", "registry.grant")
        not_about_donors(why, "registry.matterdecision", "registry.evidence")
