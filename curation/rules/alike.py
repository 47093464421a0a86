"""Shortens long lists of texts that differ in nothing but their numbers, as comments on each slice do. Plain Python."""

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"\d+")
#: So many texts that are alike are still listed one by one.
FEW = 3


def shortened(texts: Iterable[str]) -> list[str]:
    """The texts in order; of many that are alike but for their numbers the first and the last, and how many."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(_NUMBER.sub("0", text), []).append(text)
    return [line for group in groups.values() for line in _lines(group)]


def _lines(group: list[str]) -> list[str]:
    if len(group) <= FEW:
        return group
    first, *_, last = sorted(group, key=_numbers)
    return [f"{first} … {last} ({len(group):,} texts that differ in their numbers only)"]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in _NUMBER.findall(text)]
