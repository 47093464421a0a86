"""One line of an inbox: what waits for someone, and where to go to do it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Waiting:
    """`kind` groups lines of one sort; `title` is a sentence; `href` leads to the one next step."""

    kind: str
    title: str
    href: str
    since: datetime
