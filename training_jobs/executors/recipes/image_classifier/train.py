"""Learns a classifier from a dataset version's images, in the sandbox: reads /data, writes /outputs and /progress."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# These lie beside this file; inside the sandbox they are no package.
import evaluation  # type: ignore[import-not-found]
import features  # type: ignore[import-not-found]
import numpy as np
import reports  # type: ignore[import-not-found]
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

DATA = Path("/data")
RADII = 5
FEWEST = 10
READING_STEPS = 10
TOO_FEW, NO_LABELS = 3, 4


@dataclass
class Donor:
    """One donor's numbers, as they come together."""

    split: str
    label: int
    modality: str = "unknown"
    body_part: str = "unknown"
    rows: list[Any] = field(default_factory=list)


def main() -> int:
    """Trains, tests and reports; the exit code says what was missing."""
    parameters = json.loads(Path("/job/parameters.json").read_text())
    manifest = json.loads((DATA / "manifest.json").read_text())
    if isinstance(manifest, list):
        manifest = {"rows": manifest}
    rows = [row for row in manifest["rows"] if row.get("label") in (0, 1)]
    if not rows:
        say("No image carries a label, so there is nothing to learn.")
        return NO_LABELS
    radii = [float(r) for r in np.geomspace(parameters["smallest_spot"], parameters["largest_spot"], RADII).round(2)]
    spots_only = parameters["features"] == "spots"
    progress = Progress(parameters["search_steps"] + READING_STEPS + 1)
    donors, skipped = read_donors(rows, radii, spots_only, parameters["image_size"], progress)
    say(f"Files that could not be read: {skipped}.")
    parts = {name: part(donors, name) for name in ("train", "validation", "test")}
    if any(min((labels == 0).sum(), (labels == 1).sum()) < FEWEST for _, labels in parts.values()):
        say(
            f"Each of training, validation and test needs at least {FEWEST} donors with the label and {FEWEST} without."
        )
        return TOO_FEW
    model, strength = choose(parts, parameters["search_steps"], parameters["seed"], progress)
    report(
        model,
        strength,
        parts,
        donors,
        parameters,
        manifest.get("dataset_version", "unknown"),
        features.names(radii, spots_only),
    )
    progress.tell({})
    return 0


def say(line: str) -> None:
    """One line for the run's log."""
    sys.stdout.write(line + "\n")


class Progress:
    """Tells the registry how far the run is."""

    def __init__(self, of: int) -> None:
        self.step, self.of = 0, of

    def tell(self, metrics: dict[str, float]) -> None:
        """One step more."""
        self.step += 1
        with open("/progress/progress.jsonl", "a") as file:
            file.write(json.dumps({"step": self.step, "of": self.of, "metrics": metrics}) + "\n")


def read_donors(
    rows: list[dict[str, Any]], radii: list[float], spots_only: bool, size: int, progress: Progress
) -> tuple[list[Donor], int]:
    """Every donor with at least one readable image, in a fixed order, and how many files could not be read."""
    donors: dict[str, Donor] = {}
    skipped = 0
    rows = sorted(rows, key=lambda row: (row["donor"], row["file"]))
    marks = {len(rows) * (step + 1) // READING_STEPS - 1 for step in range(READING_STEPS)}
    for index, row in enumerate(rows):
        try:
            images = features.read_images(str(DATA / row["file"]), size)
        except Exception:
            # Whatever a decoder raises: the file is left out and counted; its message could name a person.
            images, skipped = [], skipped + 1
        known: dict[str, Any] = {key: str(row[key]) for key in ("modality", "body_part") if row.get(key)}
        if images:
            donor = donors.setdefault(row["donor"], Donor(row["split"], row["label"], **known))
            donor.rows += [features.measure(image, radii, spots_only) for image in images]
        if index in marks:
            progress.tell({"images_read": index + 1})
    return list(donors.values()), skipped


def part(donors: list[Donor], split: str) -> tuple[Any, Any]:
    """The numbers (donors x columns) and labels of one split."""
    chosen = [donor for donor in donors if donor.split == split]
    columns = [features.sum_up(donor.rows) for donor in chosen]
    return np.array(columns), np.array([donor.label for donor in chosen])


def choose(parts: dict[str, Any], steps: int, seed: int, progress: Progress) -> tuple[Any, float]:
    """The model whose regularisation did best on the validation donors."""
    best, best_auc, best_strength = None, -1.0, 0.0
    for strength in np.geomspace(0.003, 3, steps):
        classifier = LogisticRegression(C=float(strength), max_iter=2000, random_state=seed)
        model = make_pipeline(StandardScaler(), classifier).fit(*parts["train"])
        auc = float(roc_auc_score(parts["validation"][1], model.decision_function(parts["validation"][0])))
        progress.tell({"validation_auc": auc, "strength": float(strength)})
        if auc > best_auc:
            best, best_auc, best_strength = model, auc, float(strength)
    return best, best_strength


def report(
    model: Any,
    strength: float,
    parts: dict[str, Any],
    donors: list[Donor],
    parameters: dict[str, Any],
    dataset: str,
    names: list[str],
) -> None:
    """Writes the four outputs."""
    columns, labels = parts["test"]
    scores, probabilities = model.decision_function(columns), model.predict_proba(columns)[:, 1]
    auc, low, high = evaluation.auc_with_interval(labels, scores)
    calibration = evaluation.calibration(labels, probabilities)
    counts = {name: reports.rounded(len(found[1])) for name, found in parts.items()}
    interval = [round(low, 3), round(high, 3)]
    curve = evaluation.roc_points(labels, scores)
    metrics = {"auc": round(auc, 3), "auc_interval_95": interval, "roc_curve": curve, "calibration": calibration}
    reports.write_json("metrics.json", metrics | {"donors": counts, "parameters": parameters})
    card = counts | calibration | {"auc": auc, "low": low, "high": high, "dataset": dataset}
    reports.write_card(card | {"strength": strength, "seed": parameters["seed"], "columns": len(names)})
    reports.write_subgroups([(d.modality, d.body_part, d.label) for d in donors if d.split == "test"])
    scaler, classifier = model[0], model[1]
    weights = {"mean": scaler.mean_, "scale": scaler.scale_, "weights": classifier.coef_[0]}
    plain = {name: [float(f"{value:.6g}") for value in values] for name, values in weights.items()}
    reports.write_json("model.json", plain | {"intercept": float(f"{classifier.intercept_[0]:.6g}"), "columns": names})


if __name__ == "__main__":
    sys.exit(main())
