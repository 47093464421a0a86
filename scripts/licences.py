"""Checks that every dependency's licence is one that we may ship with, and makes the page that lists them.

A licence that is not in ALLOWED is refused: GPL and AGPL are not in it; LGPL is, for unmodified libraries.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from scripts.lock_file import Pin, asked_for, locked, read

#: Each part of a licence text must match one of these from its start to its end. Words, because few packages use SPDX.
ALLOWED = [
    r"(modified |new |the )?(0|2-clause |3-clause )?BSD( licen[sc]e)?",
    r"BSD[ -][23][ -]clause( licen[sc]e)?",
    r"BSD-derived \(http://www\.repoze\.org/LICENSE\.txt\)",
    r"MIT(-0|-CMU| licen[sc]e)?",
    r"Apache([ -]Software)?( licen[sc]e)?([ -]2\.0)?",
    r"PSF-2\.0|Python Software Foundation License",
    r"MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)",
    r"LGPL-(2\.1|3\.0)-(only|or-later)",
    r"ISC( License)?|Zlib|CC0-1\.0|HPND|Unlicense",
]

#: Packages that pip-licenses reads as if every licence applied, where their holder offers a choice: what it reads, and
#: which of them we take. Another reading is refused until somebody has looked.
CHOSEN = {
    "pyphen": (
        {"GPLv2+", "LGPLv2+", "MPL 1.1"},  # "GPL 2.0+/LGPL 2.1+/MPL 1.1 tri-license", says its LICENSE
        "LGPL-2.1-or-later",
    ),
}


#: The notice that is served beside what others wrote; scripts/build-assets makes it.
NOTICE = Path(__file__).parent.parent / "core/design/static/design/LICENCES.txt"


def permitted(licence: str) -> bool:
    """Whether every part of `licence` is allowed; where the holder offers a choice, whether one of them is."""
    choices = [re.split(r" AND |; ", choice) for choice in licence.split(" OR ")]
    return any(all(known(part.strip()) for part in parts) for parts in choices)


def known(licence: str) -> bool:
    """Whether this one licence text is in the list."""
    return any(re.fullmatch(pattern, licence, re.IGNORECASE) for pattern in ALLOWED)


def runtime(pins: dict[str, Pin], pyproject: dict[str, Any]) -> set[str]:
    """The names of all locked packages that the product itself needs, following the lock's own reasons."""
    reached: set[str] = {canonicalize_name(each.name) for each in asked_for(pyproject, ("sandbox", "demo", "pixels"))}
    while more := {name for name, pin in pins.items() if pin.asked_by & reached} - reached:
        reached |= more
    return reached


def installed_licences() -> dict[str, str]:
    """Name to licence of what is installed here, as pip-licenses reads it."""
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--with-system", "--format=json"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {name: chosen(name, row["License"]) for row in rows if (name := canonicalize_name(row["Name"]))}


def chosen(name: str, licence: str) -> str:
    """The licence under which a package is used, where its holder offers several and the package's data hide that."""
    offered, taken = CHOSEN.get(name, (set(), ""))
    return taken if taken and set(re.findall(r"\(([^()]+)\)", licence)) == offered else licence


def table(names: set[str], pins: dict[str, Pin], licences: dict[str, str]) -> list[str]:
    """A Markdown table of these packages."""
    rows = [f"| {name} | {pins[name].version} | {licences[name]} |" for name in sorted(names)]
    return ["| Package | Version | Licence |", "|---|---|---|", *rows]


def assets() -> list[str]:
    """A Markdown table of what the pages carry, as their own notice says it; each licence has to be an allowed one."""
    found = re.findall(r"^(\S+) (\S+) \((\S+)\)$", NOTICE.read_text(), re.MULTILINE)
    if refused := [f"{name}: {licence}" for name, _, licence in found if not permitted(licence)]:
        sys.exit("\n".join(["These licences are not in the list that scripts/licences.py allows:", *refused]))
    rows = [f"| {name} | {version} | {licence} |" for name, version, licence in sorted(found)]
    return ["| Package | Version | Licence |", "|---|---|---|", *rows]


def page(pins: dict[str, Pin], pyproject: dict[str, Any], licences: dict[str, str]) -> str:
    """The whole document."""
    runs = runtime(pins, pyproject) & set(pins)
    return "\n".join(
        [
            "# Licences",
            "",
            "Donara is under the Apache License 2.0. `make docs` lists here what it builds on, from the lock.",
            "The lists are checked: nothing under the GPL or AGPL is shipped or imported, and libraries under the LGPL",
            "are used unmodified. Assets of the pages carry theirs in `core/design/static/design/LICENCES.txt`;",
            "what runs in donors' browsers, with Pyodide, which is under the MPL-2.0 and unmodified, carries them in",
            "`curation/static/curation/engine/LICENCES.txt`.",
            "",
            "Some wheels carry compiled libraries of their own. Those of GCC (libgfortran, libgomp, libquadmath) are",
            "under the GPL with the runtime library exception, which allows this use; the others are as permissive as",
            "the packages that carry them, or LGPL.",
            "",
            "pyphen is offered under a choice of three licences and used, unmodified, under the LGPL. It carries",
            "dictionaries for hyphenation, some of them under the GPL; nothing here hyphenates, so none is ever read.",
            "",
            "## What Donara runs on",
            "",
            *table(runs, pins, licences),
            "",
            "## What its pages carry",
            "",
            *assets(),
            "",
            "tus-js-client carries js-base64 (BSD-3-Clause), url-parse, querystringify and requires-port (all MIT).",
            "",
            "## What checks it during development",
            "",
            *table(set(pins) - runs, pins, licences),
            "",
        ]
    )


def document() -> str:
    """The page's text; ends the program with the reason where a licence is not allowed."""
    pyproject, text = read()
    pins, licences = locked(text), installed_licences()
    if absent := sorted(set(pins) - set(licences)):
        sys.exit(f"Locked and not installed: {', '.join(absent)}. Run: make setup")
    if refused := sorted(f"{name}: {licences[name]}" for name in pins if not permitted(licences[name])):
        sys.exit("\n".join(["These licences are not in the list that scripts/licences.py allows:", *refused]))
    return page(pins, pyproject, licences)
