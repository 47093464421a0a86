"""Receipts with their place in the public log, and the program that checks them."""

import io
import json
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from consent import work
from consent.models import Donor
from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit import verify
from core.audit.record import record
from core.audit.work import seal
from tests.factories import consent as make
from tests.ground.guards import unguarded
from tests.integration.consent.browsing import signed_in


def logged(programme: Programme, **answers: Any) -> Donor:
    donor = make.donor(programme, **answers)
    while seal():
        pass
    work.give_heads()
    return donor


def browser(donor: Donor) -> Client:
    """The donor's own."""
    return signed_in(donor.person.user)


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


def forge(programme: Programme) -> None:
    """The whole log written anew, heads and all, as whoever owns database and key can; one event says another thing."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_signedhead")
        cursor.execute("DELETE FROM audit_logkey")
        cursor.execute("DELETE FROM audit_tile")
        cursor.execute("DELETE FROM audit_chainhead")
        cursor.execute("UPDATE audit_event SET sequence = NULL, leaf = NULL, digest = ''")
        cursor.execute("UPDATE audit_event SET data = %s WHERE verb = 'programme.opened'", ['{"forged":true}'])
    while seal():
        pass
