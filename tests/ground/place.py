"""Gives each test process a place of its own, by setting the environment before the settings read it.

Several test processes share one machine, and one set of real services. Each gets its own folder, database, Redis number
and bucket prefix, which child processes (workers that a test starts, say) inherit through the environment.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: pytest-xdist's name for this process ("gw0", "gw1", …), or "alone".
PLACE = os.environ.get("PYTEST_XDIST_WORKER", "alone")


def claim_run() -> Path:
    """The folder of this whole run; whoever makes it removes it."""
    if "DONARA_TEST_RUN" not in os.environ:
        (ROOT / "var" / "test").mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix="run", dir=ROOT / "var" / "test")
        os.environ["DONARA_TEST_RUN"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(os.environ["DONARA_TEST_RUN"])


def claim() -> Path:
    """Points every store that the environment names at this process's own part of it; returns its folder.

    A child process that a test started finds its parent's place already claimed, and keeps it.
    """
    if os.environ.get("DONARA_TEST_PLACE") != PLACE:
        claim_place()
    return Path(os.environ["DONARA_VAR"])


def claim_place() -> None:
    """Makes this process's folder and sets the environment to it."""
    run = claim_run()
    place = run / PLACE
    place.mkdir(exist_ok=True)
    os.environ.update(DONARA_MODE="test", DONARA_VAR=str(place), DONARA_TEST_PLACE=PLACE)
    # A test's own worker must read what the test wrote, so both are given the same keys.
    for name in ("SECRET_KEY", "MASTER_KEY", "LOG_KEY", "STORE_KEY"):
        os.environ[f"DONARA_{name}"] = secrets.token_hex(32)
    ours = ("HOSTS", "ORIGIN", "LOG_WITNESSES", "LOG_WITNESS_KEYS", "STORE_KEYS_OLD", "ROLE")
    for name in ("EMAIL_URL", *(f"DONARA_{each}" for each in ours)):
        os.environ.pop(name, None)
    if not os.environ.get("DONARA_STORE", "").startswith("s3:"):
        os.environ["DONARA_STORE"] = f"folder:{place / 'objects'}"
    # Bucket names are lower case, at most 63 characters, and one name space for everybody.
    os.environ["DONARA_S3_BUCKET_PREFIX"] = f"{run.name}-{PLACE}".replace("_", "-").lower()
    broker = os.environ.get("DONARA_BROKER_URL", "")
    if broker.startswith("redis"):
        number = int(PLACE[2:]) + 1 if PLACE.startswith("gw") else 0
        os.environ["DONARA_BROKER_URL"] = f"{broker.rpartition('/')[0]}/{number}"
