"""What the run leaves behind: metrics, a model card, a table of subgroups, and the model as plain numbers."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

OUT = Path("/outputs")

CARD = """# Model card: image classifier

## What it is for
Research on telling two groups of donors apart from their images, for the purpose named in the approved request.
It is not a medical device and must not be used to decide about a person's care.

## What it learnt from
About {train} donors to learn, {validation} to choose the regularisation, {test} to test (rounded to the nearest 5).
Every donor is in one of the three groups only. Dataset version: `{dataset}`.

## How well it works
Area under the ROC curve on the test donors: {auc:.2f} (95 % interval {low:.2f} to {high:.2f}, DeLong).
Calibration: slope {slope}, intercept {intercept}, Brier score {brier_score}.

## How it works
Bright round spots, brightness and texture are measured in each image and summed up for each donor; a logistic
regression (L2, strength {strength:g}, seed {seed}) turns {columns} numbers into a probability.

## Limits
It was tested on donors of the same registry only. Smaller groups were not judged one by one. It says nothing about
images of another kind than those it learnt from. A model can remember people: treat it as personal data.
"""


def rounded(count: int) -> int:
    """A count to the nearest 5."""
    return 5 * round(count / 5)


def write_json(name: str, data: dict[str, Any]) -> None:
    """Writes one JSON output."""
    (OUT / name).write_text(json.dumps(data, indent=1, sort_keys=True, allow_nan=False) + "\n")


def write_card(values: dict[str, Any]) -> None:
    """Writes the model card."""
    (OUT / "model_card.md").write_text(CARD.format(**values))


def write_subgroups(groups: list[tuple[str, str, int]]) -> None:
    """Writes how many test donors there are of each kind: (modality, body part, label) for each donor."""
    counts: Counter[tuple[str, str]] = Counter(group[:2] for group in groups)
    positive: Counter[tuple[str, str]] = Counter(group[:2] for group in groups if group[2] == 1)
    with open(OUT / "subgroup_table.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["modality", "body_part", "donors", "donors_with_label"])
        for group in sorted(counts):
            table.writerow([*group, counts[group], positive[group]])
