"""Hostile training programs in a real sandbox: what they must not reach, read, write or use up."""

import json
import platform
import socket
import tempfile
from pathlib import Path

import pytest

from core.sandbox.seccomp import ARCHITECTURES
from tests.executors.worlds import USERS, run_as
from training_jobs.executors.seccomp import DENIED

pytestmark = pytest.mark.parametrize("user", USERS)

FILL = """
for i in range(9):
    with open(f"/outputs/f{i}.txt", "wb", 0) as f:
        assert f.write(b"x" * 2**20) == 2**20
"""
# Says what each deed came to: the name of the error, or "done".
TELL = """
import json, os, socket, sys, errno, ctypes, time
told = {}
def attempt(name, deed):
    try:
        deed()
    except OSError as error:
        told[name] = errno.errorcode.get(error.errno, type(error).__name__)
    else:
        told[name] = "done"
def tell():
    json.dump(told, open("/outputs/metrics.json", "w"))
"""


def told(user: str, program: str, **limits: int) -> dict[str, object]:
    """What a well-ended program wrote."""
    found = run_as(user, TELL + program + "\ntell()\n", **limits)
    assert found["state"] == "finished", found
    return dict(json.loads(found["outputs"]["metrics.json"]))


def test_reads_data_and_writes_only_three_rooms(user: str) -> None:
    places = ["/data/x", "/data/image.dcm", "/template/x", "/job/x", "/usr/x", "/x", "/dev/x", "/dev/shm/x"]
    rooms = ["/outputs/x", "/tmp/x", "/progress/x"]
    program = f"""
told["data"] = open("/data/image.dcm").read()
for place in {places + rooms!r}:
    attempt(place, lambda: open(place, "w").write("x"))
"""
    found = told(user, program)
    assert found.pop("data") == "pixels"
    assert {place for place, came in found.items() if came == "done"} == set(rooms)


