"""Receipts and the public log: checked offline, erased people, tampering that a donor's visit finds, forks."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent import actions, work
from consent.models import Donor, Signature, Withdrawal
from consent.queries import withdrawal_key
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.actors import SystemActor
from core.audit import verify
from core.audit.models import Event, LogAlarm
from core.audit.record import record
from core.audit.work import seal
from core.notifications.models import Notice
from tests.factories import consent as make
from tests.factories import core
from tests.ground.guards import unguarded

pytestmark = pytest.mark.django_db
WORDS = ("log entries keys head newest note leaf event salt", "inclusion consistency form choices type index chain")
KEYS = st.sampled_from(" ".join(WORDS).split())


def logged(programme: Programme, **answers: Any) -> Donor:
    donor = make.donor(programme, **answers)
    while seal():
        pass
    work.give_heads()
    return donor


def browser(donor: Donor) -> Client:
    client = Client()
    client.force_login(donor.person.user)
    return client


def receipt(donor: Donor) -> dict[str, Any]:
    signature = donor.signatures.order_by("-id").first()
    assert signature is not None
    found: dict[str, Any] = browser(donor).get(f"/receipts/{signature.pk}/?format=json").json()
    return found


def checked(tmp_path: Path, document: dict[str, Any], *more: str) -> tuple[int, str]:
    """What verify.py says, and how it ends."""
    (tmp_path / "receipt.json").write_text(json.dumps(document))
    out = io.StringIO()
    return verify.main([str(tmp_path / "receipt.json"), *more], out), out.getvalue()


def later(programme: Programme, number: int = 5) -> None:
    for place in range(number):
        record("test.later", programme, by=SystemActor("test"), data={"place": place})
    while seal():
        pass


def test_the_receipt_of_who_signed_a_changed_form_is_checked_too(programme: Programme, tmp_path: Path) -> None:
    donor = make.donor(programme)
    content = default_content()
    content["choices"].pop(3)
    make.next_form(programme, content, change=Change.MATERIAL, days=60)
    chosen = {code: answer for code, answer in make.choices().items() if code in codes_of(content)}
    name = f"{donor.person.given_name} {donor.person.family_name}"
    actions.change_choices(donor=donor, choices=chosen, typed_name=name, by=donor.person.user)
    later(programme)
    work.give_heads()
    found = receipt(donor)
    assert found["meaning"] == "renewal"
    code, said = checked(tmp_path, found)
    assert code == 0, said


def codes_of(content: dict[str, Any]) -> set[str]:
    return {choice["code"] for choice in content["choices"]}


def test_a_receipt_is_checked_by_the_file_alone(programme: Programme, tmp_path: Path) -> None:
    donor = logged(programme)
    later(programme)
    kept = receipt(donor)
    (tmp_path / "r.json").write_text(json.dumps(kept, indent=2, ensure_ascii=False))
    page = Client().get("/log/")
    assert "The public log" in page.content.decode()
    (tmp_path / "verify.py").write_bytes(Client().get("/log/verify.py").content)
    (tmp_path / "key").write_bytes(Client().get("/log/key/").content)
    # -I and -S: no path, no packages, nothing but the standard library.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "r.json", "--key", "key"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("Everything holds.\n")
    assert "Ada" not in json.dumps(kept["log"])


def test_a_receipt_says_so_while_it_waits_to_be_sealed(programme: Programme, tmp_path: Path) -> None:
    donor = make.donor(programme)
    found = receipt(donor)
    assert found["log"] is None
    assert checked(tmp_path, found)[0] == 2
    page = browser(donor).get(f"/receipts/{found['id']}/").content.decode()
    assert "being entered in our public log" in page


LIES: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("text", lambda r: r["form"]["content"].update(title="Something else")),
    ("text with its hash", lambda r: r["form"].update(sha256="0" * 64)),
    ("choices", lambda r: r["choices"]["chosen"].update(commercial_use=False)),
    ("number", lambda r: r.update(id=r["donor"])),
    ("donor", lambda r: r.update(donor=r["id"])),
    ("name", lambda r: r.update(name_commitment="0" * 64)),
    ("meaning", lambda r: r.update(meaning="change")),
    ("event", lambda r: r["log"]["entries"][0]["event"].update(at="2020-01-01T00:00:00+00:00")),
    ("salt", lambda r: r["log"]["entries"][0].update(salt="0" * 64)),
    ("leaf", lambda r: r["log"]["entries"][0]["leaf"].update(index=0)),
    ("leaf hash", lambda r: r["log"]["entries"][0].update(leaf_hash="0" * 64)),
    ("proof", lambda r: r["log"]["entries"][0]["inclusion"].reverse()),
    ("shorter proof", lambda r: r["log"]["entries"][0]["inclusion"].pop()),
    ("growth", lambda r: r["log"]["entries"][0]["newest"]["consistency"].pop()),
    ("head", lambda r: r["log"]["entries"][0]["head"].update(note=r["log"]["entries"][0]["newest"]["head"]["note"])),
    ("key", lambda r: r["log"].update(keys=["x"])),
    ("no entry", lambda r: r["log"].update(entries=[{}])),
]


@pytest.mark.parametrize(("what", "lie"), LIES, ids=[name for name, _ in LIES])
def test_a_receipt_with_a_lie_in_it_does_not_hold(
    programme: Programme, tmp_path: Path, what: str, lie: Callable[[dict[str, Any]], Any]
) -> None:
    later(programme, 3)
    donor = logged(programme)
    later(programme)
    found = receipt(donor)
    assert checked(tmp_path, found)[0] == 0
    lie(found)
    code, said = checked(tmp_path, found)
    assert code == 1, said
    assert "DOES NOT HOLD" in said


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each text and number in a document."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from spots(item, (*path, key))
    elif value is not None:
        yield path


def test_no_bit_of_a_receipts_proof_can_change(programme: Programme, tmp_path: Path) -> None:
    """Every text and number of the log's part, one bit each: at its start, its middle and its end."""
    later(programme, 3)
    donor = logged(programme)
    later(programme)
    found = receipt(donor)
    text, tried = json.dumps(found), 0
    for way in [each for each in spots(found["log"]) if each[-1] != "type" or "leaf" in each]:
        *before, last = way
        for share in (0, 0.5, 0.999):
            changed = json.loads(text)
            place = changed["log"]
            for step in before:
                place = place[step]
            was = place[last]
            at = int(len(was) * share) if isinstance(was, str) else 0
            place[last] = was ^ 1 if isinstance(was, int) else was[:at] + chr(ord(was[at]) ^ 1) + was[at + 1 :]
            code, said = checked(tmp_path, changed)
            assert code == 1, f"{way}: {said}"
            tried += 1
    assert tried > 60


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_in_a_file_the_program_ends_with_a_verdict(tmp_path: Path, data: st.DataObject) -> None:
    scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("0" * 64)
    anything = st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5)
    )
    document = data.draw(st.dictionaries(KEYS, anything, max_size=6)) | {"type": "consent receipt"}
    entry = data.draw(st.dictionaries(KEYS, anything, max_size=6))
    document["log"] = data.draw(st.sampled_from([{"keys": [], "entries": [entry]}, data.draw(anything)]))
    assert checked(tmp_path, document)[0] in (1, 2)


