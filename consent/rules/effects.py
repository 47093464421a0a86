"""What a change would do, said before it is made; each app registers what it knows, so that consent imports none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from consent.rules.asked import Question, asked
from consent.rules.diseases import DiseaseTree
from consent.rules.grammar import Terms
from consent.rules.withdrawing import LEAVING, WithdrawalKind

#: The kind of a change of choices; the others are those of withdrawals.
CHOICES = "choices"
#: So many titles are named; of more, only how many they are.
NAMED = 5


@dataclass(frozen=True)
class Change:
    """What the donor is about to do. `after`: the terms that would hold then; None where the consent ends."""

    kind: str
    after: Terms | None = None

    @property
    def ends(self) -> bool:
        """Whether the consent ends with it."""
        return self.kind in LEAVING

    @property
    def keeps(self) -> bool:
        """Whether what was granted before goes on, whatever it is."""
        return self.kind in (WithdrawalKind.NO_CONTACT, WithdrawalKind.NOTHING_NEW)

    def permits(self, question: Question, known: DiseaseTree) -> bool:
        """Whether a use that was granted before goes on after it, by these diseases and on the use's own date."""
        return self.keeps or asked(question).put_to(self.after, known).allowed


@dataclass(frozen=True)
class Effect:
    """One sentence for the donor, in the language of whoever asks. `is_final`: it can never be undone."""

    text: str
    is_final: bool = False


Foresee = Callable[[UUID, Change], Iterable[Effect]]
EFFECTS: dict[str, tuple[int, Foresee]] = {}


def register(code: str, position: int, foresee: Foresee) -> None:
    """Adds what one app foresees; registering it again replaces it."""
    EFFECTS[code] = (position, foresee)


def foresee(donor_id: UUID, change: Change) -> list[Effect]:
    """Everything that the change would do, from the rows as they are now."""
    found = sorted(EFFECTS.values(), key=lambda each: each[0])
    return [effect for _, each in found for effect in each(donor_id, change)]


def named(titles: Iterable[str]) -> str:
    """The titles, where they are few: `: “A”, “B”`."""
    known = sorted(set(titles))
    return ": " + ", ".join(f"“{title}”" for title in known) if 0 < len(known) <= NAMED else ""
