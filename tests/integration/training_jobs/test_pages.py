"""The pages: who sees what, every deed by form, and bad input answered beside the field with nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Programme, User
from core.accounts.roles import Role
from registry.models import Grant
from registry.rules.lifecycle import GrantState
from tests.factories import core
from tests.factories import training_jobs as make
from tests.integration.training_jobs.ended import run_ended_well
from training_jobs import actions
from training_jobs.models import JobOutput, TrainingJob
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.web.previews import preview

Until = Callable[..., TrainingJob]


def page(name: str, pk: object = None) -> str:
    """An address."""
    return reverse(f"training_jobs:{name}", args=[pk] if pk else [])


def signed_in(user: User) -> Client:
    """A browser."""
    client = Client()
    client.force_login(user)
    return client


def asked(world: make.World, **changed: Any) -> dict[str, Any]:
    """What the form sends when nothing is changed."""
    fields: dict[str, Any] = {"title": "Find lesions"}
    fields |= {f"parameter_{name}": value for name, value in {**DEFAULTS, **make.FAST}.items()}
    fields |= {f"limit_{name}": value for name, value in LIMITS.items()}
    return {**fields, **changed}


DEFAULTS = {"smallest_spot": 1.5, "largest_spot": 8, "seed": 1}
LIMITS = {"memory_mb": 2048, "cpu_seconds": 900, "wall_seconds": 1800, "processes": 16, "output_mb": 16}


@pytest.fixture
def empty(programme: Programme) -> make.World:
    """A grant without images."""
    return make.world(programme)


def test_asking_by_form(empty: make.World) -> None:
    browser, address = signed_in(empty.researcher), page("new", empty.grant.pk)
    shown = browser.get(address).content.decode()
    assert "From 32 to 256." in shown
    answer = browser.post(address, asked(empty))
    job = TrainingJob.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == page("job", job.pk)
    again = browser.post(address, asked(empty))
    assert again.status_code == 409
    assert "asked for exactly this job already" in again.content.decode()
    assert TrainingJob.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "Fill in “Title”"),
        ({"parameter_image_size": "9999"}, "Enter 256 or less"),
        ({"parameter_features": "everything"}, "one of the answers that this page offers"),
        ({"limit_memory_mb": "0"}, "Enter 256 or more"),
    ],
)
def test_bad_input_is_answered_beside_its_field(empty: make.World, changed: Any, said: str) -> None:
    answer = signed_in(empty.researcher).post(page("new", empty.grant.pk), asked(empty, parameter_seed="77", **changed))
    shown = answer.content.decode()
    assert said in shown
    assert 'value="77"' in shown
    assert not TrainingJob.objects.exists()


def test_a_grant_that_ended_says_so_and_anothers_is_not_there(empty: make.World, programme: Programme) -> None:
    address = page("new", empty.grant.pk)
    for other in (make.world(programme).researcher, core.user(), *empty.reviewers):
        assert signed_in(other).get(address).status_code == 404
        assert signed_in(other).post(address, asked(empty)).status_code == 404
    Grant.objects.filter(pk=empty.grant.pk).update(state=GrantState.REVOKED)
    answer = signed_in(empty.researcher).post(address, asked(empty))
    assert answer.status_code == 403
    assert "ended by the registry" in answer.content.decode()


def test_strangers_find_nothing_and_guests_sign_in(empty: make.World, other_programme: Programme) -> None:
    job = empty.job()
    strangers = [core.user(), make.world(other_programme).researcher, *make.world(other_programme).reviewers]
    for name in ("job", "job_cancel"):
        for user in strangers:
            assert signed_in(user).get(page(name, job.pk)).status_code == 404
            assert signed_in(user).post(page(name, job.pk)).status_code == 404
        assert Client().get(page(name, job.pk)).status_code == 302
    for user in strangers:
        assert signed_in(user).post(page("job_retry", job.pk)).status_code == 404
        assert job.title not in signed_in(user).get(page("jobs")).content.decode()


def test_deciding_by_form(empty: make.World) -> None:
    job = empty.job()
    first, second = (signed_in(reviewer) for reviewer in empty.reviewers)
    address = page("job", job.pk)
    assert job.spec_digest in first.get(address).content.decode()
    no = {"decision": "no", "reason": " ", "spec_digest": job.spec_digest}
    assert "Say why you reject it." in first.post(address, no).content.decode()
    assert "Choose an answer" in first.post(address, {"spec_digest": job.spec_digest}).content.decode()
    yes = {"decision": "yes", "reason": "", "spec_digest": job.spec_digest}
    assert first.post(address, yes | {"spec_digest": "0" * 64}).status_code == 409
    assert first.post(address, yes).status_code == 302
    assert first.post(address, yes).status_code == 409
    assert "Your decision" not in first.get(address).content.decode()
    assert signed_in(empty.researcher).post(address, yes).status_code == 403
    assert second.post(address, yes).status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.APPROVED
    assert signed_in(empty.researcher).post(page("job_cancel", job.pk)).status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_the_live_part_alone_and_the_whole_page_at_the_end(empty: make.World) -> None:
    job = empty.approved()
    browser = signed_in(empty.researcher)
    live = browser.get(page("job", job.pk), headers={"HX-Request": "true"})
    assert "<html" not in live.content.decode()
    assert "HX-Refresh" not in live
    assert 'hx-trigger="every 2s"' in browser.get(page("job", job.pk)).content.decode()
    actions.cancel_job(job=job, by=empty.researcher)
    assert browser.get(page("job", job.pk), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_reviewing_and_downloading(small: make.World, until: Until, drain: Callable[[], int]) -> None:
    job = until(run_ended_well(small), JobState.IN_REVIEW)
    metrics, model, table = (job.outputs.get(name=n) for n in ("metrics.json", "model.json", "subgroup_table.csv"))
    researcher, stranger = signed_in(small.researcher), signed_in(core.user())
    auditor = signed_in(core.user(small.programme, Role.AUDITOR))
    first, second = (signed_in(reviewer) for reviewer in small.reviewers)
    shown = first.get(page("output", metrics.pk)).content.decode()
    assert "95 % interval" in shown
    assert "ROC curve" in shown
    assert "A model can remember people" in first.get(page("output", model.pk)).content.decode()
    held_back = first.get(page("output", table.pk)).content.decode()
    assert "the count is below 10" in held_back
    assert "Yes, release it" not in held_back
    for client in (researcher, auditor):
        hidden = client.get(page("output", metrics.pk)).content.decode()
        assert "95 % interval" not in hidden
    yes = {"decision": "yes", "reason": ""}
    assert first.post(page("output", table.pk), yes).status_code == 403
    for client in (stranger, researcher):
        assert client.get(page("download", metrics.pk)).status_code == 404
    assert stranger.post(page("output", metrics.pk), yes).status_code == 404
    for client in (first, second):
        assert client.post(page("output", metrics.pk), yes).status_code == 302
        assert client.post(page("output", metrics.pk), yes).status_code == 409
    drain()
    metrics.refresh_from_db()
    assert metrics.state == OutputState.RELEASED
    download = researcher.get(page("download", metrics.pk))
    assert download["Content-Disposition"] == 'attachment; filename="metrics.json"'
    assert download["X-Content-Type-Options"] == "nosniff"
    assert b"auc" in download.getvalue()
    assert "95 % interval" in researcher.get(page("output", metrics.pk)).content.decode()
    for client in (first, second, stranger, auditor):
        assert client.get(page("download", metrics.pk)).status_code == 404


@pytest.mark.parametrize("kind", ["metrics", "model_card", "table", "model", "unknown"])
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[1]", b'{"a": NaN}', b"<script>alert(1)</script>", b'"', b"[" * 9999]
)
def test_whatever_an_output_holds_its_page_is_shown_and_escaped(small: make.World, kind: str, data: bytes) -> None:
    from django.template.loader import render_to_string

    output = JobOutput(name="x.json", kind=kind)
    shown = render_to_string("training_jobs/preview.html", {"preview": preview(kind, data), "output": output})
    assert "<script>" not in shown
