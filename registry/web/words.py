"""The registry's states in a donor's words."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext, gettext_noop

from registry.queries import DonationFacts, StudyFacts
from registry.rules.lifecycle import DonationState, FileState
from registry.rules.reasons import words
from registry.rules.selection import MODALITY_WORDS

#: State -> what it means to the donor, and the tone that it is shown in.
FILE_WORDS = {
    FileState.RECEIVED: ("received", "waiting"),
    FileState.CLEANED: ("cleaned of names", "good"),
    FileState.QUARANTINED: ("not used", "neutral"),
    FileState.DUPLICATE: ("here already", "neutral"),
}
_SUMMARY = {
    "received": (messages.SUCCESS, "{n} received."),
    "held": (messages.WARNING, "{n} put aside: the name on them is not yours. Please answer the question below."),
    "duplicate": (messages.INFO, "{n} we have already."),
}
#: What the rules call kinds of scans, so that it is found when texts are gathered for translation.
_SAID = (
    gettext_noop("CT scans"),
    gettext_noop("MRI scans"),
    gettext_noop("X-rays (computed radiography)"),
    gettext_noop("X-rays (digital)"),
    gettext_noop("Ultrasound"),
    gettext_noop("Nuclear medicine"),
    gettext_noop("PET scans"),
    gettext_noop("Mammograms"),
    gettext_noop("X-ray angiography"),
    gettext_noop("Other pictures"),
    gettext_noop("Images"),
)


def kind_words(modality: str) -> str:
    """`CT` as `CT scans`, in the reader's language."""
    return gettext(MODALITY_WORDS.get(modality, "Images"))


def files(number: int) -> str:
    """A number of files in words."""
    return f"{number:,} file" if number == 1 else f"{number:,} files"


def question(held: int) -> str:
    """What a donor is asked about files that carry another name; the name itself is never shown."""
    if held == 1:
        return "The name or birth date on one of these images is not yours."
    return f"The name or birth date on {held:,} of these images is not yours."


def study_rows(facts: DonationFacts) -> list[dict[str, Any]]:
    """Each examination: its title, a tag for every state, and the reasons why files of it are not used."""
    return [
        {
            "title": f"Examination {study.number}: {kind_words(study.modality)}",
            "tags": _tags(study),
            "notes": _notes(study),
        }
        for study in facts.studies
    ]


def _tags(study: StudyFacts) -> list[tuple[str, str]]:
    known = [(FileState(state), number) for state, number in study.states.items()]
    return [(f"{number:,} {FILE_WORDS[state][0]}", FILE_WORDS[state][1]) for state, number in known]


def _notes(study: StudyFacts) -> list[str]:
    return [f"{files(number)}: {words(reason)}" for reason, number in study.reasons.items()]


def donation_steps(facts: DonationFacts) -> list[dict[str, Any]]:
    """What happened and what comes next, as a timeline."""
    donation, received = facts.donation, facts.states.get(FileState.RECEIVED, 0)
    if donation.state in (DonationState.WITHDRAWN, DonationState.ABANDONED):
        over = (
            "You withdrew. The images are deleted."
            if donation.state == DonationState.WITHDRAWN
            else "You took it back."
        )
        return [{"label": "You gave these images", "at": donation.created_at}, {"label": over, "state": "failed"}]
    cleaned, settled = not received, donation.state == DonationState.SETTLED
    return [
        {"label": "You sent your images", "at": donation.submitted_at},
        {
            "label": "Names and dates are taken out",
            "state": "done" if cleaned else "now",
            "text": "A computer does this. It can take a few minutes." if not cleaned else "",
        },
        {
            "label": "A person checks that nothing was missed",
            "state": "done" if settled else "now" if cleaned else "todo",
            "text": "" if settled else "This can take some days.",
        },
        {
            "label": "Your images are ready for research",
            "at": donation.settled_at,
            "state": "done" if settled else "todo",
            "text": "You can follow them under My data." if settled else "",
        },
    ]


def upload_summary(counted: Counter[tuple[str, str]]) -> list[tuple[int, str]]:
    """(message level, sentence) for the answers to one upload; what was left out is grouped by its reason."""
    lines = []
    for outcome in _SUMMARY:
        number = sum(n for (o, _), n in counted.items() if o == outcome)
        if number:
            level, sentence = _SUMMARY[outcome]
            lines.append((level, sentence.format(n=files(number))))
    for (outcome, sentence), number in counted.items():
        if outcome in {"skipped", "refused"}:
            level = messages.INFO if outcome == "skipped" else messages.WARNING
            lines.append((level, f"{files(number)} not taken. {sentence}"))
    return lines
