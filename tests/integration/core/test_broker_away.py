"""A broker that is away stops nobody and keeps nobody waiting: the sweep finds what no message told of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ASK_OFTEN = """
import django
django.setup()
from core.due.crews import Crew
from core.due.queue import wake
from core.ids import new_id
for _ in range(50):
    wake(new_id(), Crew.ANY)
"""


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:9/0", "folder:"])
def test_asking_goes_on(tmp_path: Path, broker: str) -> None:
    away = {"DONARA_BROKER_URL": broker, "DONARA_MODE": "demo", "DONARA_VAR": str(tmp_path)}
    gone = "" if broker != "folder:" else "import shutil; from django.conf import settings as s; shutil.rmtree(s.VAR)"
    run = subprocess.run(
        [sys.executable, "-c", ASK_OFTEN.replace("for _", f"{gone}\nfor _")],
        cwd=settings.BASE_DIR,
        env=os.environ | away | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("broker away") == 1
