"""Makes a small cohort for the training template: real slices, with a bright round lesion for half of the donors."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

SOURCES = ("CT_small.dcm", "MR_small.dcm")


def make_cohort(folder: Path, donors: int = 300, images: int = 3, contrast: float = 0.55) -> Path:
    """Writes `files/*.dcm` and `manifest.json`; every other donor has the lesion in each image. Returns the folder."""
    chance = random.Random(7)
    (folder / "files").mkdir(parents=True)
    rows: list[dict[str, Any]] = []
    sources = [pydicom.dcmread(str(get_testdata_file(name))) for name in SOURCES]
    for donor in range(donors):
        label, source = donor % 2, sources[donor // 2 % 2]
        split = chance.choices(("train", "validation", "test"), (6, 2, 2))[0]
        for image in range(images):
            name = f"files/{donor:04d}-{image}.dcm"
            _write(folder / name, source, chance, contrast if label else 0.0)
            rows.append(
                {
                    "file": name,
                    "donor": f"donor-{donor:04d}",
                    "series": f"series-{donor:04d}",
                    "split": split,
                    "label": label,
                    "modality": str(source.Modality),
                    "body_part": chance.choice(("ABDOMEN", "HEAD", "SPINE")),
                }
            )
    (folder / "manifest.json").write_text(json.dumps({"dataset_version": "ab" * 32, "rows": rows}))
    return folder


def _write(path: Path, source: pydicom.Dataset, chance: random.Random, contrast: float) -> None:
    pixels = source.pixel_array.astype(float)
    low, high = np.percentile(pixels, (1, 99))
    rng = np.random.default_rng(chance.getrandbits(32))
    pixels = np.roll(pixels, (chance.randint(-6, 6), chance.randint(-6, 6)), axis=(0, 1))
    pixels += rng.normal(0, 0.03 * (high - low), pixels.shape)
    if contrast:
        row, column = (chance.randint(size // 4, 3 * size // 4) for size in pixels.shape)
        radius = chance.uniform(2.5, 5)
        rr, cc = np.ogrid[: pixels.shape[0], : pixels.shape[1]]
        inside = 1 / (1 + np.exp((np.hypot(rr - row, cc - column) - radius) * 2))
        pixels += contrast * (high - low) * inside
    copy = pydicom.dcmread(source.filename)
    copy.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    copy.SOPInstanceUID = copy.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    limits = np.iinfo(source.pixel_array.dtype)
    copy.PixelData = np.clip(pixels, limits.min, limits.max).astype(source.pixel_array.dtype).tobytes()
    copy.save_as(path)
