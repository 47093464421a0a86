"""Reads requirements.lock and pyproject.toml: what is locked, why, and what was asked for."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")
#: How pip-compile names this project where it says why a package is in the lock.
PROJECT = "donara (pyproject.toml)"


@dataclass
class Pin:
    """One locked package: its version, its hashes, and the packages (or this project) that ask for it."""

    version: Version
    hashes: list[str] = field(default_factory=list)
    asked_by: set[str] = field(default_factory=set)


def locked(text: str) -> dict[str, Pin]:
    """The lock's pins by canonical name, from its text."""
    pins: dict[str, Pin] = {}
    pin = None
    for line in text.splitlines():
        if found := PIN.match(line):
            pin = pins.setdefault(canonicalize_name(found[1]), Pin(Version(found[2])))
        elif pin is None:
            continue
        elif "--hash=" in line:
            pin.hashes.append(line.partition("--hash=")[2].rstrip(" \\"))
        elif reason := line.strip().removeprefix("#").strip().removeprefix("via").strip():
            pin.asked_by.add(reason if reason == PROJECT else canonicalize_name(reason))
    return pins


def asked_for(pyproject: dict[str, Any], groups: tuple[str, ...] | None = None) -> list[Requirement]:
    """The project's own requirements and those of `groups` (all when None), from the parsed pyproject.toml."""
    project = pyproject["project"]
    optional = project.get("optional-dependencies", {})
    chosen = optional if groups is None else groups
    texts = [*project["dependencies"], *(each for group in chosen for each in optional[group])]
    return [Requirement(text) for text in texts]


def read() -> tuple[dict[str, Any], str]:
    """This checkout's parsed pyproject.toml and the text of its requirements.lock."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text()), (ROOT / "requirements.lock").read_text()
