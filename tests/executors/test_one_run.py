"""A run happens at most once, outlives its starter, and its end is told from the disk and the kernel alone."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors.driver import make_specification, make_template, wait
from training_jobs.executors import record
from training_jobs.executors.base import EndedBy, RunRefused, RunState, SandboxUnavailable
from training_jobs.executors.bubblewrap import BubblewrapExecutor
from training_jobs.executors.stage import Programs
from training_jobs.executors.usage import tree

SLOW = "import time\nprint('once', flush=True)\ntime.sleep(1.5)\nopen('/outputs/metrics.json', 'w').write('{}')\n"
ENDLESS = "import time\nwhile True:\n    time.sleep(1)\n"


class Job:
    """One job with its folders; `attempt` names the run's own folder."""

    def __init__(self, base: Path, program: str) -> None:
        self.executor = BubblewrapExecutor()
        self.data, self.run_dir = base / "data", base / "attempt-1"
        self.data.mkdir()
        self.template = make_template(base / "template", program)
        self.specification = make_specification(self.template)

    def start(self) -> None:
        """Asks for the run."""
        self.executor.start("job", self.specification, self.data, self.template, self.run_dir)

    def until(self, state: RunState) -> None:
        """Waits until the run is seen in that state."""
        until = time.monotonic() + 30
        while self.executor.observe(self.run_dir).state is not state:
            assert time.monotonic() < until, self.executor.observe(self.run_dir)
            time.sleep(0.02)


@pytest.fixture
def slow(tmp_path: Path) -> Job:
    return Job(tmp_path, SLOW)


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Job]:
    job = Job(tmp_path, ENDLESS)
    yield job
    job.executor.stop(job.run_dir)


def test_many_probes_at_once_do_not_disturb_each_other() -> None:
    with multiprocessing.get_context("fork").Pool(6) as pool:
        assert pool.map(probed, range(12)) == [None] * 12


def probed(_: int) -> str | None:
    """What a fresh executor says."""
    return BubblewrapExecutor().available()


def test_a_run_from_start_to_end(slow: Job) -> None:
    slow.start()
    slow.until(RunState.RUNNING)
    assert slow.executor.observe(slow.run_dir).started_at
    found = wait(slow.executor, slow.run_dir)
    assert (found.state, found.ended_by, found.exit_code) == (RunState.FINISHED, EndedBy.ITSELF, 0)
    assert found.started_at <= found.finished_at
    assert found.peak_memory_mb >= 1


