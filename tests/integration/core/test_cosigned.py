"""Witnesses' signatures of heads: checked when they come, shown with name and time, checked by verify.py too."""

import base64
import io
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from config.env import Environment
from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit import queries, verify, witnesses
from core.audit.models import SignedHead, Witness
from core.audit.record import record
from core.audit.work import seal
from core.merkle import cosignature, note
from tests.integration.consent.logged import logged, receipt

pytestmark = pytest.mark.django_db
AT, ADDRESS = 1_790_000_000, "https://witness.example/add-checkpoint"
NAME = "witness.example/w1"
KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (7, 8))


def public(key: Ed25519PrivateKey = KEY) -> str:
    return note.public_text(NAME, key.public_key().public_bytes_raw(), cosignature.KIND)


def line(text: str, key: Ed25519PrivateKey = KEY, at: int = AT, signed_at: int = AT) -> str:
    """What the witness answers to a head: its signature of it."""
    head, raw = note.parse(text)[0], key.public_key().public_bytes_raw()
    signature = key.sign(cosignature.message(head, signed_at))
    blob = note.key_id(NAME, raw, cosignature.KIND) + at.to_bytes(8, "big") + signature
    return f"\u2014 {NAME} {base64.b64encode(blob).decode()}\n"


@pytest.fixture
def head(programme: Programme) -> SignedHead:
    record("test.done", programme, by=SystemActor("test"))
    while seal():
        pass
    found = SignedHead.objects.first()
    assert found is not None
    return found


def answered(monkeypatch: pytest.MonkeyPatch, text: str, *keys: str) -> Witness:
    """What is kept once a witness has answered so; WitnessError is passed on."""
    monkeypatch.setattr(witnesses, "_post", lambda *asked: (200, text))
    with override_settings(LOG_WITNESSES=[ADDRESS], LOG_WITNESS_KEYS=list(keys)):
        witnesses.push(witnesses.known()[0].pk)
    return Witness.objects.get()


def test_a_signature_is_kept_and_shown_with_name_and_time(head: SignedHead, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(monkeypatch, line(head.note), public()).cosigned == line(head.note)
    with override_settings(LOG_WITNESS_KEYS=[public()]):
        [(found, seen)] = queries.witnessed()
        page = Client().get("/log/").content.decode()
        told = Client().get(f"/log/head/{head.size}/").json()
        assert Client().get("/log/checkpoint").content.decode() == told["note"]
    assert (found, seen.name, seen.at.timestamp()) == (head, NAME, AT)
    assert NAME in page
    assert "2026" in page
    assert told["note"] == head.note + line(head.note)
    assert note.check(told["note"], queries.published_keys()).size == head.size
    with override_settings(LOG_WITNESS_KEYS=[public(OTHER)]):
        assert queries.witnessed() == []
        assert NAME not in Client().get("/log/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"signed_at": AT + 1}, "cosignature_is_wrong"),
        ({"key": OTHER}, "cosigned_by_an_unknown_key"),
        ({"at": 2**63, "signed_at": 2**63}, "cosignature_is_wrong"),
    ],
)
def test_a_signature_that_does_not_verify_is_refused(
    head: SignedHead, monkeypatch: pytest.MonkeyPatch, wrong: dict, code: str
) -> None:
    with pytest.raises(witnesses.WitnessError, match=code):
        answered(monkeypatch, line(head.note, **wrong), public())
    witness = Witness.objects.get()
    assert (witness.cosigned, witness.size, witness.last_error) == ("", 0, code)


def test_a_signature_of_another_head_is_refused(head: SignedHead, monkeypatch: pytest.MonkeyPatch) -> None:
    other = note.sign(note.Head("elsewhere/log", head.size, bytes(32)), KEY)
    with pytest.raises(witnesses.WitnessError, match="cosignature_is_wrong"):
        answered(monkeypatch, line(other), public())


def test_who_signs_nothing_has_still_seen_the_head(head: SignedHead, monkeypatch: pytest.MonkeyPatch) -> None:
    witness = answered(monkeypatch, "", public())
    assert (witness.size, witness.cosigned) == (head.size, "")


def test_a_head_whose_answer_was_lost_is_sent_once_more(head: SignedHead, monkeypatch: pytest.MonkeyPatch) -> None:
    """The witness says how far it has seen, and signs only what it is sent."""
    answers = iter([(500, ""), (409, str(head.size)), (200, line(head.note))])
    monkeypatch.setattr(witnesses, "_post", lambda *asked: next(answers))
    with override_settings(LOG_WITNESSES=[ADDRESS], LOG_WITNESS_KEYS=[public()]):
        witness = witnesses.known()[0]
        with pytest.raises(witnesses.WitnessError, match="http_500"):
            witnesses.push(witness.pk)
        assert witnesses.push(witness.pk) is not None
        assert witnesses.behind() == [witness.pk]
        assert witnesses.push(witness.pk) is None
        assert (witnesses.behind(), witnesses.failing()) == ([], [])
        assert [seen.name for seen in witnesses.cosignatures(head)] == [NAME]


def test_verify_checks_a_witness(programme: Programme, tmp_path: Path) -> None:
    kept = receipt(logged(programme))
    (tmp_path / "r.json").write_text(json.dumps(kept))
    signed = kept["log"]["entries"][0]["head"]["note"]

    def says(text: str, key: str) -> tuple[int, str]:
        (tmp_path / "head").write_text(text)
        out, asked = io.StringIO(), [str(tmp_path / "r.json"), "--earlier", str(tmp_path / "head"), "--witness", key]
        return verify.main(asked, out), out.getvalue()

    code, said = says(signed + line(signed), public())
    assert code == 0, said
    assert f"seen by the witness {NAME} (2026-09-21T" in said
    code, said = says(signed + line(signed, signed_at=AT + 1), public())
    assert code == 1, said
    assert "is not its own" in said
    assert says(signed + line(signed, key=OTHER), public())[0] == 2
    assert says(signed, public())[0] == 2


def test_a_key_that_is_none_stops_the_start() -> None:
    name = "DONARA_LOG_WITNESS_KEYS"
    assert Environment({name: f"{public()},{public(OTHER)}"}).witness_keys(name) == [public(), public(OTHER)]
    for wrong in ("nonsense", note.public_text(NAME, KEY.public_key().public_bytes_raw())):
        with pytest.raises(ImproperlyConfigured, match="NAME"):
            Environment({name: wrong}).witness_keys(name)
