"""Fails where requirements.lock and pyproject.toml have parted, asking no network: `python -m scripts.check_lock`."""

import re
import sys
from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from scripts.lock_file import PROJECT, Pin, asked_for, locked, read

#: What would make the lock depend on one machine or one mirror.
FOREIGN = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host|(^|\s)/\w", re.MULTILINE)


def missing_or_unfit(pins: dict[str, Pin], pyproject: dict[str, Any]) -> Iterator[str]:
    """What pyproject.toml asks for and the lock does not give."""
    for requirement in asked_for(pyproject):
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{requirement} is asked for and not locked."
        elif not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{requirement} is asked for and {pin.version} is locked."


def unasked(pins: dict[str, Pin], pyproject: dict[str, Any]) -> Iterator[str]:
    """What the lock holds and nobody asks for any more."""
    wanted = {canonicalize_name(each.name) for each in asked_for(pyproject)}
    for name, pin in pins.items():
        askers = {each for each in pin.asked_by if each in pins}
        if PROJECT in pin.asked_by and name not in wanted:
            yield f"{name} is locked as this project's own and pyproject.toml does not ask for it."
        elif not askers and name not in wanted:
            yield f"{name} is locked and nothing asks for it."


def complaints(pyproject: dict[str, Any], text: str) -> list[str]:
    """Every way in which the lock (its text) is out of step with the parsed pyproject.toml."""
    pins = locked(text)
    found = [*missing_or_unfit(pins, pyproject), *unasked(pins, pyproject)]
    found += [f"{name} has no hash." for name, pin in pins.items() if not pin.hashes]
    found += [
        f"The lock names an address or a path: {line.strip()}" for line in text.splitlines() if FOREIGN.search(line)
    ]
    return found


if __name__ == "__main__":
    if faults := complaints(*read()):
        sys.exit("\n".join([*faults, "Run: make lock"]))