def test_started_by_many_at_once_and_again_later_runs_once(slow: Job) -> None:
    assert slow.executor.available() is None
    starters = [multiprocessing.get_context("fork").Process(target=slow.start) for _ in range(6)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert [starter.exitcode for starter in starters] == [0] * 6
    first = wait(slow.executor, slow.run_dir)
    began = (slow.run_dir / record.BEGAN).read_bytes()
    slow.start()
    assert slow.executor.observe(slow.run_dir) == first
    assert (slow.run_dir / record.BEGAN).read_bytes() == began
    # A second run would have failed over the first one's log, and said so here.
    assert (slow.run_dir / "supervisor.log").read_text() == ""
    assert (slow.run_dir / record.LOG).read_text() == "once\n"


def test_the_starter_is_killed_and_the_run_goes_on(slow: Job) -> None:
    def start_and_die() -> None:
        slow.start()
        os.kill(os.getpid(), signal.SIGKILL)

    starter = multiprocessing.get_context("fork").Process(target=start_and_die)
    starter.start()
    starter.join()
    assert starter.exitcode == -signal.SIGKILL
    assert wait(slow.executor, slow.run_dir).state is RunState.FINISHED
    assert (slow.run_dir / record.LOG).read_text() == "once\n"


def test_a_killed_supervisor_takes_the_sandbox_with_it_and_the_run_is_lost_for_good(endless: Job) -> None:
    endless.start()
    endless.until(RunState.RUNNING)
    pid = json.loads((endless.run_dir / record.BEGAN).read_bytes())["pid"]
    inside = until_inside(pid)
    os.kill(pid, signal.SIGKILL)
    endless.until(RunState.LOST)
    assert "ended from outside" in endless.executor.observe(endless.run_dir).reason
    until_gone(inside)
    endless.start()
    time.sleep(0.5)
    assert endless.executor.observe(endless.run_dir).state is RunState.LOST
    endless.run_dir = endless.run_dir.with_name("attempt-2")
    endless.start()
    endless.until(RunState.RUNNING)


def until_inside(pid: int) -> list[int]:
    """The supervisor's descendants once the sandbox has some."""
    while len(found := tree(pid).pids) < 4:
        time.sleep(0.02)
    return [other for other in found if other != pid]


def until_gone(pids: list[int]) -> None:
    """Waits until none of them runs (a dead one that nobody has reaped does not run)."""
    until = time.monotonic() + 10
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < until
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_restart_of_the_machine_is_told_from_a_killed_process(endless: Job) -> None:
    endless.start()
    endless.until(RunState.RUNNING)
    os.kill(json.loads((endless.run_dir / record.BEGAN).read_bytes())["pid"], signal.SIGKILL)
    endless.until(RunState.LOST)
    began = record.read(endless.run_dir / record.BEGAN) or {}
    record.write(endless.run_dir / record.BEGAN, began | {"boot": "another"})
    assert "restarted" in endless.executor.observe(endless.run_dir).reason
    record.write(endless.run_dir / record.BEGAN, began | {"machine": "another"})
    assert endless.executor.observe(endless.run_dir).state is RunState.UNKNOWN


def test_stop_ends_a_run_and_twice_is_as_once(endless: Job) -> None:
    endless.start()
    endless.until(RunState.RUNNING)
    endless.executor.stop(endless.run_dir)
    endless.executor.stop(endless.run_dir)
    found = wait(endless.executor, endless.run_dir)
    assert (found.state, found.ended_by) == (RunState.FAILED, EndedBy.STOP)
    assert not (endless.run_dir / record.OUTPUTS).exists()
    endless.executor.stop(endless.run_dir)
    assert endless.executor.observe(endless.run_dir) == found


def test_stopped_before_it_began_never_begins(slow: Job) -> None:
    slow.run_dir.mkdir()
    slow.executor.stop(slow.run_dir)
    slow.start()
    found = wait(slow.executor, slow.run_dir)
    assert (found.state, found.ended_by) == (RunState.FAILED, EndedBy.STOP)
    assert not (slow.run_dir / record.LOG).exists()


def test_a_missing_or_broken_observation_is_unknown(slow: Job, tmp_path: Path) -> None:
    assert slow.executor.observe(tmp_path / "nothing").state is RunState.UNKNOWN
    slow.start()
    wait(slow.executor, slow.run_dir)
    (slow.run_dir / record.RESULT).write_text("{")
    assert slow.executor.observe(slow.run_dir).state is RunState.UNKNOWN


def test_a_run_that_did_not_begin_in_time_failed_and_cannot_begin_later(slow: Job) -> None:
    slow.start()
    wait(slow.executor, slow.run_dir)
    for name in (record.RESULT, record.BEGAN, record.LOG):
        (slow.run_dir / name).unlink()
    asked = record.read(slow.run_dir / record.REQUEST) or {}
    record.write(slow.run_dir / record.REQUEST, asked | {"asked_at": asked["asked_at"] - 1000})
    slow.until(RunState.FAILED)
    slow.start()
    time.sleep(0.5)
    slow.until(RunState.FAILED)
    assert not (slow.run_dir / record.BEGAN).exists()


def test_changed_template_and_another_jobs_folder_are_refused(slow: Job) -> None:
    (slow.template / "train.py").write_text("print('changed')")
    with pytest.raises(RunRefused, match="not those that were approved"):
        slow.start()
    slow.specification = make_specification(slow.template)
    slow.start()
    wait(slow.executor, slow.run_dir)
    with pytest.raises(RunRefused, match="another run"):
        slow.executor.start("other", slow.specification, slow.data, slow.template, slow.run_dir)


def test_without_bubblewrap_nothing_runs(slow: Job) -> None:
    slow.executor = BubblewrapExecutor(Programs(bwrap="/nowhere/bwrap"))
    refused(slow, "bwrap is not installed")


def test_where_the_kernel_forbids_it_nothing_runs(slow: Job, tmp_path: Path) -> None:
    forbidden = tmp_path / "bwrap"
    forbidden.write_text("#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n")
    forbidden.chmod(0o755)
    slow.executor = BubblewrapExecutor(Programs(bwrap=str(forbidden)))
    refused(slow, "No permissions")


def refused(job: Job, why: str) -> None:
    """The job is refused with a sentence, and not even its folder is made."""
    sentence = job.executor.available()
    assert sentence
    assert sentence.startswith("No sandbox can be had")
    assert why in sentence
    with pytest.raises(SandboxUnavailable, match="No sandbox can be had"):
        job.start()
    assert not job.run_dir.exists()


def test_a_new_process_sees_the_same(slow: Job) -> None:
    slow.start()
    found = wait(slow.executor, slow.run_dir)
    program = "import sys; from pathlib import Path; from training_jobs.executors.observe import observe"
    program += "; print(repr(observe(Path(sys.argv[1]))))"
    said = subprocess.run(
        [sys.executable, "-c", program, str(slow.run_dir)], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == repr(found)
