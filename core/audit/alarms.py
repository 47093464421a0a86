"""Says, and takes back, that the log does not hold; stewards see it until a check finds the log whole again."""

from django.utils import timezone

from core.audit.models import LogAlarm
from core.texts import gettext_noop as _

#: What each kind of alarm means, for those who look after the registry.
WORDS = {
    "head": _("The log is not the one whose head was signed last. Nothing more is sealed."),
    "away": _("What was signed last cannot be read outside the database. Nothing is sealed until it can."),
    "outside": _(
        "The log in the database is shorter or other than the head that was signed last and is kept outside the "
        "database. Nothing more is sealed. If an older backup was played back, use manage.py resume_log."
    ),
    "event": _("An event of the log was changed, moved or deleted."),
    "tile": _("A part of the log's tree is not what its events say."),
    "guard": _("The database no longer refuses changes to the log, or to what was signed: a trigger is missing."),
    "terms": _("What donors allowed was changed from outside. It permits nothing until it is put right."),
    "receipt": _("A receipt that a donor holds does not fit the log."),
    "fork": _("The log no longer begins with what it held when a donor signed."),
    "signature": _("A head that a donor was given is not signed by a key of this registry."),
}


def raise_alarm(code: str, subject: object) -> None:
    """Says that something does not hold; once, for as long as it lasts."""
    LogAlarm.objects.get_or_create(code=code, subject=str(subject)[:80], cleared_at=None)


def clear(code: str, subject: object) -> None:
    """Takes it back: it was looked at again, and holds."""
    LogAlarm.objects.filter(code=code, subject=str(subject)[:80], cleared_at=None).update(cleared_at=timezone.now())
