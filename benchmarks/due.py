"""Due work: what asking for it and running it take against the bare writes, and how late the broker's messages are."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from benchmarks.ground.measure import Times, timed
from benchmarks.ground.registry import fresh
from benchmarks.ground.report import Report, ratio

ROUNDS, ROWS = 7, 150
MESSAGES, PAUSE = 150, 0.03
CONSUMER = """
import sys, time, django
django.setup()
from config.celery import app
with app.connection_for_read() as broker:
    queue = broker.SimpleQueue("bench")
    print("ready", flush=True)
    for _ in range(int(sys.argv[1])):
        message = queue.get(timeout=60)
        message.ack()
        print(time.time() - message.payload["sent"], flush=True)
"""


def nothing(subject_id: UUID) -> datetime | None:
    """Work that takes no time."""
    return None


def rows(report: Report) -> None:
    """Asking for rows and running them, in turns with the writes that any such queue needs: one in, two changed."""
    from core.due.kinds import kind
    from core.due.models import DueWork
    from core.due.queue import ask
    from core.due.run import run_row
    from core.ids import new_id

    nothing_kind = kind("bench.nothing", nothing)
    times = {name: Times() for name in ("ask", "run", "insert", "update")}
    for _ in range(ROUNDS):
        ids = [new_id() for _ in range(ROWS)]
        plain = [DueWork(kind="bench.plain", subject_id=each) for each in ids]
        timed(partial(_each, partial(ask, nothing_kind), ids), times["ask"])
        timed(partial(_each, partial(DueWork.save, force_insert=True), plain), times["insert"])
        open_rows = DueWork.objects.filter(done=False, kind="bench.nothing")
        timed(partial(_each, run_row, list(open_rows.values_list("pk", flat=True))), times["run"])
        timed(partial(_each, _changed_twice, plain), times["update"])
    each = {name: 1000 * found.median / ROWS for name, found in times.items()}
    report.figure("ask for a piece of work", each["ask"], "ms CPU", floor=ratio(each["ask"], each["insert"]))
    report.figure("claim, run and finish it", each["run"], "ms CPU", floor=ratio(each["run"], each["update"]))
    report.figure("claims", 1000 / each["run"], "a second of one core")


def _each(deed: Callable[[Any], object], things: Sequence[Any]) -> None:
    for thing in things:
        deed(thing)


def _changed_twice(row: Any) -> None:
    same = type(row).objects.filter(pk=row.pk)
    same.update(attempts=1)
    same.update(done=True)


def messages(report: Report) -> None:
    """The embedded broker: one process sends, another receives; how late each message is, and whether all arrive."""
    from config.celery import app

    consumer = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CONSUMER, str(MESSAGES)], stdout=subprocess.PIPE, text=True
    )
    assert consumer.stdout is not None
    consumer.stdout.readline()
    with app.connection_for_write() as broker:
        queue = broker.SimpleQueue("bench")
        for _ in range(MESSAGES):
            queue.put({"sent": time.time()})
            time.sleep(PAUSE)
    late = sorted(float(line) for line in consumer.stdout)
    consumer.wait()
    polling = app.conf.broker_transport_options["polling_interval"]
    middle = statistics.median(late)
    report.figure("broker: a message is late by", 1000 * middle, "ms (median)", polling=ratio(middle, polling))
    report.figure("broker: one in twenty is later than", 1000 * late[int(0.95 * len(late))], "ms")
    report.figure("broker: messages that arrived", len(late), f"of {MESSAGES}")


def main() -> None:
    """Rows, then messages."""
    fresh()
    report = Report("due")
    rows(report)
    messages(report)
    report.write()


if __name__ == "__main__":
    main()