def test_an_older_receipt_is_compared_with_a_newer_one(programme: Programme, tmp_path: Path) -> None:
    donor = logged(programme)
    (tmp_path / "old.json").write_text(json.dumps(receipt(donor)))
    later(programme)
    new = receipt(donor)
    code, said = checked(tmp_path, new, "--earlier", str(tmp_path / "old.json"))
    assert code == 0, said
    assert "is still in it" in said
    head = Client().get("/log/head/").json()
    later(programme)
    (tmp_path / "head.json").write_text(json.dumps(head))
    code, said = checked(tmp_path, receipt(logged(programme)), "--earlier", str(tmp_path / "head.json"))
    assert code == 2, said
    address = said[said.index("/log/consistency/") :].split(",")[0]
    (tmp_path / "proof.json").write_bytes(Client().get(address).content)
    more = ["--earlier", str(tmp_path / "head.json"), "--proof", str(tmp_path / "proof.json")]
    newest = json.loads((tmp_path / "receipt.json").read_text())
    code, said = checked(tmp_path, newest, *more)
    assert code == 0, said


def forge(programme: Programme) -> None:
    """The whole log written anew, heads and all, as whoever owns database and key can; one event says another thing."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_signedhead")
        cursor.execute("DELETE FROM audit_tile")
        cursor.execute("DELETE FROM audit_chainhead")
        cursor.execute("UPDATE audit_event SET sequence = NULL, leaf = NULL, digest = ''")
        cursor.execute("UPDATE audit_event SET data = %s WHERE verb = 'programme.opened'", ['{"forged":true}'])
    while seal():
        pass


def test_a_fork_is_found_by_whoever_kept_a_head(programme: Programme, tmp_path: Path) -> None:
    donor = logged(programme)
    later(programme)
    (tmp_path / "old.json").write_text(json.dumps(receipt(donor)))
    forge(programme)
    page = browser(donor).get("/my-choices/").content.decode()
    assert "Our public log no longer fits your receipt" in page
    assert LogAlarm.objects.filter(code="fork", cleared_at=None).count() == 1
    new = receipt(logged(programme))
    old = json.loads((tmp_path / "old.json").read_text())["log"]["entries"][0]["newest"]["head"]
    size = new["log"]["entries"][0]["newest"]["head"]["size"]
    proof = Client().get(f"/log/consistency/?first={old['size']}&second={size}").json()
    (tmp_path / "head.json").write_text(json.dumps(old))
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    more = ["--earlier", str(tmp_path / "head.json"), "--proof", str(tmp_path / "proof.json")]
    code, said = checked(tmp_path, new, *more)
    assert code == 1, said
    assert "forked" in said


def test_a_visit_says_that_the_log_still_holds_everything(programme: Programme) -> None:
    donor = logged(programme)
    later(programme, 300)
    for address in ("/my-choices/", f"/receipts/{Signature.objects.get(donor=donor).pk}/"):
        page = browser(donor).get(address).content.decode()
        assert "still contains everything it did when you signed" in page
        assert "no longer fits" not in page
    assert not LogAlarm.objects.exists()


def test_an_edited_event_is_found_by_its_donors_visit_and_stewards_are_told(programme: Programme) -> None:
    donor, steward = logged(programme), core.user(programme, Role.STEWARD)
    later(programme)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET actor = 'user:other' WHERE verb = 'consent.signed'")
    page = browser(donor).get("/my-choices/").content.decode()
    assert "Our public log no longer fits your receipt" in page
    staff = Client()
    staff.force_login(steward)
    assert "A receipt that a donor holds does not fit the log" in staff.get("/inbox/").content.decode()
    assert "The log does not hold" in staff.get("/audit/").content.decode()
    cache.clear()
    work.look_at_receipts()
    work.look_at_receipts()
    assert Notice.objects.filter(user=steward, title="The public log does not hold").count() == 1


def test_stewards_learn_of_it_without_any_visit(programme: Programme) -> None:
    logged(programme)
    steward = core.user(programme, Role.STEWARD)
    cache.clear()
    work.look_at_receipts()
    assert not LogAlarm.objects.exists()
    forge(programme)
    work.look_at_receipts()
    assert Notice.objects.filter(user=steward).count() == 1


def test_a_withdrawal_has_a_record_before_and_after_erasure(
    programme: Programme, tmp_path: Path, drain: Callable[[], int]
) -> None:
    donor = logged(programme)
    kept, person = receipt(donor), donor.person.user
    withdrawal = actions.withdraw(donor=donor, kind="erase", by=person)
    drain()
    drain()
    assert Withdrawal.objects.get().state == "complete"
    address = f"/withdrawals/{withdrawal.pk}/?key={withdrawal_key(withdrawal.pk)}"
    assert "still contains everything it did when you withdrew" in Client().get(address).content.decode()
    found = Client().get(f"{address}&format=json").json()
    assert len(found["log"]["entries"]) == 2
    code, said = checked(tmp_path, found)
    assert code == 0, said
    found["kind"] = "no_further_use"
    assert checked(tmp_path, found)[0] == 1
    # The receipt that the donor kept still proves what it proved; the registry can no longer tell whose entry it is.
    assert checked(tmp_path, kept)[0] == 0
    about = Event.objects.filter(subject_id=donor.pk).exclude(verb__in=["consent.withdrawn", "person.erased"])
    assert {bytes(event.salt) for event in about} == {b""}
    later(programme)
    assert all(bytes(event.commitment) for event in about), "the leaf stays"
    call_command("verify_audit", stdout=io.StringIO())


def test_watchers_get_no_record(programme: Programme) -> None:
    donor, steward = logged(programme), core.user(programme, Role.STEWARD)
    withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    staff = Client()
    staff.force_login(steward)
    answer = staff.get(f"/withdrawals/{withdrawal.pk}/?format=json")
    assert answer["Content-Type"].startswith("text/html")
    assert str(donor.pk) not in answer.content.decode()
