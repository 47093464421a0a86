"""Receipts are checked offline against the public log, against older ones, and a fork is found."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from consent import actions, work
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from core.accounts.models import Programme
from core.audit import verify
from core.audit.models import LogAlarm
from tests.factories import consent as make
from tests.integration.consent.logged import browser, checked, forge, later, logged, receipt

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    "place", ["terms", "signed_at", "programme", "language", "form.version", "meaning", "donor", "name_commitment"]
)
def test_nothing_that_a_receipt_shows_can_be_changed(programme: Programme, tmp_path: Path, place: str) -> None:
    found = receipt(logged(programme))
    assert checked(tmp_path, found)[0] == 0
    *way, last = place.split(".")
    part = found
    for name in way:
        part = part[name]
    others = {"terms": None, "signed_at": found["signed_at"].replace(".", ".9")[:26] + "+00:00", "form.version": 7}
    if place == "terms":
        part["terms"]["alternatives"] = part["terms"]["alternatives"][:-1]
    else:
        part[last] = others.get(place, "other" if place != "meaning" else "change")
    code, said = checked(tmp_path, found)
    assert code == 1, said


def test_an_entry_of_an_older_registry_leaves_its_circumstances_unchecked() -> None:
    at = "2026-01-01T10:00:01.000000+00:00"
    shown = {"signed_at": "2026-01-01T10:00:00.5+00:00".replace(".5", ".500000"), "programme": "lungs"}
    with pytest.raises(verify.Unknown, match="the language"):
        verify.check_circumstances(shown, at, {"programme": "lungs"})
    with pytest.raises(verify.Broken, match="time"):
        verify.check_circumstances(shown | {"signed_at": "2025-01-01T10:00:00+00:00"}, at, {"programme": "lungs"})


def test_a_receipt_says_so_while_it_waits_to_be_sealed(programme: Programme, tmp_path: Path) -> None:
    donor = make.donor(programme)
    found = receipt(donor)
    assert found["log"] is None
    assert checked(tmp_path, found)[0] == 2
    page = browser(donor).get(f"/receipts/{found['id']}/").content.decode()
    assert "being entered in our public log" in page


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
