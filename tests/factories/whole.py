"""A small whole world: two programmes with everybody in them, and one of each thing, made as people make it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.utils import timezone

from consent import actions as consent_actions
from consent.models import Donor
from consent.queries import donor_of, signatures_of
from consent.rules.form_content import default_content
from consent.work.evidence import lock_away
from core.accounts.actions import make_token
from core.accounts.models import Programme, User
from core.accounts.roles import Role, Scope
from core.due.models import DueWork
from core.storage.roles import Role as Process
from curation.actions import start_recheck
from curation.models import Series
from portal.story.cohort import CohortDonor, make_cohort, studies
from registry import actions
from registry.models import Dataset, DatasetVersion, Donation, Evidence
from registry.rules.promised import Promised
from registry.rules.recall import Where
from registry.work import tell_holder_of
from tests.factories import consent, core, curation, learners, registry, training_jobs
from tests.factories.parts import being, drain
from training_jobs import actions as job_actions
from training_jobs.models import TrainingJob

#: Everybody who looks at the first programme's things: a key of the access matrix -> role there.
STAFF = {
    "curator": Role.CURATOR,
    "committee": Role.COMMITTEE,
    "job_reviewer": Role.JOB_REVIEWER,
    "steward": Role.STEWARD,
    "auditor": Role.AUDITOR,
    "researcher": Role.RESEARCHER,
}
NAMES = {Role.RESEARCHER: "Rosa Researcher", Role.STEWARD: "Sam Steward", Role.CURATOR: "Cora Curator"}
#: Answers of the learners' request: a university's, about cancer, with training.
PURPOSE: dict[str, Any] = {**registry.ANSWERS, "area": "diseases", "diseases": ["MONDO:0004992"]}


@dataclass
class World:
    """People by what they are (`steward`, `other_steward`, `stranger_steward` …) and ids by kind of thing."""

    programme: Programme
    other: Programme
    people: dict[str, User] = field(default_factory=dict)
    cast: list[CohortDonor] = field(default_factory=list)
    ids: dict[str, UUID] = field(default_factory=dict)

    def donor(self, who: str) -> Donor:
        """The donor that one of the people is in the first programme."""
        found = donor_of(self.people[who], self.programme.pk)
        assert found is not None
        return found


@contextmanager
def standing(blocker: Any) -> Iterator[World]:
    """The world, committed for as long as the block lasts (a whole module's tests), then flushed away."""
    with blocker.unblock():
        try:
            yield build()
        finally:
            call_command("flush", verbosity=0, interactive=False)


def build() -> World:
    """Everything, in the order in which it happens: pages as a web process, work as a cleaner and a runner."""
    with being(Process.WEB):
        return _build()


def _build() -> World:
    world = World(core.programme("lungs"), core.programme("hearts"), cast=list(make_cohort(8)))
    _staff(world)
    _forms(world)
    _donors(world)
    _given(world)
    _withdrawn(world)
    _version(world)
    _requests(world)
    _jobs(world)
    _tokens(world)
    _reports(world)
    return world


def _staff(world: World) -> None:
    for key, role in STAFF.items():
        for prefix, place in (("", world.programme), ("other_", world.programme), ("stranger_", world.other)):
            name = f"{prefix.strip('_').capitalize()} {NAMES.get(role, key.replace('_', ' ').title())}".strip()
            world.people[prefix + key] = core.user(place, role, name=name)
    world.people["nobody"] = core.user(name="Nobody Special")


def _forms(world: World) -> None:
    steward = world.people["steward"]
    draft = consent_actions.draft_form(programme=world.programme, slug="main", content=default_content(), by=steward)
    world.ids["programme"] = world.programme.pk
    world.ids["form"] = consent_actions.publish_form(version=draft, by=steward).pk
    content = {**default_content(), "title": "Giving your scans to research, shorter"}
    world.ids["draft_form"] = consent_actions.draft_form(
        programme=world.programme, slug="main", content=content, by=steward
    ).pk
    consent.form(world.other)


def _donors(world: World) -> None:
    for key, person in zip(("donor", "other_donor", "leaver", "stopped"), world.cast, strict=False):
        world.people[key] = signed(world.programme, person).person.user
    world.people["stranger_donor"] = signed(world.other, world.cast[4]).person.user
    world.ids["donor"] = world.donor("donor").pk
    newest = signatures_of(world.people["donor"]).first()
    assert newest is not None
    world.ids["receipt"] = newest.pk


def signed(programme: Programme, person: CohortDonor, **answers: Any) -> Donor:
    """A person of the cohort who has signed, everything allowed but for `answers`; signs in with core.PASSWORD."""
    user = User.objects.create_user(person.email, core.PASSWORD, display_name=person.given_name)
    consent_actions.sign(
        user=user,
        version=consent.form(programme),
        choices=consent.choices(**answers),
        typed_name=f"{person.given_name} {person.family_name}",
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        by=user,
    )
    found = donor_of(user, programme.pk)
    assert found is not None
    return found


def give(donor: Donor, person: CohortDonor, *, submitted: bool = True) -> Donation:
    """A donation of the person's own files, as their hospital's scanner wrote them."""
    by = donor.person.user
    given = actions.start_donation(donor=donor, by=by)
    for file in studies(person):
        actions.add_upload(donation=given, stream=BytesIO(file.data), name=file.filename, by=by)
    if submitted:
        actions.submit_donation(donation=given, by=by)
    return given


def _given(world: World) -> None:
    """The donor's series is accepted, the leaver's too, the other donor's waits; a fourth brings another's images."""
    for key, person in zip(("donor", "other_donor", "leaver"), world.cast, strict=False):
        world.ids[f"{key}s_donation"] = give(world.donor(key), person).pk
    stopped = give(world.donor("stopped"), world.cast[5], submitted=False)
    listed = [Promised(0, 9, "0" * 64)]
    (begun,) = actions.promise_files(donation=stopped, files=listed, by=world.people["stopped"])
    assert begun.upload is not None
    invitation, _ = actions.invite(donation=stopped, by=world.people["stopped"])
    world.ids |= {"stopped_donation": stopped.pk, "upload": begun.upload.pk, "invitation": invitation.pk}
    drain()
    curator = world.people["curator"]
    for key in ("donor", "leaver"):
        found = Series.objects.get(donation_id=world.ids[f"{key}s_donation"])
        curation.accept(found, finding="none", by=curator)
    found = Series.objects.get(donation_id=world.ids["other_donors_donation"])
    world.ids["series"] = found.pk
    world.ids["render"] = found.derivations.all()[0].pk
    world.ids["probe"] = curation.missed(found, curator).pk


def _withdrawn(world: World) -> None:
    """Before the version, so that the version stays open."""
    donor = world.donor("leaver")
    lock_away(donor.person, by=world.people["steward"])
    asked = consent_actions.ask_identity(donor_id=donor.pk, reference="2C-1/2026", by=world.people["steward"])
    world.ids["opening"] = asked.pk
    world.ids["withdrawal"] = consent_actions.withdraw(donor=donor, kind="no_further_use", by=world.people["leaver"]).pk
    drain()


def _version(world: World) -> None:
    learners.admit(world.programme)
    dataset = actions.create_dataset(
        programme=world.programme,
        slug="slices",
        title="Slices with and without a bright spot",
        summary="CT and MR slices; a curator noted on each whether a bright spot is seen.",
        rule={"modalities": ["CT", "MR"], "labels_required": True},
        by=world.people["steward"],
    )
    world.ids |= {"dataset": dataset.pk, "version": freeze(dataset, world.people["steward"]).pk}


def freeze(dataset: Dataset, steward: User) -> DatasetVersion:
    """The first version of a dataset, frozen."""
    version = actions.freeze_version(dataset=dataset, bump="major", by=steward)
    drain()
    version.refresh_from_db()
    assert version.state == "frozen"
    return version


def _requests(world: World) -> None:
    version = DatasetVersion.objects.get(pk=world.ids["version"])
    researcher, other = world.people["researcher"], world.people["other_researcher"]
    world.ids["draft_request"] = registry.request(version, researcher, submitted=False, **PURPOSE).pk
    world.ids["request"] = registry.request(version, other, **PURPOSE).pk
    asked = registry.request(version, researcher, **PURPOSE)
    for member in ("committee", "other_committee"):
        by = world.people[member]
        actions.cast_vote(request=asked, approves=True, reason="It helps patients.", by=by)
    grant = registry.Grant.objects.get(request=asked)
    actions.sign_agreement(grant=grant, typed_name=str(researcher), by=researcher)
    # Of an obligation that comes after the end, so that jobs can begin meanwhile.
    owed = Evidence.objects.create(
        programme=grant.programme, grant=grant, code="PUB", sentence="S.", shows="s", due_at=grant.expires_at
    )
    world.ids |= {"approved_request": asked.pk, "grant": grant.pk, "evidence": owed.pk}


def _jobs(world: World) -> None:
    world.ids["waiting_job"] = _submit(world, "Waits for its reviewers", seed=2).pk
    job = _submit(world, "Bright spots")
    for reviewer in ("job_reviewer", "other_job_reviewer"):
        training_jobs.approve(job, world.people[reviewer])
    run_out(job)
    world.ids["job"] = job.pk
    outputs = {output.name: output for output in job.outputs.all()}
    for reviewer in ("job_reviewer", "other_job_reviewer"):
        by = world.people[reviewer]
        job_actions.decide_output(output=outputs["metrics.json"], releases=True, reason="", by=by)
    drain()
    world.ids |= {"held_output": outputs["model.json"].pk, "output": outputs["metrics.json"].pk}


def _submit(world: World, title: str, **parameters: Any) -> TrainingJob:
    grant = registry.Grant.objects.get(pk=world.ids["grant"])
    return job_actions.submit_job(
        grant=grant,
        template="image_classifier",
        parameters={**training_jobs.FAST, **parameters},
        title=title,
        by=world.people["researcher"],
    )


def run_out(job: TrainingJob, *, steps: int = 2_000) -> None:
    """Lets workers take the job to its end, without waiting for the clock between two steps."""
    for _ in range(steps):
        drain()
        job.refresh_from_db()
        if job.state not in {"approved", "staging", "running", "succeeded"}:
            break
        DueWork.objects.filter(kind="training_jobs.step", done=False).update(due_at=timezone.now())
    assert job.state == "in_review", (job.state, job.reason)


def _reports(world: World) -> None:
    """A report that names no image, so that nothing stops; a holder who was told of it; all looked through again."""
    steward = world.people["steward"]
    report = actions.report_identity(
        programme=world.programme, where=Where(), seen="face", description="Somewhere.", by=world.people["researcher"]
    )
    tell_holder_of(report.pk, world.ids["grant"])
    begun = start_recheck(programme=world.programme, by=steward)
    drain()
    from collections import Counter

    assert not begun.files.exclude(outcome="unchanged").exists(), Counter(
        map(str, begun.files.values_list("outcome", "codes"))
    )
    notice = report.notices.get()
    world.ids |= {"report": report.pk, "notice": notice.pk, "recheck": begun.pk}


def _tokens(world: World) -> None:
    user = world.people["researcher"]
    token, _ = make_token(user=user, name="Lab script", scopes=[Scope.JOBS], days=30, by=user)
    world.ids["token"] = token.pk
    world.ids["membership"] = world.people["other_curator"].memberships.get().pk
