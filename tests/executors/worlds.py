"""The users under which a sandbox must hold: the one who runs the tests and, where that is root, a normal user too."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from training_jobs.executors.stage import Programs, system

CHECKOUT = Path(__file__).parents[2]
NORMAL_USER = "65533"
USERS = ["this_user", "normal_user"] if os.geteuid() == 0 else ["this_user"]


def run_as(user: str, program: str, **limits: int) -> dict[str, Any]:
    """What `driver.run` says when that user runs it; the starter's environment holds a secret."""
    programs = Programs()
    python = [programs.python, "-m", "tests.executors.driver"]
    checkout, packages = str(CHECKOUT), str(programs.packages)
    command = python
    if user == "normal_user":
        command = [*_world(programs, checkout, packages), *python]
        checkout, packages = "/checkout", "/packages"
    done = subprocess.run(
        command,
        input=json.dumps({"program": program, "limits": limits, "packages": packages}),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{checkout}:{packages}", "SECRET_KEY": "sesame-open"},
        cwd="/" if user == "normal_user" else checkout,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return dict(json.loads(done.stdout))


def _world(programs: Programs, checkout: str, packages: str) -> list[str]:
    """A root file system that a normal user can read although the checkout and Python may lie in root's own folder."""
    world = ["bwrap", "--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev"]
    world += ["--perms", "1777", "--tmpfs", "/tmp", *system(programs)]
    world += ["--ro-bind", "/sys", "/sys", "--ro-bind", checkout, "/checkout", "--ro-bind", packages, "/packages"]
    return [*world, "--", "setpriv", "--reuid", NORMAL_USER, "--regid", NORMAL_USER, "--clear-groups", "--"]
