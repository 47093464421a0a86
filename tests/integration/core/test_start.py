"""A web server or worker that cannot reach what it needs does not start, and says in one sentence what to set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.celery import refuse_to_start_blind
from core import startup

WEB = ["-c", "import config.asgi"]
WORKER = ["-m", "celery", "--quiet", "--app", "config", "worker", "--pool", "solo"]
AWAY = {
    "database": ({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:9/n"}, "check DATABASE_URL"),
    "database file": ({"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, "check DATABASE_URL"),
    "folder": ({"DONARA_STORE": "folder:/proc/nowhere"}, "set DONARA_STORE"),
    "S3": (
        {
            "DONARA_STORE": "s3:",
            "DONARA_S3_ENDPOINT": "http://127.0.0.1:9",
            "DONARA_S3_ACCESS_KEY": "key",
            "DONARA_S3_SECRET_KEY": "hunter2",
        },
        "check DONARA_S3_ENDPOINT",
    ),
    "log": ({}, "cannot be read under DONARA_VAR"),
    "word": ({"DONARA_MODE": "prod"}, "set it to one of: demo, production, test"),
}


@pytest.mark.parametrize("what", AWAY)
@pytest.mark.parametrize("command", [WEB, WORKER], ids=["web", "worker"])
def test_it_does_not_start_and_says_what_to_set(tmp_path: Path, command: list[str], what: str) -> None:
    wrong, sentence = AWAY[what]
    if what == "log":
        (tmp_path / "public-log").write_text("a file where a folder belongs")
    embedded = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DONARA_STORE": f"folder:{tmp_path}/objects",
        "DONARA_BROKER_URL": "folder:",
        "DONARA_VAR": str(tmp_path),
        "DONARA_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    run = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=os.environ | embedded | wrong,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0
    assert sentence in run.stderr
    assert "hunter2" not in run.stderr + run.stdout


@pytest.mark.django_db
def test_a_worker_does_not_start_where_nothing_can_be_walled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    startup.verify_walls()
    monkeypatch.setattr(startup.seccomp, "is_available", lambda: False)
    with pytest.raises(ImproperlyConfigured, match="seccomp"):
        startup.verify_walls()
    with pytest.raises(SystemExit, match="seccomp"):
        refuse_to_start_blind()
