"""The cohort's only source of chance: the same seed gives the same people, images and files."""

import random

import numpy as np


def words(*seed: int) -> random.Random:
    """A generator for names, numbers and dates, fixed by the seed."""
    return random.Random("/".join(map(str, seed)))  # noqa: S311 - invented people, nothing to guess


def pixels(*seed: int) -> np.random.Generator:
    """A generator for images, fixed by the seed."""
    return np.random.default_rng(list(seed))
