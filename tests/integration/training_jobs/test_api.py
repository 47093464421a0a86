"""The API for jobs and results: the same deeds as the pages, by token and scope."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.accounts.actions import make_token
from core.accounts.models import Programme, User
from tests.factories import core
from tests.factories import training_jobs as make
from tests.integration.training_jobs.ended import run_ended_well
from training_jobs import actions
from training_jobs.models import TrainingJob
from training_jobs.rules.lifecycle import JobState

Until = Callable[..., TrainingJob]


def program(user: User, *scopes: str) -> APIClient:
    """A program that acts for the user."""
    _, text = make_token(user=user, name="test", scopes=list(scopes or ("jobs", "results")), days=1, by=user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


@pytest.fixture
def empty(programme: Programme) -> make.World:
    """A grant without images."""
    return make.world(programme)


def asked(world: make.World, **changed: Any) -> dict[str, Any]:
    """What a program sends."""
    return {"grant": str(world.grant.pk), "template": "image_classifier", "title": "By program", **changed}


def test_asking_and_looking(empty: make.World, programme: Programme) -> None:
    client, other = program(empty.researcher), program(make.world(programme).researcher)
    made = client.post("/api/v1/jobs/", asked(empty, parameters={"seed": 5}), format="json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/jobs/{made.json()['id']}/"
    assert client.get(address).json()["specification"]["parameters"]["seed"] == 5
    assert [job["id"] for job in client.get("/api/v1/jobs/").json()["results"]] == [made.json()["id"]]
    assert client.get(f"{address}outputs/").json() == []
    assert client.post("/api/v1/jobs/", asked(empty, parameters={"seed": 5}), format="json").status_code == 409
    for stranger in (other, program(core.user()), program(empty.reviewers[0])):
        assert stranger.get(address).status_code == 404
        assert stranger.get(f"{address}outputs/").status_code == 404
        assert stranger.get("/api/v1/jobs/").json()["results"] == []
        assert stranger.post("/api/v1/jobs/", asked(empty), format="json").status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"template": "nothing"}, "template"),
        ({"parameters": {"speed": 1}}, "speed"),
        ({"parameters": {"seed": -1}}, "seed"),
        ({"limits": {"memory_mb": 1}}, "memory_mb"),
    ],
)
def test_bad_input_names_its_field(empty: make.World, changed: Any, field: str) -> None:
    answer = program(empty.researcher).post("/api/v1/jobs/", asked(empty, **changed), format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["fields"]


def test_scopes(empty: make.World) -> None:
    job = empty.job()
    jobs, results = program(empty.researcher, "jobs"), program(empty.researcher, "results")
    assert results.get("/api/v1/jobs/").status_code == 403
    assert results.post("/api/v1/jobs/", asked(empty), format="json").status_code == 403
    assert jobs.get(f"/api/v1/jobs/{job.pk}/outputs/").status_code == 403
    assert APIClient().get("/api/v1/jobs/").status_code == 401


def test_released_content(small: make.World, until: Until, drain: Callable[[], int]) -> None:
    job = until(run_ended_well(small), JobState.IN_REVIEW)
    output = job.outputs.get(name="metrics.json")
    client, address = program(small.researcher), f"/api/v1/outputs/{output.pk}/content/"
    assert client.get(address).status_code == 404
    for reviewer in small.reviewers:
        actions.decide_output(output=output, releases=True, reason="", by=reviewer)
    drain()
    listed = {item["name"]: item for item in client.get(f"/api/v1/jobs/{job.pk}/outputs/").json()}
    assert listed["metrics.json"]["sha256"] == output.sha256
    assert listed["model.json"]["sha256"] is None
    answer = client.get(address)
    assert b"auc" in answer.getvalue()
    assert answer["Content-Disposition"].startswith("attachment")
    for stranger in (program(small.reviewers[0]), program(core.user())):
        assert stranger.get(address).status_code == 404
