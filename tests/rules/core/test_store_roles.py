"""Which process may use which zone: the table holds what is promised of it, and policies say what it says."""

import pytest

from core.storage.policy import bucket_policy
from core.storage.roles import TABLE, May, Role, may
from core.storage.zones import Zone

USERS = {Role.WEB: "arn:aws:iam:::user/web", Role.WORKER: "arn:aws:iam:::user/worker"}


def test_a_web_process_reads_no_quarantine_and_publishes_nothing() -> None:
    assert not may(Role.WEB, Zone.QUARANTINE, May.READ)
    assert [zone for zone in Zone if may(Role.WEB, zone, May.PUT)] == [Zone.INCOMING, Zone.QUARANTINE]
    assert [zone for zone in Zone if may(Role.WEB, zone, May.ERASE)] == [Zone.INCOMING, Zone.QUARANTINE]


def test_nothing_comes_in_through_a_worker() -> None:
    assert not may(Role.WORKER, Zone.QUARANTINE, May.PUT)
    assert not may(Role.WORKER, Zone.INCOMING, May.PUT)


@pytest.mark.parametrize("role", list(Role))
def test_every_zone_has_its_answer_for_every_role(role: Role) -> None:
    assert set(TABLE[role]) == set(Zone)


@pytest.mark.parametrize("zone", list(Zone))
@pytest.mark.parametrize("role", list(USERS))
def test_the_policy_allows_what_the_table_allows(zone: Zone, role: Role) -> None:
    policy = bucket_policy("b", zone, USERS)
    mine = [each for each in policy["Statement"] if each["Principal"] == {"AWS": [USERS[role]]}]
    actions = {action for each in mine if each["Effect"] == "Allow" for action in each["Action"]}
    denied = {action for each in mine if each["Effect"] == "Deny" for action in each["Action"]}
    assert ("s3:GetObject" in actions) == may(role, zone, May.READ)
    if zone != Zone.INCOMING:  # the server is tried there
        assert ("s3:PutObject" in actions) == may(role, zone, May.PUT)
        assert ("s3:DeleteObject" in actions) == may(role, zone, May.ERASE)
    assert not [action for action in actions if "*" in action or "Policy" in action]
    assert ("s3:GetObject" in denied) != may(role, zone, May.READ)
    assert not actions & denied
