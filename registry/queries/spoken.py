"""What consent's rules say of a use, on the pages of researchers and staff, in the reader's language.

A sentence that was kept, with a decision or with evidence, is kept in English; so it is known again by its shape.
"""

import re
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext as _

from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.use import Use
from core.said import said
from registry.rules.purpose import sentences

#: Sentences of what consents leave to a person, with what stands in them.
MATTERS: Final = (
    gettext_noop("The use is about %(what)s, so a person must decide."),
    gettext_noop("The use declares no purpose, so a person must decide."),
    gettext_noop(
        "Methods work (training a model counts as that) is not shown to stay inside the diseases of the consent to "
        "disease specific research (DS) (%(these)s), so a person must decide."
    ),
    gettext_noop("The consent says geographical restriction (GS) (%(these)s), and the countries of use are not known."),
    gettext_noop("The consent has research specific restrictions (RS) in words, which a person must read."),
    gettext_noop(
        "The consent has research specific restrictions (RS) in words, which a person must read: “%(words)s”."
    ),
    gettext_noop("The consent says no sharing of trained weights (NWEIGHTS), and the use leaves that open."),
)
#: The sensitive matters as they stand in the first of them; obligations without their full stop, and what shows each.
SAID: Final = (
    gettext_noop("a disease or trait that people are stigmatised for"),
    gettext_noop("vulnerable people"),
    gettext_noop("psychological traits or intelligence"),
    gettext_noop("illegal behaviour"),
    gettext_noop("sexual preferences or sexually transmitted diseases"),
    gettext_noop("children only"),
    gettext_noop("one gender only"),
    gettext_noop("Ethics approval must be held before the data are used"),
    gettext_noop("The results must be made available to other researchers"),
    gettext_noop("The work must be done with the people who collected the data"),
    gettext_noop("Data derived from the donation must be returned to the registry"),
    gettext_noop("Nobody may try to find out who a donor is"),
    gettext_noop("Results must not be published before the moratorium ends"),
    gettext_noop("The use must end when its time is over"),
    gettext_noop("the approval of an ethics committee"),
    gettext_noop("a publication or a deposited report"),
    gettext_noop("an agreement to collaborate"),
    gettext_noop("the registry's receipt"),
    gettext_noop("a signed undertaking not to re-identify"),
    gettext_noop("a signed undertaking to wait"),
    gettext_noop("a certificate that every copy was destroyed"),
)
_DUTY: Final = re.compile(r"(?P<what>.+?)(?: \((?P<detail>.+)\))?\.", re.DOTALL)
_MONTHS: Final = re.compile(r"(\d+) months")


def _shape(template: str) -> re.Pattern[str]:
    """What a filled template looks like."""
    parts = re.split(r"%\((\w+)\)s", template)
    return re.compile(
        "".join(f"(?P<{part}>.+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)), re.DOTALL
    )


_SHAPES: Final = [(template, _shape(template)) for template in MATTERS]


def matter_said(sentence: str) -> str:
    """What a consent leaves to a person, as `Matter.sentence` has it; what is not known stays in English."""
    for template, shape in _SHAPES:
        if found := shape.fullmatch(sentence):
            return gettext(template) % {name: gettext(words) for name, words in found.groupdict().items()}
    return gettext(sentence)


def duty_said(sentence: str) -> str:
    """What donors ask for, as `Obligation.sentence` has it; what is not known stays in English."""
    found = _DUTY.fullmatch(sentence)
    if found is None or found["what"] not in SAID:
        return gettext(sentence)
    if found["detail"] is None:
        return _("%(what)s.") % {"what": gettext(found["what"])}
    return _("%(what)s (%(detail)s).") % {"what": gettext(found["what"]), "detail": _detail(found["detail"])}


def _detail(detail: str) -> str:
    """A day or a name stays as it is in the consent."""
    if found := _MONTHS.fullmatch(detail):
        number = int(found[1])
        return ngettext("%(number)s month", "%(number)s months", number) % {"number": number}
    return detail


def purpose_said(use: Use, known: DiseaseTree = BUILT_IN) -> list[tuple[str, str]]:
    """A use as questions and answers."""
    return [(said(question), said(answer)) for question, answer in sentences(use, known)]


def matters_said(decided: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Sentences of matters, with whether each is covered."""
    return [(matter_said(sentence), covered) for sentence, covered in decided]
