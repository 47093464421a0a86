"""The shipped template, run in a real sandbox on a made-up cohort: it finds the lesion, and none where none is."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.executors.cohort import make_cohort
from tests.executors.driver import wait
from training_jobs.executors import record
from training_jobs.executors.base import RunState
from training_jobs.executors.bubblewrap import BubblewrapExecutor
from training_jobs.executors.templates import find_template, template_folder
from training_jobs.rules.output_checks import Outcome, check
from training_jobs.rules.specification import specify

pytestmark = pytest.mark.xdist_group("image classifier")  # they share what was trained once
NAME = "image_classifier"


class Trained(NamedTuple):
    """The observation at the end, the outputs, and the progress that was seen on the way."""

    found: Any
    outputs: dict[str, bytes]
    progress: set[float]


def train(data: Path, run_dir: Path, parameters: dict[str, Any] | None = None) -> Trained:
    """One whole run."""
    executor, template = BubblewrapExecutor(), find_template(NAME)
    specification = specify(template, dataset_version="ab" * 32, parameters=parameters or {})
    executor.start(run_dir.name, specification, data, template_folder(NAME), run_dir)
    progress: set[float] = set()
    found = wait(executor, run_dir, seen=lambda each: progress.add(each.progress))
    outputs = run_dir / record.OUTPUTS
    made = {path.name: path.read_bytes() for path in outputs.iterdir()} if outputs.exists() else {}
    return Trained(found, made, progress)


@pytest.fixture(scope="module")
def with_lesion(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cohort(tmp_path_factory.mktemp("with") / "data")


@pytest.fixture(scope="module")
def trained(with_lesion: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return train(with_lesion, tmp_path_factory.mktemp("runs") / "first")


def test_finds_the_lesion_and_says_how_sure_it_is(trained: Trained) -> None:
    found, outputs, _ = trained
    assert found.state is RunState.FINISHED, found
    metrics = json.loads(outputs["metrics.json"])
    low, high = metrics["auc_interval_95"]
    assert metrics["auc"] > 0.8
    assert 0.5 < low < metrics["auc"] <= high
    assert low < 1
    assert f"{metrics['auc']:.2f}" in outputs["model_card.md"].decode()


def test_shows_progress_and_metrics(trained: Trained) -> None:
    found = trained.found
    assert found.progress == 1.0
    assert any("validation_auc" in row for row in found.metrics)
    assert [row["step"] for row in found.metrics] == sorted(row["step"] for row in found.metrics)


def test_progress_is_seen_while_it_runs(trained: Trained) -> None:
    assert len([progress for progress in trained.progress if 0 < progress < 1]) >= 2


def test_outputs_are_checked_as_promised(trained: Trained, with_lesion: Path) -> None:
    rows = json.loads((with_lesion / "manifest.json").read_text())["rows"]
    known = {row[key] for row in rows for key in ("donor", "series", "file")}
    template = find_template(NAME)
    assert set(trained.outputs) == set(template.outputs)
    came = {
        name: check(name, data, expected=template.outputs, known_identifiers=known).outcome
        for name, data in trained.outputs.items()
    }
    assert came == {
        "metrics.json": Outcome.RELEASABLE,
        "model_card.md": Outcome.RELEASABLE,
        "subgroup_table.csv": Outcome.WITHHOLD,
        "model.json": Outcome.NEEDS_DECISION,
    }


def test_same_data_same_bytes(trained: Trained, with_lesion: Path, tmp_path: Path) -> None:
    assert train(with_lesion, tmp_path / "second").outputs == trained.outputs


def test_claims_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    found, outputs, _ = train(make_cohort(tmp_path / "data", images=1, contrast=0.0), tmp_path / "run")
    assert found.state is RunState.FINISHED, found
    low, high = json.loads(outputs["metrics.json"])["auc_interval_95"]
    assert low < 0.6
    assert high - low > 0.1


@pytest.mark.parametrize(
    ("labels", "exit_code", "said"), [(True, 3, "needs at least 10"), (False, 4, "carries a label")]
)
def test_too_little_to_learn_from_is_said(tmp_path: Path, labels: bool, exit_code: int, said: str) -> None:
    data = make_cohort(tmp_path / "data", donors=12, images=1)
    if not labels:
        manifest = json.loads((data / "manifest.json").read_text())
        rows = [{key: value for key, value in row.items() if key != "label"} for row in manifest["rows"]]
        (data / "manifest.json").write_text(json.dumps({"rows": rows}))
    found, outputs, _ = train(data, tmp_path / "run")
    assert (found.state, found.exit_code, outputs) == (RunState.FAILED, exit_code, {})
    assert said in (tmp_path / "run" / record.LOG).read_text()


def test_unreadable_files_are_left_out_and_counted(tmp_path: Path) -> None:
    data = make_cohort(tmp_path / "data", images=1)
    for name in ("0000-0", "0007-0"):
        (data / "files" / f"{name}.dcm").write_bytes(b"not DICOM, of John^Doe")
    found, _, _ = train(data, tmp_path / "run", {"features": "spots", "search_steps": "2"})
    log = (tmp_path / "run" / record.LOG).read_text()
    assert found.state is RunState.FINISHED
    assert "could not be read: 2." in log
    assert "Doe" not in log
