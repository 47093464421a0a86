"""The words in which people read codes, and how much planted writing somebody found, in the reader's language."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext, ngettext

from core.texts import gettext_noop as _
from curation.deid.reasons import SENTENCES as ENGINE
from curation.rules.attributes import name_of
from curation.rules.planted import Rate
from curation.rules.reasons import CODED, PICTURE, REJECTION, WORKER

SENTENCES = {**ENGINE, **WORKER, **CODED, **PICTURE, **REJECTION}


def sentence_for(reason: str) -> str:
    """The sentence for a reason's code; an unlisted code is shown as words, never hidden."""
    known = SENTENCES.get(reason)
    return gettext(known) if known else f"{reason.replace('_', ' ').capitalize()}."


#: What a check of a file that came as cleaned finds beside attributes (curation/deid/verify.py).
FOUND = {
    "private": _("a manufacturer's private entry"),
    "file_form": _("bytes that no cleaned file has"),
    "claims": _("no word of how it was cleaned"),
    "residual_identity": _("a name, number or date of somebody who is known"),
    "picture_not_clear": _("a picture that has to be looked at"),
}


def found_words(codes: Iterable[str]) -> str:
    """What was found in a file, as a list in words, such as `Patient's Name, Institution Name`; no values."""
    return ", ".join(_found(code) for code in codes)


def _found(code: str) -> str:
    return name_of(code) if re.fullmatch("[0-9a-f]{8}", code) else gettext(FOUND.get(code, code))


def rate_words(found: Rate) -> str:
    """`19 of 20 planted writings found (between 76 % and 99 %)`; empty where none was planted."""
    if not found.planted:
        return ""
    sentence = ngettext(
        "%(caught)s of %(planted)s planted writing found (between %(low)s and %(high)s)",
        "%(caught)s of %(planted)s planted writings found (between %(low)s and %(high)s)",
        found.planted,
    )
    low, high = (f"{round(share * 100)} %" for share in (found.low, found.high))
    return sentence % {"caught": found.caught, "planted": found.planted, "low": low, "high": high}
