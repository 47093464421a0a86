"""The modifiers that allow a use under an obligation: what must be done, what shows it, and until when."""

from calendar import monthrange
from datetime import date
from typing import Final

from consent.rules.grammar import Modifier
from consent.rules.use import Use
from consent.rules.verdicts import Finding, Obligation, Outcome, deny
from consent.rules.vocabulary import named
from core.texts import Filled
from core.texts import gettext_noop as _

# code: (what the recipient must do, what shows that it was done)
_DUTIES: Final = {
    "IRB": (_("Ethics approval must be held before the data are used"), _("the approval of an ethics committee")),
    "PUB": (_("The results must be made available to other researchers"), _("a publication or a deposited report")),
    "COL": (_("The work must be done with the people who collected the data"), _("an agreement to collaborate")),
    "RTN": (_("Data derived from the donation must be returned to the registry"), _("the registry's receipt")),
    "NRI": (_("Nobody may try to find out who a donor is"), _("a signed undertaking not to re-identify")),
    "MOR": (_("Results must not be published before the moratorium ends"), _("a signed undertaking to wait")),
    "TS": (_("The use must end when its time is over"), _("a certificate that every copy was destroyed")),
}
#: What the sentence of an obligation is made of.
FOR_MONTHS, DETAILED, BARE = _("{duty} ({number} months)."), _("{duty} ({detail})."), _("{duty}.")
OBLIGATIONS: Final = frozenset(_DUTIES)


def duty(code: str) -> str:
    """What an obligation asks for, as a sentence without its full stop."""
    return _DUTIES[code][0]


def obligation_finding(modifier: Modifier, use: Use, since: date | None = None) -> Finding:
    """CONDITIONAL with the obligation; DENY where a time limit has passed on the day of use.

    Months are counted from `since`, the day of the grant, or else from the day of use.
    """
    until = last_day(modifier, since or use.date)
    if modifier.code == "TS" and use.date and until and use.date > until:
        sentence = _("The time limit of the consent ({term}) ended on {day}.")
        return deny("TS", Filled(sentence, term=named("TS"), day=until))
    what, evidence = _DUTIES[modifier.code]
    sentence = _sentence(what, modifier, until)
    obligation = Obligation(modifier.code, sentence, evidence, until)
    return Finding(Outcome.CONDITIONAL, modifier.code, sentence, obligation)


def last_day(modifier: Modifier, start: date | None) -> date | None:
    """The day on which a TS or MOR ends: as given, or months after `start`; None when not known."""
    if modifier.code not in ("TS", "MOR") or modifier.value is None:
        return None
    if isinstance(modifier.value, str):
        return date.fromisoformat(modifier.value)
    return add_months(start, modifier.value) if start and isinstance(modifier.value, int) else None


def add_months(day: date, months: int) -> date | None:
    """The same day `months` later, or that month's last day; None beyond the year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _sentence(what: str, modifier: Modifier, until: date | None) -> str:
    duty_words = Filled(what)
    if until:
        return Filled(DETAILED, duty=duty_words, detail=until)
    if isinstance(modifier.value, int):
        return Filled(FOR_MONTHS, duty=duty_words, number=str(modifier.value))
    if isinstance(modifier.value, str):
        return Filled(DETAILED, duty=duty_words, detail=modifier.value)
    return Filled(BARE, duty=duty_words)
