"""What each invented donor allows: the consent choices, spread over the cohort as the story needs them."""

from dataclasses import dataclass
from typing import Literal

from portal.story.cohort import chance

Permission = Literal["general", "health", "cancer"]
DECLINING_ONE_IN = 15  # 20 of 300 decline the training of computer models


@dataclass(frozen=True)
class Choices:
    """One donor's answers: what research, whether by companies, whether models may learn and may leave."""

    permission: Permission
    commercial: bool
    training: bool
    weights: bool


def spread(n: int, seed: int) -> list[Choices]:
    """Choices for `n` donors, of whom exactly n/15 (rounded) decline model training."""
    draw = chance.words(seed, 1)
    declining = set(draw.sample(range(n), round(n / DECLINING_ONE_IN)))
    return [_one(draw.random(), draw.random(), draw.random(), index not in declining) for index in range(n)]


def _one(research: float, company: float, leave: float, training: bool) -> Choices:
    permission: Permission = "general" if research < 0.6 else "health" if research < 0.8 else "cancer"
    return Choices(permission, company < 0.65, training, training and leave < 0.8)
