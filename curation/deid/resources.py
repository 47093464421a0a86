"""Where the engine's own tables and texts lie."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = HERE / "data"


def load(name: str) -> dict[str, Any]:
    """One of the engine's tables."""
    content: dict[str, Any] = json.loads((DATA / name).read_text(encoding="ascii"))
    return content
