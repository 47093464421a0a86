"""What people write in the registry: that it is there, not too long, and reads for others as it does for them."""

import re
from typing import Final

from core.errors import Invalid
from core.texts import Filled
from core.texts import gettext_noop as _

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
NAMES: Final = {
    "title": _("title"),
    "institution": _("institution"),
    "aim": _("aim"),
    "reason": _("reason"),
    "reference": _("reference"),
    "remark": _("remark"),
}
TURNED: Final = _("The {field} holds characters that turn text around, so others would read it otherwise.")


def require_text(**texts: str) -> None:
    """Raises Invalid with a sentence for each field whose text is missing, too long or turned around."""
    fields: dict[str, str] = {}
    for name, text in texts.items():
        if not text.strip():
            fields[name] = Filled(_("Fill in the {field}."), field=Filled(NAMES[name]))
        elif len(text) > MOST[name]:
            fields[name] = Filled(
                _("Keep the {field} below {most} characters."), field=Filled(NAMES[name]), most=MOST[name]
            )
        elif REORDERS.search(text):
            fields[name] = Filled(TURNED, field=Filled(NAMES[name]))
    if fields:
        raise Invalid("Some of this is missing or too long.", "request", fields)
