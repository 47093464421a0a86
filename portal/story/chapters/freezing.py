"""Fourth chapter: a steward freezes the accepted images into version 1.0.0 of a dataset."""

import json
from typing import Any

from core.accounts.roles import Role
from core.canonical import sha256_hex
from portal.story.stage import Stage
from registry import actions, queries


def tell(stage: Stage) -> None:
    """Makes the dataset by a rule, freezes it, and reads the manifest back."""
    with stage.teller.chapter("The registry freezes version 1.0.0"):
        steward, programme = stage.cast.one(Role.STEWARD), stage.cast.programme
        dataset = actions.create_dataset(
            programme=programme,
            slug="slices",
            title="Slices with and without a lesion",
            summary="CT and MR slices; a curator noted on each whether a lesion is seen.",
            rule={"modalities": ["CT", "MR"], "labels_required": True, "min_images_per_donor": 3},
            by=steward,
        )
        version = actions.freeze_version(dataset=dataset, bump="major", by=steward)
        stage.version_id = version.pk
        stage.teller.wait(lambda: _refreshed(stage).state == "frozen", "version 1.0.0 is frozen")
        version = _refreshed(stage)
        facts = queries.version_facts(version)
        stage.teller.hold(
            version.number == "1.0.0", f"version 1.0.0: {version.image_count} images of {version.donor_count} donors"
        )
        for split, count in facts.splits:
            stage.teller.say(f"    {split}: {count} donors")
        manifest = stage.browser(steward).get(f"/versions/{version.pk}/manifest.json")
        stage.teller.hold(
            sha256_hex(manifest) == version.digest,
            f"the manifest's SHA-256 is the version's digest {version.digest[:16]}…",
        )
        rows = json.loads(manifest)["rows"]
        stage.teller.hold(
            len(rows) == version.image_count and all(row["sha256"] for row in rows), "each file has its SHA-256 there"
        )


def _refreshed(stage: Stage) -> Any:
    return queries.versions_visible(stage.cast.one(Role.STEWARD)).get(pk=stage.version_id)
