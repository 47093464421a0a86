"""Which process may use which zone: the table holds what is promised of it, and policies say what it says."""

from typing import Any

import pytest

from core.storage.policy import bucket_policy
from core.storage.roles import TABLE, TRIALS, May, Role, may
from core.storage.zones import Zone

USERS = {role: f"arn:aws:iam:::user/{role}" for role in Role if role is not Role.ALL}
#: Those that are a cleaner and a runner in one.
BOTH = {Role.ALL, Role.WORKER}


def test_a_web_process_reads_no_quarantine_and_publishes_nothing() -> None:
    assert not may(Role.WEB, Zone.QUARANTINE, May.READ)
    assert [zone for zone in Zone if may(Role.WEB, zone, May.PUT)] == [Zone.INCOMING, Zone.QUARANTINE]
    assert [zone for zone in Zone if may(Role.WEB, zone, May.ERASE)] == [Zone.INCOMING, Zone.QUARANTINE]


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLEANER, Role.RUNNER])
def test_nothing_comes_in_through_a_worker(role: Role) -> None:
    assert not may(role, Zone.QUARANTINE, May.PUT)
    assert not may(role, Zone.INCOMING, May.PUT)


@pytest.mark.parametrize("role", sorted(set(Role) - BOTH))
@pytest.mark.parametrize("zone", [Zone.OUTPUTS, Zone.RELEASED])
def test_nobody_who_reads_what_is_not_cleaned_makes_what_leaves(role: Role, zone: Zone) -> None:
    reads = {each for each in (Zone.INCOMING, Zone.QUARANTINE) if may(role, each, May.READ)}
    assert not (reads and may(role, zone, May.PUT))


@pytest.mark.parametrize("role", [Role.CLEANER, Role.RUNNER])
def test_every_worker_can_erase_everywhere(role: Role) -> None:
    assert all(may(role, zone, May.LOOK | May.ERASE) for zone in Zone)


def test_two_workers_do_together_what_one_may() -> None:
    for zone in Zone:
        assert TABLE[Role.CLEANER][zone] | TABLE[Role.RUNNER][zone] == TABLE[Role.WORKER][zone]


@pytest.mark.parametrize("role", list(Role))
def test_every_zone_has_its_answer_for_every_role(role: Role) -> None:
    assert set(TABLE[role]) == set(Zone)


@pytest.mark.parametrize("zone", list(Zone))
@pytest.mark.parametrize("role", list(USERS))
def test_the_policy_allows_what_the_table_allows(zone: Zone, role: Role) -> None:
    policy = bucket_policy("b", zone, USERS)
    mine = [each for each in policy["Statement"] if each["Principal"] == {"AWS": [USERS[role]]}]
    own = [each for each in mine if each["Sid"].endswith("KeepsOwn")]
    actions = {a for each in mine if each["Effect"] == "Allow" and each not in own for a in each["Action"]}
    denied = {action for each in mine if each["Effect"] == "Deny" for action in each["Action"]}
    assert ("s3:GetObject" in actions) == may(role, zone, May.READ)
    assert ("s3:PutObject" in actions) == may(role, zone, May.PUT)
    assert ("s3:DeleteObject" in actions) == may(role, zone, May.ERASE)
    assert not [action for action in actions if "*" in action or "Policy" in action]
    assert ("s3:GetObject" in denied) != may(role, zone, May.READ)
    assert not actions & denied
    assert all(resource.endswith(("/note-*", "/trial-*", "/claim-*")) for each in own for resource in each["Resource"])


@pytest.mark.parametrize("role", list(USERS))
def test_every_process_can_try_the_server_and_claim_what_it_writes(role: Role) -> None:
    """All of it, with its own keys: also whoever may otherwise read nothing there, for a trial is looked at again."""
    policy = bucket_policy("b", TRIALS, {role: "x"})["Statement"]
    of_trials = [each for each in policy if "arn:aws:s3:::b/trial-x".startswith(_starts(each))]
    assert {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"} <= {
        action for each in of_trials if each["Effect"] == "Allow" for action in each["Action"]
    }
    assert not [each for each in policy if each["Effect"] == "Deny" and "Resource" in each]


def _starts(statement: dict[str, Any]) -> tuple[str, ...]:
    """How the names of the objects begin that a statement is about."""
    return tuple(each.removesuffix("*") for each in statement.get("Resource", []) if each.endswith("*"))


def test_workers_keep_the_logs_last_head_and_nothing_else_where_they_may_not_publish() -> None:
    policy = bucket_policy("b", Zone.RELEASED, {Role.CLEANER: "c", Role.WEB: "w"})
    (keeps,) = [each for each in policy["Statement"] if each["Sid"] == "cleanerKeepsOwn"]
    (may_not,) = [each for each in policy["Statement"] if each["Sid"] == "cleanerMayNot"]
    assert keeps["Resource"] == may_not["NotResource"] == ["arn:aws:s3:::b/note-*"]
    assert {"s3:GetObject", "s3:PutObject"} <= set(keeps["Action"]) & set(may_not["Action"])
    assert "Resource" not in may_not
    assert not [each for each in policy["Statement"] if each["Sid"] == "webKeepsOwn"]
