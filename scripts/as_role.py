"""Runs a program as one role of the registry: with the store keys of that role and no others.

Usage, from the checkout's top: .venv/bin/python scripts/as_role.py web COMMAND… (or cleaner, runner, worker).
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.storage.rings import for_role, is_whole
from core.storage.roles import Role


def main(role: Role, command: list[str]) -> None:
    """Replaces this process; where no key is set, or one that is no key, the program itself says so."""
    how = os.environ.get("DONARA_STORE_ENCRYPTION", "").strip()
    for name, keys in (("DONARA_STORE_KEY", [_key()]), ("DONARA_STORE_KEYS_OLD", _old())):
        rings = [for_role(key, role, how) if is_whole(key) else key for key in keys]
        if any(rings):
            os.environ[name] = ",".join(rings)
    os.environ["DONARA_ROLE"] = role.value
    os.execvp(command[0], command)  # noqa: S606


def _key() -> str:
    file = Path(os.environ.get("DONARA_SECRETS_DIR", "var/secrets")) / "donara_store_key"
    return os.environ.get("DONARA_STORE_KEY", "").strip() or (file.read_text().strip() if file.is_file() else "")


def _old() -> list[str]:
    return os.environ.get("DONARA_STORE_KEYS_OLD", "").replace(",", " ").split()


if __name__ == "__main__":
    main(Role(sys.argv[1]), sys.argv[2:])
