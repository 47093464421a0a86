"""The registry's states in a donor's words."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext, gettext_noop, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from core.design.formats import grouped
from registry.queries import DonationFacts, Lacking, StudyFacts
from registry.rules.lifecycle import DonationState, FileState
from registry.rules.reasons import words
from registry.rules.selection import MODALITY_WORDS

#: State -> what it means to the donor, and the tone that it is shown in.
FILE_WORDS = {
    FileState.RECEIVED: (ngettext_lazy("%(n)s received", "%(n)s received", "number"), "waiting"),
    FileState.CLEANED: (ngettext_lazy("%(n)s cleaned of names", "%(n)s cleaned of names", "number"), "good"),
    FileState.QUARANTINED: (ngettext_lazy("%(n)s not used", "%(n)s not used", "number"), "neutral"),
    FileState.DUPLICATE: (ngettext_lazy("%(n)s here already", "%(n)s here already", "number"), "neutral"),
}
_SUMMARY = {
    "received": (messages.SUCCESS, ngettext_lazy("%(n)s file received.", "%(n)s files received.", "number")),
    "held": (
        messages.WARNING,
        ngettext_lazy(
            "%(n)s file put aside: the name on it is not yours. Please answer the question below.",
            "%(n)s files put aside: the name on them is not yours. Please answer the question below.",
            "number",
        ),
    ),
    "duplicate": (
        messages.INFO,
        ngettext_lazy("%(n)s file we have already.", "%(n)s files we have already.", "number"),
    ),
}
_LEFT_OUT = ngettext_lazy("%(n)s file not taken. %(why)s", "%(n)s files not taken. %(why)s", "number")


def kind_words(modality: str) -> str:
    """`CT` as `CT scans`."""
    return gettext(MODALITY_WORDS.get(modality, gettext_noop("Images")))


def files(number: int) -> str:
    """A number of files in words."""
    return ngettext("%(n)s file", "%(n)s files", number) % {"n": grouped(number)}


def question(held: int) -> str:
    """What a donor is asked about files that carry another name; the name itself is never shown."""
    said = ngettext(
        "The name or birth date on one of these images is not yours.",
        "The name or birth date on %(n)s of these images is not yours.",
        held,
    )
    return said % {"n": grouped(held)}


def not_arrived(lacking: Lacking) -> str:
    """How many of the promised files are missing; empty where none are."""
    if not lacking.missing:
        return ""
    said = ngettext(
        "%(n)s of %(all)s pictures has not arrived.", "%(n)s of %(all)s pictures have not arrived.", lacking.missing
    )
    return said % {"n": grouped(lacking.missing), "all": grouped(lacking.promised)}


def study_rows(facts: DonationFacts) -> list[dict[str, Any]]:
    """Each examination: its title, a tag for every state, and the reasons why files of it are not used."""
    title = gettext("Examination %(number)s: %(kind)s")
    return [
        {
            "title": title % {"number": study.number, "kind": kind_words(study.modality)},
            "tags": _tags(study),
            "notes": _notes(study),
        }
        for study in facts.studies
    ]


def _tags(study: StudyFacts) -> list[tuple[str, str]]:
    known = [(FILE_WORDS[FileState(state)], number) for state, number in study.states.items()]
    return [(_counted(sentence, number), tone) for (sentence, tone), number in known]


def _notes(study: StudyFacts) -> list[str]:
    return [f"{files(number)}: {gettext(words(reason))}" for reason, number in study.reasons.items()]


def _counted(sentence: Any, number: int, **values: str) -> str:
    return str(sentence % {"number": number, "n": grouped(number), **values})


def donation_steps(facts: DonationFacts) -> list[dict[str, Any]]:
    """What happened and what comes next, as a timeline."""
    donation, received = facts.donation, facts.states.get(FileState.RECEIVED, 0)
    if donation.state in (DonationState.WITHDRAWN, DonationState.ABANDONED):
        withdrawn = donation.state == DonationState.WITHDRAWN
        over = _("You withdrew. The images are deleted.") if withdrawn else _("You took it back.")
        return [{"label": _("You gave these images"), "at": donation.created_at}, {"label": over, "state": "failed"}]
    cleaned, settled = not received, donation.state == DonationState.SETTLED
    return [
        {"label": _("You sent your images"), "at": donation.submitted_at},
        {
            "label": _("Names and dates are taken out"),
            "state": "done" if cleaned else "now",
            "text": _("A computer does this. It can take a few minutes.") if not cleaned else "",
        },
        {
            "label": _("A person checks that nothing was missed"),
            "state": "done" if settled else "now" if cleaned else "todo",
            "text": "" if settled else _("This can take some days."),
        },
        {
            "label": _("Your images are ready for research"),
            "at": donation.settled_at,
            "state": "done" if settled else "todo",
            "text": _("You can follow them under My data.") if settled else "",
        },
    ]


def upload_summary(counted: Counter[tuple[str, str]]) -> list[tuple[int, str]]:
    """(message level, sentence) for the answers to one upload; what was left out is grouped by its reason."""
    lines = []
    for outcome, (level, sentence) in _SUMMARY.items():
        number = sum(n for (o, _), n in counted.items() if o == outcome)
        if number:
            lines.append((level, _counted(sentence, number)))
    for (outcome, why), number in counted.items():
        if outcome in {"skipped", "refused"}:
            level = messages.INFO if outcome == "skipped" else messages.WARNING
            lines.append((level, _counted(_LEFT_OUT, number, why=gettext(why))))
    return lines
