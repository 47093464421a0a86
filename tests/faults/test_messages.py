"""Workers, beat and broker as they really run: due work gets done, also when its message is lost or beat is killed."""

from pathlib import Path

import pytest

from core.accounts.models import Programme
from core.due.models import DueWork
from core.notifications.models import Notice
from core.notifications.send import notify
from tests.factories import core
from tests.faults.tree import Tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]


def told(notice: Notice) -> bool:
    """Whether the notice's e-mail went out."""
    return Notice.objects.filter(pk=notice.pk).exclude(emailed_at=None).exists()


def send(number: int) -> Notice:
    """A notice whose e-mail is due; this process sends no message, as if it had been lost."""
    return notify(user_id=core.user().pk, title="Something happened", link="/inbox/", dedupe=f"fault-{number}")


def test_due_work_is_done_though_no_message_told_of_it(programme: Programme, running: Tree) -> None:
    notice = send(1)
    until(lambda: told(notice))
    until(lambda: not DueWork.objects.filter(done=False).exclude(kind__startswith="storage.").exists())
    mails = list(Path(running.environment["DONARA_VAR"]).glob("mail/*"))
    assert len([mail for mail in mails if "/inbox/" in mail.read_text()]) == 1


def test_work_goes_on_after_beat_was_killed(programme: Programme, running: Tree) -> None:
    killed = running.kill(" beat ")
    until(lambda: running.of(" beat ") - killed)
    notice = send(2)
    until(lambda: told(notice))
    until(running.complete)


def test_a_broken_schedule_and_broken_messages_stop_nobody(programme: Programme, running: Tree) -> None:
    var = Path(running.environment["DONARA_VAR"])
    for file in var.glob("celerybeat-schedule*"):
        file.write_bytes(b"\0broken")
    for name in ("0", "1"):
        folder = var / "broker" / "messages"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.celery.msg").write_bytes(b"{" * int(name))
    running.kill(" beat ")
    running.kill(" worker ")
    notice = send(3)
    until(lambda: told(notice))
    until(running.complete)
