"""Django's entry to consent: registers its work and its duties."""

from django.apps import AppConfig

from core.texts import gettext_noop as _

#: Everything that says who somebody is, and what they were told; it goes with the person.
ABOUT_THE_PERSON = (
    "consent.person",
    "consent.unsigned",
    "accounts.user",
    "account.emailaddress",
    "account.emailconfirmation",
    "notifications.notice",
    "notifications.newschoice",
    "mail.waitingmail",
    "sessions.session",
)


class ConsentConfig(AppConfig):
    name = "consent"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from consent import receivers, tasks  # noqa: F401  (registers what it listens to and its kinds of work)
        from consent.models.guards import GUARDS
        from consent.models.logged import GUARD
        from consent.queries.effects import foreseen
        from consent.rules import effects
        from consent.rules.duties import Duty, register
        from consent.rules.keeping import keep
        from consent.rules.withdrawing import WithdrawalKind
        from consent.work import duties
        from core.append_only import watch

        watch(*GUARDS, GUARD)
        erase, tell, end = duties.erase_objects, duties.tell, duties.erase_person
        emptied = ("incoming", "quarantine", "review", "clean", "takeout")
        zones = ("storage.storedobject", *(f"zone:{zone}" for zone in emptied))
        title = _("Every stored copy deleted, and checked")
        register(Duty("storage.everywhere", title, "storage", 52, erase, 3, stage=1, covers=zones))
        title = _("Safety copies: the day from which they hold it no more")
        register(Duty("storage.backups", title, "storage", 54, duties.age_backups, 3, stage=2))
        register(Duty("consent.told", _("You are told"), "consent", 60, tell, 3, stage=3))
        title = _("Your details handled as you chose")
        register(Duty("consent.person", title, "consent", 65, end, 3, stage=4, covers=ABOUT_THE_PERSON))
        keep(
            _("That you signed, when, and what you chose; that you withdrew, and when. Without your name."),
            "consent.signature",
            "consent.consentevent",
            "consent.currentconsent",
            "consent.donorcheck",
            "consent.logentry",
            "consent.withdrawal",
        )
        keep(
            _(
                "If you had your account deleted: your name and birth date, locked away until the day that stands "
                "above."
            ),
            "consent.sealedidentity",
            "consent.identityopening",
        )
        keep(_("Of each deleted file: a number, a fingerprint and when it was deleted."), "storage.storedobject")
        effects.register("consent", 90, foreseen)
        only = frozenset({WithdrawalKind.NO_CONTACT})
        title, shown = _("We write to you no more"), {"quiet": 1}
        register(Duty("consent.quiet", title, "consent", 10, duties.be_quiet, kinds=only, proves=shown))
