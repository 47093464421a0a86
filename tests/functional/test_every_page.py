"""Every page of the access matrix in a browser: accessible, no wider than a phone, asking no other host."""

from collections.abc import Callable

import pytest

from tests.access.addresses import address
from tests.access.table import ROLES, TABLE
from tests.factories.whole import World
from tests.functional.visitor import Visitor

NOT_PAGES = {
    "api_schema",
    "consent:fhir",
    "portal:healthz",
    "portal:log_head",
    "portal:log_head_of",
    "portal:log_checkpoint",
    "portal:log_consistency",
    "portal:log_inclusion",
    "portal:log_key",
    "portal:log_verifier",
    "registry:manifest",
    "training_jobs:download",
    "curation:render",
    "curation:planted_png",
} | {
    "curation:recheck_json",
    "curation:recheck_csv",
}
PAGES = sorted(name for name in TABLE if name not in NOT_PAGES and any(not row.post for row in TABLE[name]))
PARTS = 6  # so that two processes share the work, and a failure names few pages


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_holds_the_rules(visitors: Callable[..., Visitor], world: World, part: int) -> None:
    people: dict[str, Visitor] = {}
    for name in PAGES[part::PARTS]:
        for row in TABLE[name]:
            reader = next((role for role in ROLES if not row.post and row.expected(role) == 200), None)
            if reader is None:
                continue
            user = world.people.get(reader)
            visitor = people.setdefault(reader, visitors(user=user)) if reader not in people else people[reader]
            visitor.go(address(name, row.of, world)).narrow()


def test_pages_for_what_went_wrong(visitors: Callable[..., Visitor], world: World) -> None:
    visitor = visitors(user=world.people["stranger_steward"])
    visitor.go(f"/datasets/{world.ids['dataset']}/", status=404).picture("not-found").narrow()
    visitor.go("/there/is/nothing/", status=404).narrow()
    visitors(user=world.people["curator"]).go("/staff/datasets/new/", status=403).narrow()
