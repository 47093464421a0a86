"""Mints the version that takes the place of one that a report closed, of what the dataset's rule selects now."""

from core.actors import Actor
from registry.models import Dataset, DatasetVersion
from registry.queries.datasets import holds_exactly, selected_images
from registry.rules import selection
from registry.rules.lifecycle import VersionState
from registry.work.minting import hold, mint


def succeed(dataset: Dataset, bump: str, *, by: Actor) -> DatasetVersion | None:
    """The version to freeze: one that is being frozen, or a new one; None where the newest holds all of it already.

    None, too, where the rule selects nothing: then there is nothing to make a version of.
    """
    hold(dataset)
    newest = dataset.versions.exclude(closed_reason="empty").order_by("-major", "-minor", "-patch").first()
    if newest is None or newest.state == VersionState.FREEZING:
        return newest
    images = selected_images(selection.parse(dataset.rule), dataset.programme_id)
    if not images or (newest.state == VersionState.FROZEN and holds_exactly(newest, images)):
        return None
    return mint(dataset, bump, reason="recall", by=by, made_from=newest)
