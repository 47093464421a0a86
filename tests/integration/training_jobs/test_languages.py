"""No page of training jobs has English of its own: in an invented language none is left, however a job ends."""

import json
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from django.db.models import F
from django.http import HttpResponse
from django.test import Client

from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.design.tones import label_of
from core.storage import work as storage
from core.storage.zones import Zone
from registry.models import AccessRequest, Dataset
from tests.factories import core
from tests.factories import training_jobs as make
from tests.integration.consent.gathered import gathered
from tests.integration.consent.pseudo import left, pseudo, spoken
from training_jobs.actions import submitting
from training_jobs.executors import observe, probe, supervise
from training_jobs.executors.templates import find_template, shipped_templates
from training_jobs.models import JobApproval, JobOutput, OutputDecision, TrainingJob
from training_jobs.queries import kept_said
from training_jobs.queries.spoken import FILLED, KINDS, SAID
from training_jobs.rules import output_checks
from training_jobs.rules.disclosure import GIVEN, IDENTIFIERS
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.rules.specification import specify
from training_jobs.rules.templates import OutputKind
from training_jobs.work.access import SENTENCES
from training_jobs.work.ending import TITLES

pytestmark = pytest.mark.django_db
#: Names of files, and what is signed or stands in a file: for programs, or somebody's own words.
MACHINE = re.compile(r"\b\w+\.(?:json|md|csv|txt)\b|<pre.*?</pre>", re.DOTALL)
METRICS = {"auc": 0.84, "auc_interval_95": [0.75, 0.9], "roc_curve": [[0, 0], [1, 1]], "calibration": {"slope": 1.0}}
FILES = {
    "metrics.json": (OutputKind.METRICS, json.dumps(METRICS)),
    "model.json": (OutputKind.MODEL, json.dumps({"weights": [0.5, -0.25], "intercept": 0.1})),
    "model_card.md": (OutputKind.MODEL_CARD, "# Καρτα\n\n## Ορια\nΛογος.\n"),
    "subgroup_table.csv": (OutputKind.TABLE, "ειδος,δοτες\nΑ,40\nΒ,30\n"),
    "other.txt": ("unknown", "Λ"),
}


@pytest.fixture
def world(programme: Programme) -> make.World:
    """A grant without images, of people and on things that are named in other letters."""
    Programme.objects.filter(pk=programme.pk).update(name="Πνευμονες")
    made = make.world(programme)
    for number, user in enumerate((made.researcher, *made.reviewers)):
        User.objects.filter(pk=user.pk).update(display_name=f"Αδα {number}")
    Dataset.objects.update(title="Σετ")
    AccessRequest.objects.update(title="Εργο", aim="Για καλο", institution="Σχολη")
    return made


@pytest.fixture
def job(world: make.World) -> TrainingJob:
    """A job that was asked for, without a sandbox that could run it."""
    asked = specify(
        find_template("image_classifier"), dataset_version=world.version.digest, parameters=make.FAST, limits=None
    )
    return TrainingJob.objects.create(
        programme=world.programme, grant_id=world.grant.pk, version_id=world.version.pk, researcher=world.researcher,
        title="Ψαξε", specification=asked.as_dict(), spec_digest=asked.digest, image_count=3, donor_count=2,
        metrics=[{"step": 1, "validation_auc": 0.8, "images_read": 3, "strength": 1.0}],
    )  # fmt: skip


@pytest.fixture
def outputs(job: TrainingJob) -> dict[str, JobOutput]:
    """One output of each kind, held for reviewers."""
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.IN_REVIEW)
    return {name: _output(job, name, str(kind), text.encode()) for name, (kind, text) in FILES.items()}


