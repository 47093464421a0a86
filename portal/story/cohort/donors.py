"""The story's donors: who they are, what they allow, and the files that they bring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.story.cohort import chance, choices, people, scripts
from portal.story.cohort.names import Name, WordMaker, plain_letters

_DONORS_PER_HOSPITAL = 25


@dataclass(frozen=True)
class CohortDonor:
    """One invented donor; everything but `choices` and `has_lesion` is identifying and written into the files."""

    index: int
    seed: int
    name: Name
    mother: Name
    birth_date: date
    sex: str
    email: str
    national_id: str
    hospital_id: str
    record_locator: str
    phone: str
    address: str
    visits: tuple[people.Visit, ...]
    hospital: people.Hospital
    physicians: tuple[Name, ...]
    has_lesion: bool
    choices: choices.Choices

    @property
    def given_name(self) -> str:
        """The given name as the donor types it when registering."""
        return self.name.given

    @property
    def family_name(self) -> str:
        """The family name as the donor types it when registering."""
        return self.name.family

    @property
    def modality(self) -> str:
        """MR for every third donor, CT for the others."""
        return "MR" if self.index % 3 == 2 else "CT"


def make_cohort(n: int = 300, seed: int = 7) -> Iterator[CohortDonor]:
    """The donors one after another, lazily; the same seed gives the same people and the same bytes.

    Exactly half (rounded down) have a lesion and exactly n/15 (rounded) decline model training.

    Raises:
        ValueError: `n` is beyond 1000, where phone numbers would repeat.
    """
    if n > 1000:
        raise ValueError("A cohort has at most 1000 donors: beyond that, phone numbers repeat.")
    maker = WordMaker(chance.words(seed, 0))
    with_lesion = set(chance.words(seed, 2).sample(range(n), n // 2))
    allowed = choices.spread(n, seed)
    hospitals = [people.hospital(maker) for _ in range(n // _DONORS_PER_HOSPITAL + 1)]
    for index in range(n):
        place = hospitals[index % len(hospitals)]
        yield _donor(maker, index, seed, place, index in with_lesion, allowed[index])


def _donor(
    maker: WordMaker,
    index: int,
    seed: int,
    hospital: people.Hospital,
    has_lesion: bool,
    allowed: choices.Choices,
) -> CohortDonor:
    sex = maker.chance.choice("FM")
    name = scripts.person(maker, index, sex)
    return CohortDonor(
        index=index,
        seed=seed,
        name=name,
        mother=scripts.western(maker, "F"),
        birth_date=people.birth_date(maker),
        sex=sex,
        email=f"{plain_letters(name.given)}.{plain_letters(name.family)}{index}@example.org".lower(),
        national_id=people.national_id(maker, index),
        hospital_id=people.code(maker, "HZK", index),
        record_locator=people.code(maker, "RLX", index),
        phone=people.phone(index),
        address=people.address(maker),
        visits=people.visits(maker, index),
        hospital=hospital,
        physicians=tuple(maker.chance.sample(hospital.physicians, 3)),
        has_lesion=has_lesion,
        choices=allowed,
    )
