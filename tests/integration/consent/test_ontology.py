"""Loading diseases: all of them or none, in use at once in every answer, and named in the version beside a verdict."""

import gzip
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from consent import actions, queries
from consent.models import Disease, Ontology, UseVerdict
from consent.queries import diseases
from consent.rules.diseases import BUILT_IN
from consent.rules.edition import RULES_VERSION
from consent.rules.grammar import parse
from consent.rules.use import Use
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.actors import SystemActor
from core.audit.models import Event
from tests.factories import consent as make
from tests.factories import core, registry

pytestmark = pytest.mark.django_db
CANCER, RARE = "MONDO:0004992", "MONDO:7000001"
SMALL = f"# MONDO, a part of it (CC BY 4.0)\n{RARE}\ta rare cancer\t{CANCER} MONDO:7000002\n{CANCER}\tcancer\t\n"


def load(folder: Path, text: str, name: str = "some.tsv.gz") -> str:
    path, said = folder / name, io.StringIO()
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    call_command("load_ontology", path, stdout=said)
    return said.getvalue()


def test_what_was_loaded_counts_at_once_and_is_named_beside_the_verdict(programme: Programme, tmp_path: Path) -> None:
    make.donor(programme, general_research=False, health_research=False)  # cancer only
    use = Use(diseases=(RARE,))
    assert not queries.permitted(use, programme_id=programme.pk).exists()
    said = load(tmp_path, SMALL)
    assert "2 diseases are in use: MONDO, a part of it (CC BY 4.0)" in said
    assert "1 ids above them have no line of their own, such as MONDO:7000002." in said
    assert queries.permitted(use, programme_id=programme.pk).count() == 1
    actions.record_verdicts(question=use, programme_id=programme.pk, by=SystemActor("test"))
    version = UseVerdict.objects.get().rules_version
    assert version == f"{RULES_VERSION}+{Ontology.objects.get().digest[:16]}"
    assert len(version) <= 80


def test_loading_again_changes_nothing_and_another_takes_its_place(db: None, tmp_path: Path) -> None:
    assert diseases() is BUILT_IN
    load(tmp_path, SMALL)
    assert "in use already" in load(tmp_path, SMALL, "some.tsv")
    assert (
        Ontology.objects.count(),
        Disease.objects.count(),
        Event.objects.filter(verb="ontology.loaded").count(),
    ) == (
        1,
        2,
        1,
    )
    load(tmp_path, f"{CANCER}\tcancer\n")
    assert (Ontology.objects.count(), Disease.objects.count()) == (2, 1)
    assert diseases().label(RARE) == RARE


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bad.tsv", b"MONDO:1\ta\nMONDO:1\tb\n", "Line 2 names MONDO:1"),
        ("bad.tsv", b"\xff\xfe", "must be UTF-8"),
        ("bad.tsv.gz", b"not gzip", "must be UTF-8, or that in gzip"),
        ("bad.tsv.gz", gzip.compress(b"MONDO:1\ta\n", mtime=0)[:-9], "must be UTF-8, or that in gzip"),
        ("bad.tsv", b"", "names no disease"),
    ],
    ids=["named twice", "not UTF-8", "not gzip", "cut off", "empty"],
)
def test_a_bad_file_changes_nothing(db: None, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    load(tmp_path, SMALL)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=says):
        call_command("load_ontology", tmp_path / name)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_ontology", tmp_path / "nothing.tsv")
    assert Disease.objects.count() == 2


def test_the_command_line_knows_what_was_loaded(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, SMALL)
    line = {"terms": {"alternatives": [{"permission": "DS", "diseases": [CANCER]}]}, "use": {"diseases": [RARE]}}
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(line).encode())))
    call_command("match_consent")
    assert json.loads(capsys.readouterr().out)["outcome"] == "PERMIT"


def test_a_donor_reads_the_name_of_a_disease_that_was_loaded(programme: Programme, tmp_path: Path) -> None:
    from consent.models import CurrentConsent

    donor = make.donor(programme)
    row = actions.signing.terms_row(parse({"alternatives": [{"permission": "DS", "diseases": [RARE]}]}))
    CurrentConsent.objects.filter(donor=donor).update(terms=row)
    load(tmp_path, SMALL)
    assert "research into a rare cancer" in queries.consent_sentences(donor.pk)[0]


def test_a_researcher_may_name_what_was_loaded_and_nothing_else(programme: Programme, tmp_path: Path) -> None:
    registry.images(make.donor(programme), 1)
    version = registry.version(registry.dataset(programme))
    client = Client()
    client.force_login(core.user(programme, Role.RESEARCHER))
    page = f"/versions/{version.pk}/request/"
    assert "Other diseases" not in client.get(page).content.decode()
    load(tmp_path, SMALL)
    asked = {**registry.ANSWERS, "title": "A rare cancer", "aim": "To find it.", "institution": "Leeds"}
    asked |= {"area": "diseases", "countries": "GB", "more_diseases": f"{RARE}, MONDO:1", "sensitive": "none"}
    asked = {key: {True: "yes", False: "no"}.get(value, value) for key, value in asked.items() if key != "diseases"}
    assert "Write ids that MONDO has" in client.post(page, asked).content.decode()
    made = client.post(page, asked | {"more_diseases": RARE})
    assert "a rare cancer" in client.get(made["Location"]).content.decode()