def _output(job: TrainingJob, name: str, kind: str, data: bytes) -> JobOutput:
    stored = storage.reserve(Zone.OUTPUTS, programme_id=job.programme_id, donor_id=None, media_type="text/plain")
    storage.write(stored, data, by=core.SETUP)
    return JobOutput.objects.create(
        job=job, programme_id=job.programme_id, name=name, kind=kind, stored=stored, size=len(data), sha256="a" * 64,
        check_outcome="needs_decision" if kind == "model" else "releasable",
    )  # fmt: skip


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(answer: HttpResponse) -> str:
    return str(answer.content.decode())


def read(user: User, *addresses: str) -> dict[str, str]:
    """Pages by their address and reader."""
    client = client_of(user)
    answers = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {f"{address} of {user}": shown(answer) for address, answer in answers.items()}


def filled() -> Iterator[str]:
    """Every sentence that holds values, with some in it."""
    return (re.sub(r"\{\w+\}", "7", sentence) for sentence in FILLED)


def test_asking(world: make.World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"/grants/{world.grant.pk}/jobs/new/"
    asked = {f"limit_{name}": value for name, value in find_template("image_classifier").limits.as_dict().items()}
    asked |= {f"parameter_{p.name}": p.default for p in find_template("image_classifier").parameters}
    wrong = ({"parameter_seed": "x"}, {"parameter_features": "β", "limit_memory_mb": "0"}, {"title": "Ψ" * 121})
    with spoken(settings):
        pages = read(world.researcher, "/jobs/", address, f"{address}?template=other") | read(
            core.user(name="Β"), "/jobs/"
        )
        client = client_of(world.researcher)
        for said_wrong in ({}, *wrong):
            pages[f"wrong {said_wrong}"] = shown(client.post(address, asked | said_wrong))
        for sentence in (probe.NOT_INSTALLED.format(program="β"), probe.FAILED, None):
            place = type("Place", (), {"available": lambda _self, sentence=sentence: sentence})
            monkeypatch.setattr(submitting, "executor", place)
            pages[f"no sandbox: {sentence}"] = shown(client.post(address, asked | {"title": "Ψαξε"}, follow=True))
        pages["twice"] = shown(client.post(address, asked | {"title": "Ψαξε"}))
        pages |= read(world.reviewers[0], "/jobs/", "/inbox/") | read(world.researcher, "/jobs/")
    assert TrainingJob.objects.count() == 1
    assert left(pages, MACHINE) == {}


def test_a_job_in_every_state(world: make.World, job: TrainingJob, settings: Any) -> None:
    auditor = core.user(world.programme, Role.AUDITOR, name="Ελεγκτης")
    address, reviewer = f"/jobs/{job.pk}/", world.reviewers[0]
    with spoken(settings):
        pages = {}
        for state, reason in zip(JobState, cycle(filled()), strict=False):
            # A reviewer's own words stay, also where they could be translated.
            own = "Test" if state == JobState.REJECTED else ""
            TrainingJob.objects.filter(pk=job.pk).update(state=state, reason=own or reason)
            (page,) = read(reviewer, address).values()
            assert own in page
            pages[str(state)] = page.replace(own, "") if own else page
        TrainingJob.objects.filter(pk=job.pk).update(flagged_at=job.created_at)
        pages |= read(world.researcher, "/jobs/", address) | read(auditor, "/jobs/", address)
        TrainingJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
        pages["live"] = shown(client_of(reviewer).get(address, headers={"HX-Request": "true"}))
    assert left(pages, MACHINE) == {}


def test_deciding_and_ending(world: make.World, job: TrainingJob, settings: Any) -> None:
    address, (reviewer, other) = f"/jobs/{job.pk}/", world.reviewers
    yes = {"decision": "yes", "reason": "", "spec_digest": job.spec_digest}
    with spoken(settings):
        pages = {}
        for number, said_wrong in enumerate(({}, {**yes, "decision": "no"}, {**yes, "spec_digest": "0"}, yes, yes)):
            pages[f"decision {number}"] = shown(client_of(reviewer).post(address, said_wrong, follow=True))
        pages["one's own"] = shown(client_of(world.researcher).post(address, yes))
        pages["retry"] = shown(client_of(other).post(f"{address}retry/"))
        pages |= read(world.researcher, address, f"{address}cancel/")
        TrainingJob.objects.filter(pk=job.pk).update(state=JobState.LOST)
        pages |= read(other, "/jobs/", address)
        pages["again"] = shown(client_of(other).post(f"{address}retry/", follow=True))
        pages["cancelled"] = shown(client_of(world.researcher).post(f"{address}cancel/", follow=True))
        TrainingJob.objects.filter(pk=job.pk).update(state=JobState.FAILED)
        pages["cancelled, ended"] = shown(client_of(world.researcher).post(f"{address}cancel/"))
        JobApproval.objects.update(approves=False, reason="Οχι")
        pages |= read(world.researcher, address, "/notices/")
    assert left(pages, MACHINE) == {}


def test_outputs(world: make.World, outputs: dict[str, JobOutput], settings: Any) -> None:
    model, card, table = (outputs[name] for name in ("model.json", "model_card.md", "subgroup_table.csv"))
    reasons = [*IDENTIFIERS, GIVEN, output_checks.NOT_JSON, *filled()]
    JobOutput.objects.filter(pk=table.pk).update(check_outcome="withhold", check_reasons=reasons)
    addresses = [f"/outputs/{output.pk}/" for output in outputs.values()]
    report = f"{addresses[0]}report/"
    with spoken(settings):
        reviewer = client_of(world.reviewers[0])
        pages = read(world.reviewers[0], *addresses, f"/jobs/{table.job_id}/", "/jobs/")
        pages |= read(world.researcher, *addresses[:2], report)
        for number, said_wrong in enumerate(({}, {"decision": "no"}, {"decision": "yes"}, {"decision": "yes"})):
            pages[f"decision {number}"] = shown(reviewer.post(f"/outputs/{card.pk}/", said_wrong, follow=True))
        pages["held back"] = shown(reviewer.post(f"/outputs/{table.pk}/", {"decision": "yes"}))
        pages["report"] = shown(client_of(world.researcher).post(report, {}))
        OutputDecision.objects.create(output=model, reviewer=world.reviewers[1], releases=False, reason="Οχι")
        for state in OutputState:
            JobOutput.objects.update(state=state, released=F("stored"), flagged_at=model.created_at)
            JobOutput.objects.filter(pk=card.pk).update(recalled_at=model.created_at)
            found = read(world.researcher, f"/jobs/{card.job_id}/", f"/outputs/{model.pk}/", f"/outputs/{card.pk}/")
            pages |= {f"{name}, {state}": page for name, page in found.items()}
    assert left(pages, MACHINE) == {}


def test_sentences_with_values_in_them_are_known_again(settings: Any) -> None:
    with spoken(settings):
        assert [kept_said(sentence) for sentence in filled()] == [pseudo(sentence) for sentence in filled()]


def test_whatever_shipped_templates_and_outputs_say_is_known_to_whoever_translates() -> None:
    for template in shipped_templates().values():
        parameters = [text for p in template.parameters for text in (p.title, p.help)]
        choices = [label_of(choice) for p in template.parameters for choice in p.choices]
        metrics = [label_of(name).replace("auc", "AUC") for name in template.progress_metrics]
        said_by_it = {template.title, template.description, *parameters, *choices, *metrics, *template.endings.values()}
        assert said_by_it <= SAID
    assert {label_of(kind) for kind in OutputKind} == set(KINDS)
    labels = {label_of(state) for states in (JobState, OutputState) for state in states}
    reasons = {*SENTENCES.values(), *TITLES.values(), *supervise.REASONS.values(), *probe.SENTENCES.values()}
    reasons |= {observe.KILLED, observe.RESTARTED, observe.NEVER_BEGAN, supervise.BY_ITSELF}
    assert labels | reasons | set(FILLED) | {*IDENTIFIERS, GIVEN} <= gathered()
