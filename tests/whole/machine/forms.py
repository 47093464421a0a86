"""The programme of the machine: forms that change in what they mean, checks that it asks for, days that pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
)

from consent import actions as consent_actions
from consent.queries import Moment
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from consent.rules.use import Use
from core.accounts.checks import IdentityCheck, level
from core.accounts.models import Programme, User
from core.due.kinds import SWEEPS
from registry.models import Dataset
from tests.whole.machine.clock import Clock
from tests.whole.machine.known import Known
from tests.whole.machine.trouble import Trouble
from training_jobs.models import TrainingJob

MOST_VERSIONS = 4
#: Days after which the images of whoever chose so may not be used any more.
USED_FOR = 90


@contextmanager
def undone() -> Iterator[None]:
    """Everything in the block is rolled back; objects may be written in it, as in a test of Django's own."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]  # so that durable blocks are taken for outermost ones
    with atomic:
        yield
        transaction.set_rollback(True)


def form_until(last_day: Any) -> dict[str, Any]:
    """The default form with one choice more: to allow it until a day only."""
    content = default_content()
    words = {"label": "My scans may be used for a time only", "help": "Afterwards they are used no more."}
    choice = {"code": "until", "kind": "modifier", "term": "TS", "value": last_day.isoformat(), "when": True}
    content["choices"].append(choice | words)
    return content


class Forms(RuleBasedStateMachine):
    """What stewards do about forms and checks. `known` is the model's word against the registry's."""

    programme: Programme
    dataset: Dataset
    steward: User
    researcher: User
    content: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.undo = undone()
        self.undo.__enter__()
        self.patches = pytest.MonkeyPatch()
        self.clock = Clock(self.patches)
        self.trouble = Trouble(self.patches)
        # The factory's images have no cleaning behind them: after some days curation would take them for left behind.
        # The log's sweeps have tests of their own, and would be most of the time here.
        for name in [name for name in SWEEPS if name.startswith(("curation.", "audit.", "consent.log"))]:
            self.patches.delitem(SWEEPS, name)
        self.leaving = False
        self.known = Known(last_day=(self.clock.now() + timedelta(days=USED_FOR)).date())
        self.jobs: list[TrainingJob] = []
        #: What was permitted at moments gone by: the moment, the use, the donors.
        self.said: list[tuple[Moment, Use, frozenset[Any]]] = []

    def teardown(self) -> None:
        self.patches.undo()
        self.undo.__exit__(None, None, None)

    def publish(self, days: int | None) -> None:
        draft = consent_actions.draft_form(programme=self.programme, slug="main", content=self.content, by=self.steward)
        asked: dict[str, Any] = {"change": Change.MATERIAL if days else Change.MINOR, "days": days}
        said = {"summary": "We say more clearly who may use your scans.", **asked} if self.known.due else {}
        version = consent_actions.publish_form(version=draft, by=self.steward, **said)
        assert (version.renew_by is None) == (days is None)
        self.known.due.append(version.renew_by)
        self.known.offered = version

    @precondition(lambda self: self.known.offered)
    @rule()
    def use_the_form_no_more(self) -> None:
        """Nobody signs until another is published; what was signed stays."""
        consent_actions.retire_form(version=self.known.offered, by=self.steward)
        self.known.offered = None

    @precondition(lambda self: len(self.known.due) < MOST_VERSIONS)
    @rule(days=st.sampled_from([None, 60, 100]))
    def change_form(self, days: int | None) -> None:
        """A small change, or one in what the form means: whoever signed before has to sign again in so many days."""
        self.publish(days)

    @rule(check=st.sampled_from(list(IdentityCheck)[:3]))
    def ask_for_checks(self, check: IdentityCheck) -> None:
        """The programme wants every donor's identity checked like this, from now on."""
        consent_actions.set_programme(programme=self.programme, minimum_check=check, by=self.steward)
        self.known.minimum = level(check)

    @rule(days=st.sampled_from([1, 20, 61, 370]))
    def days_pass(self, days: int) -> None:
        """No worker runs meanwhile: what has ended has ended by the date alone."""
        self.clock.move_on(days=days)
