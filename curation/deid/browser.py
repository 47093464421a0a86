"""What a donor's browser asks of the engine, where it runs under Pyodide: plain values in, plain values out.

Nothing is raised for what a file may hold, and nothing is written, printed or kept beyond the session.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from .engine import Deidentifier
from .files.buffers import Buffer
from .headers import Headers
from .preview import preview
from .reading.answers import Unreadable
from .reading.identity import read_identity
from .results import Quarantined
from .texts.facts import facts_about
from .values.keys import SubjectKey


class Session:
    """One donor's files while their page is open: all are surveyed first, then any are previewed and cleaned."""

    def __init__(self, key: bytes, given: str, families: Iterable[str], born: str) -> None:
        """`key`: the donor's own in their programme. The names, and `born` as YYYYMMDD, are what the registry knows."""
        self._key = SubjectKey(bytes(key))
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
        """`data`, `sha256` and `risk` of the cleaned file, or the `reason` why it has to be looked at elsewhere."""
        made = self._ready().clean(data)
        if isinstance(made, Quarantined):
            return {"reason": made.reason}
        return {"data": made.data, "sha256": made.output_sha256, "risk": made.pixel_risk}

    def _ready(self) -> Deidentifier:
        if self._engine is None:
            self._engine = Deidentifier(self._key, study=self._headers.facts)
        return self._engine
