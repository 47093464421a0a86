"""The sealer goes on from the head that was signed last, and from nothing else."""

import pytest
from django.db import connection, transaction

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit.models import SignedHead
from core.audit.record import record
from core.audit.tree import LogTorn
from core.audit.work import seal
from tests.ground.guards import unguarded

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit_signedhead SET note = replace(note, 'log', 'gol')", "signature"),
        ("UPDATE audit_signedhead SET root = replace(root, substr(root, 1, 1), 'x')", "columns"),
        ("UPDATE audit_signedhead SET size = size - 1", "columns"),
        ("DELETE FROM audit_signedhead", "no head"),
        ("UPDATE audit_chainhead SET sequence = 0", "shorter"),
    ],
)
def test_the_sealer_goes_on_from_nothing_but_what_was_signed(programme: Programme, statement: str, why: str) -> None:
    while seal():
        pass
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement)
    record("test.later", programme, by=SystemActor("test"))
    before = list(SignedHead.objects.values_list("size", "root", "note"))
    with pytest.raises(LogTorn, match=why), transaction.atomic():
        seal()
    assert list(SignedHead.objects.values_list("size", "root", "note")) == before
