"""The whole story on its whole cohort: every chapter against a live portal, with due work run as workers would."""

import io
import time
from collections.abc import Callable

import pytest
from pytest_django.live_server_helper import LiveServer

from core.audit.work import first_break, seal
from portal.story.chapters import searching
from portal.story.stage import Stage
from portal.story.telling import StoryBroken, Teller
from portal.story.told import tell

#: Of 220, a part of the dataset is too small for a job once in 5,000 tellings, of 200 once in 700, of 150 once in ten;
#: `make demo` has the larger cohort.
COHORTS = [220, pytest.param(300, marks=pytest.mark.nightly)]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("donors", COHORTS)
def test_every_step_of_the_story_holds(
    live_server: LiveServer, empty_store: None, drain: Callable[[], int], donors: int
) -> None:
    out = io.StringIO()
    # Where nothing is due, the job that runs beside this process has the processor.
    teller = Teller(out=out, rest=lambda: drain() or time.sleep(0.25))
    stage = tell(teller, origin=live_server.url, donors=donors)
    assert "The story held" in out.getvalue()
    while seal():
        pass
    assert first_break() is None
    _a_planted_value_is_found(stage)


def _a_planted_value_is_found(stage: Stage) -> None:
    """The last search can fail: a name put where it must not be ends the story."""
    stage.cast.programme.name = f"For {stage.cast.members[5].person.family_name}"
    stage.cast.programme.save()
    with pytest.raises(StoryBroken, match=r"accounts\.programme\.name"):
        searching.tell(stage)
