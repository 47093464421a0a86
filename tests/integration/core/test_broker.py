"""The folder broker: nothing lost or doubled between many processes, and no broken message or kill stops anyone."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from core import broker
from tests.integration.core import broker_peer as peer

ROOT = Path(__file__).resolve().parents[3]


def start(*words: object) -> "subprocess.Popen[str]":
    """Another process that writes or reads."""
    command = [sys.executable, "-m", "tests.integration.core.broker_peer", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_every_message_arrives_once_between_four_writers_and_two_readers(tmp_path: Path) -> None:
    readers = [start("read", tmp_path, 3) for _ in range(2)]
    writers = [start("write", tmp_path, name, 1_500) for name in "abcd"]
    said = [reader.communicate(timeout=60)[0].split("\n") for reader in readers]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert Counter(said[0] + said[1]) == Counter(f"{name}-{number}" for name in "abcd" for number in range(1_500))
    assert all(said), "one reader did everything, so nothing was raced for"


def test_a_lone_writers_messages_arrive_in_their_order(tmp_path: Path) -> None:
    peer.write(tmp_path, "a", 50)
    assert peer.read(tmp_path, 0.3) == [f"a-{number}" for number in range(50)]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"null", b"[]", b"{}", b'{"body": "x"}', b'{"body": 1, "headers": {}}']
)
def test_a_message_of_no_use_is_set_aside_and_the_next_one_read(tmp_path: Path, content: bytes) -> None:
    broker.options(tmp_path)
    (tmp_path / "messages" / "0_first.work.msg").write_bytes(content)
    peer.write(tmp_path, "a", 1)
    assert peer.read(tmp_path, 0.3) == ["a-0"]
    assert (tmp_path / "unusable" / "0_first.work.msg").read_bytes() == content


def test_a_killed_writer_leaves_only_whole_messages(tmp_path: Path) -> None:
    broker.options(tmp_path)
    for name in "abc":
        before = len(os.listdir(tmp_path / "messages"))
        writer = start("write", tmp_path, name, -1)
        while len(os.listdir(tmp_path / "messages")) < before + 50:
            time.sleep(0.01)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    said = peer.read(tmp_path, 0.5)
    assert said
    assert len(said) == len(set(said))
    assert not list((tmp_path / "unusable").iterdir())


def test_queues_do_not_mix(tmp_path: Path) -> None:
    with peer.connect(tmp_path) as connection:
        one, other = connection.SimpleQueue("one"), connection.SimpleQueue("other")
        one.put("for one")
        assert (one.qsize(), other.qsize()) == (1, 0)
        assert one.clear() == 1
        assert one.qsize() == 0


def test_what_dead_processes_left_is_swept_at_the_next_start_and_what_waits_is_not(tmp_path: Path) -> None:
    broker.options(tmp_path)
    peer.write(tmp_path, "a", 1)
    for name in ("drafts", "taken", "messages"):
        (tmp_path / name / "old.msg").write_text("{}")
        os.utime(tmp_path / name / "old.msg", (0, 0))
        (tmp_path / name / "new.msg").write_text("{}")
    broker.options(tmp_path)
    assert not (tmp_path / "drafts" / "old.msg").exists()
    assert not (tmp_path / "taken" / "old.msg").exists()
    assert (tmp_path / "drafts" / "new.msg").exists()
    assert (tmp_path / "messages" / "old.msg").exists()
    assert peer.read(tmp_path, 0.3) == ["a-0"]
