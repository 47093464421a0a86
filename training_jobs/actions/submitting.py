"""Asking for a training job: the grant, the template and every parameter are checked before a row is written."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, Invalid, NotAllowed, Unavailable
from core.texts import Filled
from core.texts import gettext_noop as _
from registry import queries as registry
from training_jobs.executors.templates import find_template
from training_jobs.models import TrainingJob
from training_jobs.permissions import person
from training_jobs.rules.specification import Specification, specify
from training_jobs.work.place import executor
from training_jobs.work.telling import tell_reviewers

if TYPE_CHECKING:
    from registry.models import Grant

LONGEST_TITLE = 120
NOT_FOR_TRAINING = _(
    "Your approved purpose does not include the training of computer models, so this job cannot run under it. "
    "Ask for access again and say that you will train a model."
)


def submit_job(
    *,
    grant: "Grant",
    template: str,
    parameters: Mapping[str, Any],
    title: str,
    by: Actor,
    limits: Mapping[str, Any] | None = None,
) -> TrainingJob:
    """Asks for a run of `template` (a name) under the grant; two others must approve it before it runs.

    Raises Missing for someone else's grant, NotAllowed when it gives no access now or not for training, Invalid with
    its fields for the template, parameters, limits and title, Unavailable where this machine has no sandbox, and
    Conflict when the same job is under way already.
    """
    user = person(by)
    held = registry.usable_grant(user, grant.pk)
    if not registry.use_in(held).train_model:
        raise NotAllowed(NOT_FOR_TRAINING, "not_for_training")
    title = _title(title)
    chosen = specify(find_template(template), dataset_version=held.version.digest, parameters=parameters, limits=limits)
    if sentence := executor().available():
        raise Unavailable(sentence, "no_sandbox")
    try:
        return _create(held, chosen, title, by)
    except IntegrityError:
        raise Conflict("You have asked for exactly this job already. You find it under your jobs.", "twice") from None


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        said = Filled(_("Give the job a title of at most {most} characters."), most=LONGEST_TITLE)
        raise Invalid(said, fields={"title": said})
    return title


def _create(grant: "Grant", chosen: Specification, title: str, by: Actor) -> TrainingJob:
    with transaction.atomic():
        job = TrainingJob.objects.create(
            programme_id=grant.programme_id,
            grant_id=grant.pk,
            version_id=grant.version_id,
            researcher_id=grant.researcher_id,
            title=title,
            specification=chosen.as_dict(),
            spec_digest=chosen.digest,
        )
        record("training_jobs.submitted", job, by=by, data={"grant": grant.pk, "specification": chosen.digest})
        tell_reviewers(job, "submitted", "A training job waits for your decision")
    return job
