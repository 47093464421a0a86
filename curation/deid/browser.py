"""What a donor's browser asks of the engine, where it runs under Pyodide: plain values in, plain values out.

Nothing is raised for what a file may hold, and nothing is written, printed or kept beyond the session.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from .engine import Deidentifier
from .files.buffers import Buffer
from .headers import Headers
from .preview import preview
from .reading.answers import Unreadable
from .reading.identity import read_identity
from .results import Quarantined
from .source import says_where
from .texts.echoes import Echoes
from .texts.facts import Facts, facts_about
from .values.keys import SubjectKey
from .values.lent import LONGEST, Lent

#: No more is asked for at once.
MOST_ASKED = 8


class Session:
    """One donor's files while their page is open: all are surveyed first, then any are previewed and cleaned."""

    def __init__(self, key: bytes, given: str, families: Iterable[str], born: str, *, shared: bool = False) -> None:
        """`key`: the donor's own in their programme. The names, and `born` as YYYYMMDD, are what the registry knows.

        `shared`: what stands for hospitals, devices and local codes is to be that of the programme, which its server
        lends: `clean` then asks for it. Without it, it is that of this donor alone.
        """
        self._key = SubjectKey(bytes(key))
        self._lent = Lent() if shared else None
        self._headers = Headers(facts_about(given, families, born))
        self._engine: Deidentifier | None = None

    def survey(self, header: Buffer, whole: bool) -> bool:
        """Takes in whom a file's header speaks of; False where more of the file is needed (headers.py)."""
        self._engine = None
        return self._headers.add(header, whole=whole)

    def whose(self, header: bytes) -> dict[str, str]:
        """Whom a header says it is about (reading/answers.py); `reason` alone where it cannot be read."""
        try:
            return asdict(read_identity(header))
        except Unreadable as refused:
            return {"reason": refused.reason}

    def preview(self, data: Buffer) -> dict[str, Any]:
        """What researchers would see of a file, value by value (preview.py)."""
        return preview(data, self._ready())

    def clean(self, data: Buffer) -> dict[str, Any]:
        """`data`, `sha256` and `risk` of the cleaned file, or the `reason` why it has to be looked at elsewhere.

        Or `asks`, pairs of a kind and a message in hexadecimal digits: what the server has to be asked for first; once
        it was answered (`lend`), the file is to be cleaned again.
        """
        engine = self._ready()
        made = engine.clean(data)
        if isinstance(made, Quarantined):
            return {"reason": made.reason}
        if asks := self._asks():
            return {"asks": asks}
        if not says_where(engine.read(data)):
            return {"reason": "missing_identifier"}
        return {"data": made.data, "sha256": made.output_sha256, "risk": made.pixel_risk}

    def lend(self, answers: Iterable[Sequence[str]]) -> None:
        """Takes in what was asked for: kind, message, and the number in hexadecimal digits, or "" where none is lent.

        What is not lent is made with the donor's own key.
        """
        if self._lent is not None:
            for kind, message, number in answers:
                self._lent.take((kind, bytes.fromhex(message)), int(number, 16) if number else None)
        self._engine = None  # it remembers what it made without

    def _asks(self) -> list[list[str]]:
        """What is lacking, some of it at a time; what repeats a name, a number or a birth date is told to nobody."""
        if self._lent is None or not self._lent.lacking:
            return []
        facts = self._headers.facts
        someone = Echoes(Facts(names=facts.names, ids=facts.ids, births=facts.births))
        for kind, message in self._lent.lacking:
            if len(message) > LONGEST or someone.within(message):
                self._lent.take((kind, message), None)
        return [[kind, message.hex()] for kind, message in self._lent.lacking[:MOST_ASKED]]

    def _ready(self) -> Deidentifier:
        if self._engine is None:
            self._engine = Deidentifier(self._key, study=self._headers.facts, lent=self._lent)
        return self._engine
