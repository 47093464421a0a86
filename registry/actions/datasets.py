"""A steward's deeds with datasets: make one, freeze a version of it."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from core.accounts.models import Programme
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.texts import Filled
from core.texts import gettext_noop as _
from registry import tasks
from registry.models import Dataset, DatasetVersion
from registry.queries import holds_exactly, latest_version, selected_images
from registry.queries.batches import waits_until
from registry.rules import selection
from registry.rules.lifecycle import VersionState
from registry.work.minting import hold, mint

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COMING_SOON = _("A version of this dataset is being frozen right now. Wait until it is done.")
COMING = _("A version of this dataset is being frozen right now. It is made on {day} at the latest.")
SLUG_MOST, TITLE_MOST, SUMMARY_MOST = 60, 120, 5_000


def create_dataset(
    *, programme: Programme, slug: str, title: str, summary: str, rule: Mapping[str, Any], by: Actor
) -> Dataset:
    """Makes a dataset: a name and a rule (registry/rules/selection.py). Raises Invalid; Conflict for a taken slug."""
    require(by, programme.pk, Role.STEWARD)
    read = selection.parse(rule)
    fields = {}
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_MOST:
        fields["slug"] = _("Use small letters, digits and single hyphens, at most 60 characters.")
    if not title.strip() or len(title) > TITLE_MOST:
        fields["title"] = _("Give it a title of at most 120 characters.")
    if len(summary) > SUMMARY_MOST:
        fields["summary"] = _("Keep the summary below 5,000 characters.")
    if fields:
        raise Invalid("Some of this cannot be used.", "dataset", fields)
    try:
        with transaction.atomic():
            dataset = Dataset.objects.create(
                programme=programme,
                slug=slug,
                title=title.strip(),
                summary=summary.strip(),
                rule=read.to_dict(),
                created_by=by.actor_id,
            )
            record("dataset.created", dataset, by=by)
    except IntegrityError:
        sentence = _("There is a dataset with this short name already.")
        raise Conflict(sentence, "slug") from None
    return dataset


def freeze_version(*, dataset: Dataset, bump: str, by: Actor) -> DatasetVersion:
    """Begins a new version of what the rule selects today; a worker writes its manifest and freezes it.

    Raises Conflict when one is being frozen, when the rule selects nothing, or when nothing has changed.
    """
    require(by, dataset.programme_id, Role.STEWARD)
    with transaction.atomic():
        hold(dataset)
        coming = dataset.versions.filter(state=VersionState.FREEZING).first()
        if coming is not None:
            until = waits_until(coming)
            raise Conflict(Filled(COMING, day=until.date()) if until else COMING_SOON, "freezing")
        images = selected_images(selection.parse(dataset.rule), dataset.programme_id)
        if not images:
            raise Conflict("The rule selects no images today, so there is nothing to freeze.", "empty")
        newest = latest_version(dataset)
        if newest is not None and holds_exactly(newest, images):
            raise Conflict(Filled(_("Nothing has changed since version {number}."), number=newest.number), "unchanged")
        version = mint(dataset, bump, reason="new_images" if newest else "first", by=by, made_from=newest)
        ask(tasks.FREEZE, version.pk)
    return version