def test_no_network(user: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        program = f"""
attempt("own machine", lambda: socket.create_connection(("127.0.0.1", {listener.getsockname()[1]}), 2))
attempt("elsewhere", lambda: socket.create_connection(("192.0.2.1", 80), 2))
attempt("datagram", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)))
attempt("names", lambda: socket.getaddrinfo("example.org", 80))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
told["cards"] = [name for _, name in socket.if_nameindex()]
"""
        found = told(user, program)
    assert found.pop("cards") == ["lo"]
    assert "done" not in found.values(), found


def test_no_file_environment_or_process_of_the_registry(user: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder, "secret-key")
        secret.write_text("sesame-open")
        paths = [str(secret), str(Path.cwd() / "var"), str(Path.cwd() / "manage.py")]
        paths += ["/etc/passwd", "/etc/shadow", "/stage"]
        program = f"""
for path in {paths!r}:
    attempt(path, lambda: os.stat(path))
told["root"] = sorted(os.listdir("/"))
told["environment"] = sorted(os.environ.items())
told["processes"] = len([name for name in os.listdir("/proc") if name.isdigit()])
told["host"] = socket.gethostname()
told["pid_1_root"] = "done"
attempt("pid_1_root", lambda: os.listdir("/proc/1/root/stage"))
"""
        found = told(user, program)
    assert {found[path] for path in paths} == {"ENOENT"}
    assert found["pid_1_root"] != "done"
    assert not {"work", "home", "var", "stage", "sys", "run", "checkout"} & set(found["root"])  # type: ignore[call-overload]
    assert "sesame" not in json.dumps(found["environment"])
    assert found["processes"] in (1, 2, 3)
    assert found["host"] == "sandbox"


def test_runs_as_nobody_without_any_right(user: str) -> None:
    program = """
told["ids"] = [os.getresuid(), os.getresgid(), os.getgroups()]
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
told["capabilities"] = [int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")]
told["no_new_privileges"] = status["NoNewPrivs"].strip()
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    if libc.syscall(*arguments) != 0:
        raise OSError(ctypes.get_errno(), "")
attempt("become root", lambda: os.setuid(0))
attempt("a namespace of its own", lambda: call(272, 0x10000000))
attempt("mount", lambda: call(165, b"none", b"/tmp", b"tmpfs", 0, None))
attempt("host name", lambda: socket.sethostname("x"))
attempt("signal beyond", lambda: os.kill(100000, 9))
"""
    found = told(user, program)
    assert found.pop("ids") == [[65534] * 3, [65534] * 3, []]
    assert found.pop("capabilities") == [0] * 5
    assert found.pop("no_new_privileges") == "1"
    assert "done" not in found.values(), found


def test_calls_around_the_limits_are_denied(user: str) -> None:
    column = ARCHITECTURES[platform.machine()][1]
    numbers = {name: pair[column] for name, pair in DENIED.items()}
    program = f"""
libc = ctypes.CDLL(None, use_errno=True)
def call(number):
    if libc.syscall(number, 0, 0, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "")
for name, number in {numbers!r}.items():
    attempt(name, lambda: call(number))
attempt("x32", lambda: call(0x40000000 + 39))
attempt("getpid", lambda: call({172 if column else 39}))
"""
    found = told(user, program)
    assert found.pop("getpid") == "done"
    assert set(found) == {*DENIED, "x32"}
    assert set(found.values()) == {"ENOSYS"}, found


def test_fork_bomb_is_held(user: str) -> None:
    program = """
count = 0
try:
    while count < 500:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        count += 1
except OSError:
    pass
told["count"] = count
"""
    assert 5 < int(str(told(user, program, processes=16)["count"])) <= 20


def test_one_process_cannot_take_more_memory(user: str) -> None:
    found = run_as(user, "x = b'x' * (900 * 2**20)", memory_mb=300)
    assert (found["state"], found["outputs"]) == ("failed", None)
    assert "MemoryError" in found["log"] or found["ended_by"] == "memory"


def test_many_processes_cannot_take_more_memory_together(user: str) -> None:
    program = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        x = bytearray(os.urandom(2**20) * 100)
        time.sleep(30)
time.sleep(30)
"""
    found = run_as(user, program, memory_mb=300)
    assert (found["state"], found["ended_by"]) == ("failed", "memory"), found
    assert "300 MB" in found["reason"]


@pytest.mark.parametrize("children", [0, 4])
def test_processor_time_is_held(user: str, children: int) -> None:
    program = f"import os\nfor _ in range({children}):\n    if os.fork() == 0:\n        break\nwhile True:\n    pass\n"
    found = run_as(user, program, cpu_seconds=2)
    assert (found["state"], found["ended_by"]) == ("failed", "cpu"), found


def test_time_is_held(user: str) -> None:
    program = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nwhile True:\n    time.sleep(60)\n"
    found = run_as(user, program, wall_seconds=1)
    assert (found["state"], found["ended_by"]) == ("failed", "wall"), found


def test_disks_cannot_be_filled(user: str) -> None:
    program = """
for room in ("/outputs", "/tmp", "/progress"):
    total = 0
    try:
        for index in range(1000):
            with open(f"{room}/f{index}", "wb") as file:
                while os.fstat(file.fileno()).st_size < 2**20:
                    total += file.write(b"x" * 65536)
                    file.flush()
    except OSError:
        pass
    told[room] = total
    for name in os.listdir(room):
        os.unlink(f"{room}/{name}")
"""
    found = told(user, program, output_mb=2, memory_mb=1024)
    most = {"/outputs": 2, "/tmp": 256, "/progress": 1}
    assert all(0 < int(str(found[room])) <= megabytes * 2**20 for room, megabytes in most.items()), found


def test_too_many_files_end_the_run(user: str) -> None:
    program = "import time\nfor index in range(50000):\n    open(f'/tmp/{index}', 'w').close()\ntime.sleep(30)\n"
    found = run_as(user, program)
    assert (found["state"], found["ended_by"]) == ("failed", "output"), found


def test_full_outputs_are_named_as_the_reason(user: str) -> None:
    found = run_as(user, FILL, output_mb=1)
    assert (found["state"], found["ended_by"], found["outputs"]) == ("failed", "output", None), found


def test_only_plain_files_leave(user: str) -> None:
    program = """
import os
open("/outputs/metrics.json", "w").write("{}")
os.symlink("/etc/passwd", "/outputs/table.csv")
os.symlink("/data/image.dcm", "/outputs/model.json")
os.mkfifo("/outputs/card.md")
os.mkdir("/outputs/folder.txt")
open("/outputs/.hidden.txt", "w").write("x")
open("/outputs/a b.txt", "w").write("x")
open("/outputs/" + "n" * 200 + ".txt", "w").write("x")
"""
    found = run_as(user, program)
    assert found["outputs"] == {"metrics.json": "{}"}, found


def test_progress_is_not_believed(user: str) -> None:
    program = r"""
import time
lines = ['{"step": 1, "of": 4, "metrics": {"auc": 0.87654321, "secret": 1, "x": "y"}}', "[" * 1900, "x" * 5000, "null",
         '{"step": -1, "of": 4}', '{"step": true, "of": 4}', '{"step": 2, "of": 4, "metrics": {"auc": NaN}}',
         '{"step": 9, "of": 4, "metrics": {"auc": "patient"}}']
open("/progress/progress.jsonl", "w").write("\n".join(lines) + "\n" + '{"step": 3, "of"')
time.sleep(0.5)
"""
    found = run_as(user, program)
    assert found["metrics"] == [{"step": 1, "auc": 0.877}, {"step": 2}, {"step": 4}]
    assert found["progress"] == 1.0


def test_log_is_capped_and_failure_keeps_nothing(user: str) -> None:
    program = "open('/outputs/metrics.json', 'w').write('{}')\n"
    program += "for _ in range(100000):\n    print('x' * 99)\nraise SystemExit(7)"
    found = run_as(user, program)
    assert (found["state"], found["exit_code"], found["ended_by"], found["outputs"]) == ("failed", 7, "itself", None)
    assert len(found["log"]) == 256 * 1024


def test_killing_everything_in_sight_kills_only_itself(user: str) -> None:
    found = run_as(user, "import os\ntry:\n    os.kill(-1, 9)\nexcept OSError:\n    pass\nos.kill(os.getpid(), 9)\n")
    assert (found["state"], found["exit_code"]) == ("failed", 137), found
