"""A withdrawal's steps and their proofs in plain words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from consent.models import WithdrawalStep
from core.design.tones import label_of

#: Proofs that read better as a sentence: (key, value) -> words.
SENTENCES = {
    ("told", 1): "You were told in your inbox.",
    ("emailed", 1): "An e-mail was sent too.",
    ("emailed", 0): "Your e-mail address takes no mail, so no e-mail was sent.",
    ("quiet", 1): "You asked us not to write to you, so no e-mail is sent.",
    ("told", 0): "There was nobody left to tell.",
    ("person", "kept"): "Your name and your account were kept, as you chose.",
    ("person", "erased"): "Your name and birth date were deleted.",
    ("account", "kept"): "Your account was kept, because you use it for something else too.",
    ("account", "erased"): "Your account was closed and emptied.",
}
#: What the numbers of a proof count; a part that is not listed is shown by its own name.
LABELS = {
    "images": "Pictures",
    "files": "Files",
    "series": "Series of pictures",
    "holders": "People told who had access",
    "holders_answered": "Answers that all copies are deleted",
    "access_ended": "Accesses ended because there was no answer",
    "closed": "Collections closed",
    "tombstones": "Places left empty in them",
    "successors": "New collections, made without you",
    "taken_back": "Donations taken back before they were sent",
    "jobs_stopped": "Trainings stopped",
    "jobs_flagged": "Trainings marked",
    "outputs_flagged": "Results marked",
    "erased": "Copies and pictures deleted",
    "quarantine": "Files as you sent them",
    "review": "Small pictures for checking",
    "clean": "Cleaned files",
    "outputs": "Results",
    "released": "Results that left",
}
#: Parts for those who watch over the duties; the time stands beside each step anyway.
UNSAID = {"at", "derivations"}
NOTHING = "We looked, and there was nothing left to do."
FAILED = "This did not work yet. We try again by ourselves until it does."
WAITS = "This waits for another step to end. We keep trying."


#: What a step waits for, by the code that it gave.
WAITING = {
    "holders_answering": "They have until {until} to answer. Who does not answer loses their access.",
    "batch_waiting": "It is made by {until}, together with others who leave, so that nobody can tell that it was you. "
    "Nobody uses your scans meanwhile.",
    "job_stopping": "The computer is being stopped.",
}


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
    return " ".join(filter(None, said)) or NOTHING


def _line(step: WithdrawalStep, when_due: str) -> dict[str, Any]:
    if step.state == "done":
        return {"label": step.title, "at": step.done_at, "text": in_words(step.proof), "state": "done"}
    if step.last_error in WAITING:
        text = WAITING[step.last_error].format(until=f"{step.deadline:%-d %B %Y}")
        return {"label": step.title, "at": None, "text": text, "state": when_due}
    if step.state == "failed":
        return {"label": step.title, "at": None, "text": FAILED, "state": "failed"}
    text = WAITS if step.last_error else f"To be done by {step.deadline:%-d %B %Y}."
    return {"label": step.title, "at": None, "text": text, "state": when_due}


def _spoken(key: str, value: object) -> str:
    """One part of a proof; what is zero or empty is left unsaid, unless there is a sentence for it."""
    if isinstance(value, int | str) and (key, value) in SENTENCES:
        return SENTENCES[key, value]
    if not value or key in UNSAID:
        return ""
    if key == "backups_until":
        return f"Our safety copies may hold them until {date.fromisoformat(str(value)):%-d %B %Y}, then no more."
    if key == "identity_until":
        until = f"{date.fromisoformat(str(value)):%-d %B %Y}"
        return f"Your name and birth date lie locked away until {until}; then the key is destroyed."
    shown = len(value) if isinstance(value, list | dict) else "yes" if value is True else value
    return f"{LABELS.get(key) or label_of(key)}: {shown}."
