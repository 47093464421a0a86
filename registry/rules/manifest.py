"""The manifest of a version: canonical JSON with a SHA-256 for every file, and one digest over all of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.canonical import canonical_json

FORMAT: Final = "donara-manifest-1"
MEDIA_TYPE: Final = "application/json"


@dataclass(frozen=True)
class Row:
    """One file. `donor` is a code that holds within one dataset only; `size` is in bytes.

    `undefaced_head`: the file never leaves the sandbox; it is told where it is so.
    """

    file: str
    sha256: str
    size: int
    split: str
    donor: str
    modality: str
    labels: Mapping[str, Any]
    undefaced_head: bool = False

    def to_dict(self) -> dict[str, Any]:
        """This row as JSON."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "size": self.size,
            "split": self.split,
            "donor": self.donor,
            "modality": self.modality,
            "labels": dict(self.labels),
            **({"undefaced_head": True} if self.undefaced_head else {}),
        }


@dataclass(frozen=True)
class Tombstone:
    """What stays of a file whose donor withdrew: that it was there. Nothing about the donor or the picture."""

    file: str
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """This tombstone as JSON."""
        return {"file": self.file, "sha256": self.sha256, "withdrawn": True}


def manifest_bytes(about: Mapping[str, Any], rows: Iterable[Row | Tombstone]) -> bytes:
    """The manifest: `about` says which version it is, `rows` are in the version's order.

    A version's digest is the SHA-256 of these very bytes, as `sha256sum manifest.json` prints it.
    """
    body = {**about, "format": FORMAT, "rows": [row.to_dict() for row in rows]}
    return canonical_json(body).encode() + b"\n"
