"""Copies an attempt's images into its folder, each checked against its SHA-256, and writes the manifest beside them."""

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.canonical import sha256_hex
from core.errors import Missing
from registry import queries as registry
from registry import work as registry_work
from registry.rules.leaving import Way
from training_jobs.models import TrainingJob
from training_jobs.work.access import inputs
from training_jobs.work.place import data_dir
from training_jobs.work.pseudonyms import pseudonym

if TYPE_CHECKING:
    from registry.models import Grant, VersionEntry

MANIFEST = "manifest.json"
#: A step lasts seconds: what is not copied by then is copied by the next one.
SECONDS_A_STEP = 5.0
#: What the shipped template learns to tell apart, as curators note it.
LABEL = "lesion"


def copy_some(job: TrainingJob, grant: "Grant") -> bool:
    """Copies chosen images for a few seconds; True once all of them and the manifest are there.

    Raises Missing when stored bytes are gone or are not the ones that were accepted.
    """
    folder = data_dir(job)
    (folder / "images").mkdir(mode=0o700, parents=True, exist_ok=True)
    until = time.monotonic() + SECONDS_A_STEP
    chosen = set(inputs(job).values_list("image_id", flat=True))
    entries = [entry for entry in registry.entries_for(grant) if entry.image_id in chosen]
    for entry in entries:
        target = folder / file_name(job, entry)
        if target.exists():
            continue  # a file appears under its name only after it was checked
        if time.monotonic() > until:
            return False
        _copy(entry, target)
    manifest = _manifest(job, grant, entries)
    _write(folder / MANIFEST, manifest)
    TrainingJob.objects.filter(pk=job.pk).update(data_digest=sha256_hex(manifest))
    return True


def file_name(job: TrainingJob, entry: "VersionEntry") -> str:
    """The image's name within the job."""
    return f"images/{pseudonym(job.pk, 'image', entry.image_id)}.dcm"


def _copy(entry: "VersionEntry", target: Path) -> None:
    data = registry_work.read_image(entry, way=Way.SANDBOX)
    if sha256_hex(data) != entry.sha256:
        raise Missing("A stored image is not the one that was accepted, so the job was not run.", "integrity")
    _write(target, data)


def _write(target: Path, data: bytes) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(data)
    os.replace(draft, target)


def _manifest(job: TrainingJob, grant: "Grant", entries: "list[VersionEntry]") -> bytes:
    rows = sorted((_row(job, entry) for entry in entries), key=lambda row: str(row["file"]))
    data = {"dataset_version": job.specification["dataset_version"], "rows": rows}
    return json.dumps(data, sort_keys=True, indent=0).encode()


def _row(job: TrainingJob, entry: "VersionEntry") -> dict[str, Any]:
    noted = entry.labels.get(LABEL)
    return {
        "file": file_name(job, entry),
        "donor": pseudonym(job.pk, "donor", entry.donor_id),
        "series": pseudonym(job.pk, "series", entry.image.series_uid),
        "split": entry.split,
        "label": int(noted) if isinstance(noted, bool) else None,
        "modality": entry.image.modality,
        "body_part": entry.image.body_part,
    }
