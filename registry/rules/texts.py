"""What people write in the registry: that it is there, not too long, and reads for others as it does for them."""

import re
from typing import Final

from core.errors import Invalid

#: Unicode's overrides and isolates of direction; a text in Arabic or Hebrew needs none of them.
REORDERS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
MOST: Final = {
    "title": 160,
    "institution": 160,
    "aim": 5_000,
    "reason": 2_000,
    "reference": 2_000,
    "remark": 2_000,
}


def require_text(**texts: str) -> None:
    """Raises Invalid with a sentence for each field whose text is missing, too long or turned around."""
    fields = {}
    for name, text in texts.items():
        if not text.strip():
            fields[name] = f"Fill in the {name}."
        elif len(text) > MOST[name]:
            fields[name] = f"Keep the {name} below {MOST[name]:,} characters."
        elif REORDERS.search(text):
            fields[name] = f"The {name} holds characters that turn text around, so others would read it otherwise."
    if fields:
        raise Invalid("Some of this is missing or too long.", "request", fields)
