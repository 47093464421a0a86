"""A process that opens pictures, taken over: what it cannot reach, use up or leave behind; and what that costs."""

import ctypes
import errno
import faulthandler
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.sandbox import landlock, seccomp
from curation.deid.pictures.plan import PixelPlan
from curation.pixels.child import hand, server, walls, wire
from curation.pixels.task import Examined, Sheet, Task

LIBC = ctypes.CDLL(None, use_errno=True)
TASK = Task(PixelPlan("look"))
CALL = {"x86_64": 0, "aarch64": 1}


def behind_walls(deed: Callable[[], object]) -> str:
    """What a deed comes to behind the walls: the name of its error, or 'done'."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            faulthandler.disable()
            walls.wall_in(1)
            os.write(writer, _came_to(deed).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        told = file.read()
    os.waitpid(pid, 0)
    return told


def _came_to(deed: Callable[[], object]) -> str:
    try:
        deed()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?")
    except RuntimeError:
        return "EPERM"
    return "done"


def raw(name: str, *arguments: int) -> Callable[[], object]:
    """A system call as a program that was taken over would make it, around every library."""
    import platform

    number = walls.DENIED[name][CALL[platform.machine()]]

    def call() -> object:
        if number is not None and LIBC.syscall(number, *arguments) == -1:
            raise OSError(ctypes.get_errno(), name)
        return None

    return call


@pytest.mark.parametrize(
    "deed",
    [
        lambda: socket.socket(socket.AF_INET),
        lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: socket.socketpair(),
        os.fork,
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(os.getppid(), 0),
        lambda: os.kill(1, signal.SIGTERM),
        raw("io_uring_setup", 1, 0),
        raw("ptrace", 16, 1, 0, 0),
        raw("process_vm_readv", 1, 0, 0, 0, 0, 0),
        raw("pidfd_open", 1, 0),
        raw("connect", 0, 0, 0),
        raw("clone3", 0, 0),
        raw("unshare", 0x10000000),
        raw("prlimit64", 0, 0, 0, 0),
        lambda: os.unlink(__file__),
        lambda: os.rename(__file__, __file__ + "x"),
        lambda: os.mkdir("/tmp/made"),
        lambda: os.chmod(__file__, 0o777),
    ],
)
def test_no_way_leads_out(deed: Callable[[], object]) -> None:
    assert behind_walls(deed) in ("EPERM", "EACCES")


def test_the_tests_can_tell_walls_from_none() -> None:
    assert _came_to(lambda: socket.socketpair()) == "done"
    assert behind_walls(lambda: None) == "done"


def test_every_denied_call_has_a_number_of_its_own() -> None:
    for column in (0, 1):
        numbers = [pair[column] for pair in walls.DENIED.values() if pair[column] is not None]
        assert len(set(numbers)) == len(numbers)


def test_no_file_but_code_is_opened_where_the_kernel_can_see_to_it(tmp_path: Path) -> None:
    if not landlock.is_available():
        assert behind_walls(lambda: os.unlink(__file__)) == "EPERM"
        return
    secret = tmp_path / "secret"
    secret.write_text("secret")
    assert behind_walls(lambda: secret.read_bytes()) == "EACCES"
    assert behind_walls(lambda: (tmp_path / "new").write_bytes(b"")) == "EACCES"
    assert behind_walls(lambda: Path("/proc/1/environ").read_bytes()) == "EACCES"
    assert behind_walls(lambda: Path(walls.__file__).read_bytes()) == "done"
    assert list(tmp_path.iterdir()) == [secret]


def test_a_file_in_memory_may_be_used_and_has_a_limit() -> None:
    def fill() -> None:
        with os.fdopen(os.memfd_create("m"), "wb", 0) as file:
            file.write(b"x")
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            file.seek(walls.FILE_BYTES)
            file.write(b"x")

    assert behind_walls(fill) == "EFBIG"


def test_without_a_filter_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise seccomp.NoFilter(errno.EINVAL, "no")

    opened: list[bytes] = []
    monkeypatch.setattr(walls, "deny", refused)
    monkeypatch.setattr(hand, "examine", lambda data, _: opened.append(data))
    assert not hand.works()
    hands = server.Hands()
    assert hands.ask(server.NOBODY, b"".join(wire.request_of(b"1", TASK))) == server.BROKEN_ANSWER
    hands.end()


def test_the_check_at_start_tells_and_changes_nothing() -> None:
    assert seccomp.is_available()
    socket.socket().close()


def ask(hands: server.Hands, owner: bytes, data: bytes) -> bytes:
    return hands.ask(owner, b"".join(wire.request_of(data, TASK)))


def seen(data: bytes, position: int = 0) -> Examined:
    return Examined("look", Sheet(wire.PNG + data), position)


def position_of(answer: bytes) -> int:
    return wire.answered(answer[wire.HEAD.size :], TASK).position


def crash(_: bytes) -> None:
    faulthandler.disable()  # the test runner's, which would print this wanted crash
    ctypes.string_at(0)


def loop(_: bytes) -> None:
    while True:
        pass


def calls_home(_: bytes) -> None:
    socket.create_connection(("127.0.0.1", 9))


@pytest.mark.parametrize(
    "die",
    [
        crash,
        loop,
        calls_home,
        lambda _: bytearray(64 * 1024**3),
        lambda _: 1 / 0,
        lambda _: time.sleep(600),
        lambda _: os._exit(0),
    ],
    ids=["crash", "loop", "network", "memory", "error", "hangs", "leaves"],
)
def test_a_decoder_that_dies_or_hangs_costs_one_file(
    monkeypatch: pytest.MonkeyPatch, die: Callable[[bytes], None]
) -> None:
    def examines_all_but_one(data: bytes, _: Task) -> Examined:
        if data == b"bad":
            die(data)
        return seen(data)

    monkeypatch.setattr(hand, "examine", examines_all_but_one)
    monkeypatch.setattr(hand, "WALL_SECONDS", 1)
    given = [b"1", b"2", b"bad", b"3", b"bad"]
    for owner in (server.NOBODY, b"d" * server.OWNER):
        hands = server.Hands()
        answers = [ask(hands, owner, data) for data in given]
        hands.end()
        assert [answer == server.BROKEN_ANSWER for answer in answers] == [data == b"bad" for data in given]


def test_processor_time_is_counted_for_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "CPU_SECONDS", 1)
    monkeypatch.setattr(hand, "examine", lambda data, _: loop(data) if data == b"bad" else seen(data))
    hands = server.Hands()
    assert ask(hands, server.NOBODY, b"bad") == server.BROKEN_ANSWER
    assert ask(hands, server.NOBODY, b"good") != server.BROKEN_ANSWER
    hands.end()


def test_what_earlier_files_left_costs_no_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[bytes] = []

    def leaks(data: bytes, _: Task) -> Examined:
        left.append(data)
        if len(left) == 3:
            os._exit(1)
        return seen(data, len(left))

    monkeypatch.setattr(hand, "examine", leaks)
    hands = server.Hands()
    answers = [ask(hands, b"d" * server.OWNER, b"png") for _ in range(7)]
    hands.end()
    assert [position_of(answer) for answer in answers] == [1, 2, 1, 2, 1, 2, 1]


def test_no_two_donations_share_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "examine", lambda data, _: seen(data, os.getpid()))
    hands = server.Hands()
    owners = [b"a" * 16, b"a" * 16, b"b" * 16, b"a" * 16, server.NOBODY, server.NOBODY]
    first, again, *others = [position_of(ask(hands, owner, b"")) for owner in owners]
    hands.end()
    assert first == again
    assert len({first, *others}) == 5


def test_a_process_is_replaced_before_it_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "examine", lambda data, _: seen(data, os.getpid()))
    hands = server.Hands()
    answers = [ask(hands, b"a" * 16, b"") for _ in range(hand.MOST_FILES + 1)]
    hands.end()
    assert len(set(answers)) == 2


def test_a_large_picture_and_a_large_file_pass_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "examine", lambda data, _: seen(data[::-1]))
    hands = server.Hands()
    data = os.urandom(5 << 20)
    answer = ask(hands, b"a" * 16, data)
    assert wire.answered(answer[wire.HEAD.size :], TASK).after.png == wire.PNG + data[::-1]
    hands.end()
