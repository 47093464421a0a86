"""What clumsy people did by hand with training jobs: reviewers who decide on one that can no longer run."""

import pytest

from core.accounts.models import Programme
from core.accounts.roles import Role
from core.errors import Conflict
from registry.actions import revoke_grant
from tests.factories import core
from tests.factories import training_jobs as make
from training_jobs import actions
from training_jobs.models import JobApproval

pytestmark = pytest.mark.django_db


def test_nobody_approves_a_job_whose_access_has_ended(programme: Programme) -> None:
    world = make.world(programme)
    job = world.job()
    revoke_grant(grant=world.grant, reason="agreement_broken", by=core.user(programme, Role.STEWARD))
    with pytest.raises(Conflict, match="has ended"):
        make.approve(job, world.reviewers[0])
    assert not JobApproval.objects.exists()
    actions.decide_job(job=job, approves=False, reason="Ended.", spec_digest=job.spec_digest, by=world.reviewers[0])
    assert job.state == "rejected"
