"""What may be read of the registry, narrowed to the reader."""

from registry.queries.access import (
    donor_counts,
    entries_for,
    exclusions,
    grants_of,
    grants_visible,
    may_read_manifest,
    requests_of,
    requests_to_decide,
    requests_visible,
    usable_grant,
)
from registry.queries.datasets import (
    catalogue,
    dataset_facts,
    entries_of,
    latest_version,
    selected_images,
    successor_of,
    version_facts,
    versions_holding,
    versions_visible,
)
from registry.queries.donations import (
    DonationFacts,
    StudyFacts,
    donation_facts,
    donations_of,
    donations_to_clean,
    files_to_clean,
    unsent_donation,
)
from registry.queries.story import Story, story_of
from registry.queries.waiting import waiting

__all__ = [
    "DonationFacts",
    "Story",
    "StudyFacts",
    "catalogue",
    "dataset_facts",
    "donation_facts",
    "donations_of",
    "donations_to_clean",
    "donor_counts",
    "entries_for",
    "entries_of",
    "exclusions",
    "files_to_clean",
    "grants_of",
    "grants_visible",
    "latest_version",
    "may_read_manifest",
    "requests_of",
    "requests_to_decide",
    "requests_visible",
    "selected_images",
    "story_of",
    "successor_of",
    "unsent_donation",
    "usable_grant",
    "version_facts",
    "versions_holding",
    "versions_visible",
    "waiting",
]
