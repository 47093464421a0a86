"""A use as one request or grant asks for it: with what a person has decided of it, and the day that months begin."""

from dataclasses import dataclass, replace
from datetime import date

from consent.rules.diseases import Diseases
from consent.rules.grammar import Terms
from consent.rules.matching import permits
from consent.rules.use import Use, digest
from consent.rules.verdicts import Verdict
from core.canonical import digest_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What every consent is asked; one question for a request, a grant and all that follows from it.

    `covered`: keys of the matters (Matter in verdicts.py) that a person has decided are covered, for this alone.
    `since`: the day of the grant, from which limits in months are counted; None: the day of the question.
    """

    use: Use
    covered: frozenset[str] = frozenset()
    since: date | None = None

    def on(self, day: date) -> "Asked":
        """The same, of a day, unless the use names its own."""
        return replace(self, use=replace(self.use, date=self.use.date or day))

    @property
    def digest(self) -> str:
        """Names the question: the use's own digest (64 hexadecimal digits) where nobody has decided anything of it."""
        if not self.covered and self.since is None:
            return digest(self.use)
        since = self.since.isoformat() if self.since else None
        return digest_of({"use": self.use.to_dict(), "covered": sorted(self.covered), "since": since})

    def put_to(self, terms: Terms | None, known: Diseases) -> Verdict:
        """What these terms say of it."""
        return permits(terms, self.use, known, covered=self.covered, since=self.since)

    def last_day(self, terms: Terms | None, known: Diseases) -> date | None:
        """The last day on which these terms, which permit it now, permit it; None where no day is set."""
        each = [self.put_to(Terms((option,)), known) for option in (terms.alternatives if terms else ())]
        ends = [_first_end(verdict) for verdict in each if verdict.allowed]
        return None if None in ends else max((end for end in ends if end), default=None)


#: What the queries take: a use alone is one of which nobody has decided anything.
Question = Use | Asked


def asked(question: Question) -> Asked:
    """The question in full."""
    return question if isinstance(question, Asked) else Asked(question)


def _first_end(verdict: Verdict) -> date | None:
    return min((each.expires for each in verdict.obligations if each.code == "TS" and each.expires), default=None)
