"""What consent's rules say in English, in the reader's language: rules know no Django."""

import re
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from consent.queries.diseases import diseases
from consent.rules.grammar import Terms
from consent.rules.matching import SENSITIVE_MATTER
from consent.rules.obligations import BARE, DETAILED, FOR_MONTHS
from consent.rules.purposes import METHODS_OUTSIDE
from consent.rules.restrictions import IN_WORDS, IN_WORDS_UNSEEN, LEFT_OPEN, PLACES_UNKNOWN
from consent.rules.terms import sentence
from consent.rules.vocabulary import TERM
from core.spoken import said, said_again

#: What the rules say on donors' pages, so that it is found when texts are gathered for translation.
SAID: Final = (
    gettext_noop("Type your first name and your family name, as you gave them before."),
    gettext_noop("Enter your first name."),
    gettext_noop("Enter your family name."),
    gettext_noop("Enter your date of birth. It must be in the past."),
    gettext_noop("You must be 18 or older to sign for yourself."),
    gettext_noop("Some details are missing or cannot be right."),
    gettext_noop("Please choose at least one kind of research, or leave without signing."),
    gettext_noop("The form does not have one of these choices. Please reload the page."),
    gettext_noop("Please answer with yes or no."),
    gettext_noop("This form has been replaced by a newer one. Please read the new one."),
    gettext_noop("You have signed already. You can change your choices at any time."),
    gettext_noop("Your withdrawal is still under way. You can join again once it is complete."),
    gettext_noop("research into health and illness"),
    gettext_noop("research into other illnesses"),
    gettext_noop("research into where people's ancestors came from"),
    gettext_noop("any other kind of research"),
    gettext_noop("working out better research methods"),
    gettext_noop("working out better research methods for these illnesses"),
    gettext_noop("training computer models (AI)"),
    gettext_noop("training computer models (AI) for these illnesses"),
    gettext_noop("sharing those trained models"),
    gettext_noop("selling those trained models"),
    gettext_noop("making products or earning money"),
    gettext_noop("work by companies"),
    gettext_noop("deciding about the care of patients"),
    gettext_noop("studies that do not look at genes"),
    gettext_noop("work by people who are not on the agreed list"),
    gettext_noop("work at institutions that are not on the agreed list"),
    gettext_noop("projects that are not on the agreed list"),
    gettext_noop("a person must check and agree"),
    gettext_noop("ethics approval must be held before the data are used"),
    gettext_noop("the results must be made available to other researchers"),
    gettext_noop("the work must be done with the people who collected the data"),
    gettext_noop("data derived from the donation must be returned to the registry"),
    gettext_noop("nobody may try to find out who a donor is"),
    gettext_noop("results must not be published before the moratorium ends"),
    gettext_noop("the use must end when its time is over"),
    gettext_noop("the agreed countries"),
)
#: What is kept of a consent with a decision or with evidence is in English; what it was made of, the narrow ones first.
_KEPT: Final = (
    *(SENSITIVE_MATTER, METHODS_OUTSIDE, PLACES_UNKNOWN, IN_WORDS, IN_WORDS_UNSEEN, LEFT_OPEN),
    *(FOR_MONTHS, DETAILED, BARE, TERM),
)
_CONDITIONS: Final = re.compile(r"(?P<phrase>.+?) \(on conditions: (?P<conditions>.+)\)")
_DISEASE: Final = re.compile(r"research into (?P<disease>.+)")
_OUTSIDE: Final = re.compile(r"work outside (?P<places>.+)")


def spoken(terms: Terms, day: date | None = None) -> tuple[list[str], list[str]]:
    """(can, cannot) of terms, as the rules work them out for the day, or today, in the reader's language."""
    can, cannot = sentence(terms, diseases(), day or timezone.now().date())
    return [phrase(each) for each in can], [phrase(each) for each in cannot]


def kept_said(sentence: str) -> str:
    """What a consent leaves to a person or asks of researchers, as a verdict has it or as it was kept of one."""
    return said_again(sentence, _KEPT, ours=("term", "matter", "duty"))


def phrase(words: str) -> str:
    """One phrase of the sentence: its parts are translated, and names of diseases and places stay names."""
    if found := _CONDITIONS.fullmatch(words):
        conditions = ", ".join(said(each) for each in found["conditions"].split(", "))
        return gettext("%(what)s (on conditions: %(conditions)s)") % {
            "what": phrase(found["phrase"]),
            "conditions": conditions,
        }
    if words in SAID:
        return gettext(words)
    if found := _DISEASE.fullmatch(words):
        return gettext("research into %(disease)s") % {"disease": gettext(found["disease"])}
    if found := _OUTSIDE.fullmatch(words):
        return gettext("work outside %(places)s") % {"places": gettext(found["places"])}
    return gettext(words)
