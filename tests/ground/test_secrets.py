"""Secrets are made once, are readable by their owner alone, and are never the same twice."""

import os
import stat
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def make_secrets(folder: Path) -> dict[str, str]:
    subprocess.run(
        [ROOT / "scripts" / "make-secrets"], check=True, env=os.environ | {"DONARA_SECRETS_DIR": str(folder)}
    )
    return {each.name: each.read_text() for each in folder.iterdir()}


def test_each_key_is_32_bytes_in_hexadecimal_and_private(tmp_path: Path) -> None:
    made = make_secrets(tmp_path / "secrets")
    assert set(made) == {"donara_secret_key", "donara_master_key", "donara_log_key", "donara_store_key"}
    assert all(len(bytes.fromhex(value)) == 32 for value in made.values())
    modes = {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "secrets").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_a_secret_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    first = make_secrets(tmp_path)
    (tmp_path / "donara_secret_key").unlink()
    second = make_secrets(tmp_path)
    assert second["donara_master_key"] == first["donara_master_key"]
    assert second["donara_secret_key"] != first["donara_secret_key"]


def test_no_two_are_alike(tmp_path: Path) -> None:
    values = [*make_secrets(tmp_path / "a").values(), *make_secrets(tmp_path / "b").values()]
    assert len(set(values)) == 8
