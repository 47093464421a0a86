"""Seventh chapter: a donor whose images are in version 1.0.0 withdraws, and everything follows."""

from typing import Any

from django.utils.html import escape

from consent import actions, queries
from core.accounts.roles import Role
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone
from portal.story.cast import Member
from portal.story.stage import Stage
from portal.story.telling import StoryBroken
from registry.actions import attest
from registry.queries import entries_of, notices_to_answer, successor_of, versions_holding, versions_visible
from training_jobs.queries import jobs_of


def tell(stage: Stage) -> None:
    """Use stops at once; objects, versions and results follow; the donor sees each step."""
    with stage.teller.chapter("A donor withdraws"):
        member = _leaver(stage)
        donor = queries.donors_of(member.user).get(pk=member.donor_id)
        withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=member.user)
        stage.teller.hold(not queries.may_donate(donor.pk), "from this moment nothing new is done with their images")
        closed = versions_visible(stage.cast.one(Role.STEWARD)).get(pk=stage.version_id)
        stage.teller.hold(closed.state == "closed", "version 1.0.0 takes no new use from the same moment")
        _holders_answer(stage)
        stage.teller.wait(lambda: _complete(member), "every duty of the withdrawal is done")
        titles = [step.title for step in withdrawal.steps.all()]
        for title in titles:
            stage.teller.say(f"    done: {title}")
        _gone(stage, member)
        _versions(stage, member, closed)
        _results(stage)
        page = stage.browser(member.user).get(f"/withdrawals/{withdrawal.pk}/").decode()
        stage.teller.hold(all(escape(title) in page for title in titles), "the donor's page shows each step")
        certificate = stage.browser(member.user).get(f"/withdrawals/{withdrawal.pk}/certificate/?format=json").decode()
        stage.teller.hold('"sha256"' in certificate, "and their certificate lists each with its proof")


def _holders_answer(stage: Stage) -> None:
    researcher = stage.cast.one(Role.RESEARCHER)
    notices = list(notices_to_answer(researcher))
    stage.teller.hold(bool(notices), "the researcher is told in the same transaction, and has to answer")
    for notice in notices:
        attest(notice=notice, by=researcher)


def _versions(stage: Stage, member: Member, closed: Any) -> None:
    stones = entries_of(closed).exclude(tombstoned_at=None).count()
    stage.teller.hold(stones > 0, f"the manifest of 1.0.0 keeps {stones} tombstones")
    following = successor_of(closed)
    if following is None:
        raise StoryBroken("No version follows 1.0.0.")
    stage.teller.hold((following.number, following.state) == ("2.0.0", "frozen"), "version 2.0.0 is frozen")
    theirs = versions_holding(member.donor_id).filter(pk=following.pk)
    stage.teller.hold(not theirs.exists(), "version 2.0.0 holds no image of theirs")


def _results(stage: Stage) -> None:
    job = jobs_of(stage.cast.one(Role.RESEARCHER)).get(pk=stage.job_id)
    flagged = job.flagged_at is not None and all(output.flagged_at for output in job.outputs.all())
    stage.teller.hold(flagged, "the finished job and its model are flagged")


def _leaver(stage: Stage) -> Member:
    """A donor whose images the job has read: one who allowed everything and is in the version."""
    for member in reversed(stage.cast.members):
        allows = member.person.choices.training and member.person.choices.permission == "general"
        if allows and versions_holding(member.donor_id).exists():
            return member
    raise LookupError("nobody in the version allowed training")


def _complete(member: Member) -> bool:
    return queries.withdrawals_of(member.user).filter(state="complete").exists()


def _gone(stage: Stage, member: Member) -> None:
    objects = StoredObject.objects.filter(donor_id=member.donor_id)
    left = [thing for thing in objects if store().exists(Zone(thing.zone), thing.key)]
    stage.teller.hold(objects.exists() and not left, f"all {objects.count()} of their objects are gone from every zone")
