"""A withdrawal's steps and their proofs in plain words, in the reader's language."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models import WithdrawalStep
from core.design.formats import grouped
from core.design.tones import label_of

#: Proofs that read better as a sentence: (key, value) -> words.
SENTENCES = {
    ("told", 1): _("You were told in your inbox."),
    ("emailed", 1): _("An e-mail was sent too."),
    ("emailed", 0): _("Your e-mail address takes no mail, so no e-mail was sent."),
    ("undelivered", 1): _("Your e-mail could not be delivered within a day, so no e-mail was sent."),
    ("quiet", 1): _("You asked us not to write to you, so no e-mail is sent."),
    ("lifted", 1): _("You have changed your mind since, so this holds no more."),
    ("told", 0): _("There was nobody left to tell."),
    ("person", "kept"): _("Your name and your account were kept, as you chose."),
    ("person", "erased"): _("Your name and birth date were deleted."),
    ("account", "kept"): _("Your account was kept, because you use it for something else too."),
    ("account", "kept_donor"): _("Your account stays, because you are a donor with it still."),
    ("account", "kept_role"): _("Your account stays, because you have another role in Donara with it."),
    ("account", "erased"): _("Your account was closed and emptied."),
}
#: Proofs that are a day: key -> words.
DAYS = {
    "backups_until": _("Our safety copies may hold them until %(day)s, then no more."),
    "identity_until": _("Your name and birth date lie locked away until %(day)s; then the key is destroyed."),
}
#: What the numbers of a proof count; a part that is not listed is shown by its own name.
LABELS = {
    "images": _("Pictures"),
    "files": _("Files"),
    "series": _("Series of pictures"),
    "holders": _("People told who had access"),
    "holders_answered": _("Answers that all copies are deleted"),
    "access_ended": _("Accesses ended because there was no answer"),
    "closed": _("Collections closed"),
    "tombstones": _("Places left empty in them"),
    "successors": _("New collections, made without you"),
    "taken_back": _("Donations taken back before they were sent"),
    "jobs_stopped": _("Trainings stopped"),
    "jobs_flagged": _("Trainings marked"),
    "outputs_flagged": _("Results marked"),
    "erased": _("Copies and pictures deleted"),
    "quarantine": _("Files as you sent them"),
    "review": _("Small pictures for checking"),
    "clean": _("Cleaned files"),
    "outputs": _("Results"),
    "released": _("Results that left"),
}
#: Parts for those who watch over the duties; the time stands beside each step anyway.
UNSAID = {"at", "derivations"}
NOTHING = _("We looked, and there was nothing left to do.")
FAILED = _("This did not work yet. We try again by ourselves until it does.")
WAITS = _("This waits for another step to end. We keep trying.")
#: What a step waits for, by the code that it gave.
WAITING = {
    "holders_answering": _("They have until %(day)s to answer. Who does not answer loses their access."),
    "batch_waiting": _(
        "It is made by %(day)s, together with others who leave, so that nobody can tell that it was you. "
        "Nobody uses your scans meanwhile."
    ),
    "job_stopping": _("The computer is being stopped."),
}
DUE = _("To be done by %(day)s.")


def events(steps: Iterable[WithdrawalStep]) -> list[dict[str, Any]]:
    """The steps as lines of a timeline: the first that is open is happening now."""
    lines: list[dict[str, Any]] = []
    for step in steps:
        busy = any(line["state"] in ("now", "failed") for line in lines)
        lines.append(_line(step, "todo" if busy else "now"))
    return lines


def in_words(proof: dict[str, Any]) -> str:
    """A proof in words: what was done, and how many of what."""
    said = [_spoken(key, value) for key, value in proof.items()]
    return " ".join(filter(None, said)) or str(NOTHING)


def _line(step: WithdrawalStep, when_due: str) -> dict[str, Any]:
    title = gettext(step.title)
    if step.state == "done":
        return {"label": title, "at": step.done_at, "text": in_words(step.proof), "state": "done"}
    if step.last_error in WAITING:
        text = WAITING[step.last_error] % {"day": _day(step.deadline)}
        return {"label": title, "at": None, "text": text, "state": when_due}
    if step.state == "failed":
        return {"label": title, "at": None, "text": FAILED, "state": "failed"}
    text = str(WAITS) if step.last_error else DUE % {"day": _day(step.deadline)}
    return {"label": title, "at": None, "text": text, "state": when_due}


def _spoken(key: str, value: object) -> str:
    """One part of a proof; what is zero or empty is left unsaid, unless there is a sentence for it."""
    if isinstance(value, int | str) and (key, value) in SENTENCES:
        return str(SENTENCES[key, value])
    if not value or key in UNSAID:
        return ""
    if key in DAYS:
        return str(DAYS[key] % {"day": _day(date.fromisoformat(str(value)))})
    return gettext("%(what)s: %(number)s.") % {"what": LABELS.get(key) or label_of(key), "number": _shown(value)}


def _shown(value: object) -> str:
    if value is True:
        return gettext("yes")
    if isinstance(value, list | dict | int):
        return grouped(value if isinstance(value, int) else len(value))
    return str(value)


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
