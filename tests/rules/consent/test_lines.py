"""JSON lines in, JSON lines out: each line has its answer, a bad one its sentence."""

import io
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from consent.management.commands.match_consent import Command
from consent.rules.lines import answers

HMB = {"alternatives": [{"permission": "HMB"}]}
LUNG = {"alternatives": [{"permission": "DS", "diseases": ["DOID:162"]}]}


def answer(line: bytes | dict[str, Any]) -> tuple[dict[str, Any], bool]:
    raw = line if isinstance(line, bytes) else json.dumps(line).encode()
    [(text, readable)] = answers([raw])
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found, readable


def test_a_verdict_has_exactly_three_parts() -> None:
    found, readable = answer({"terms": HMB, "use": {"hmb": True}})
    assert readable
    assert set(found) == {"outcome", "reasons", "obligations"}
    assert found["outcome"] == "PERMIT"


@pytest.mark.parametrize("terms", [None, {}, {"alternatives": []}, {"alternatives": None}])
def test_no_terms_are_denied(terms: Any) -> None:
    assert answer({"terms": terms, "use": {"hmb": True}})[0]["outcome"] == "DENY"


@pytest.mark.parametrize(
    ("ancestors", "outcome"),
    [
        (None, "DENY"),
        ({}, "DENY"),
        ({"DOID:10155": ["DOID:162"]}, "PERMIT"),
        ({"DOID:10155": ["DOID:1"], "DOID:1": ["DOID:162"]}, "PERMIT"),
        ({"DOID:162": ["DOID:10155"]}, "DENY"),
        ({"DOID:10155": ["DOID:1"], "DOID:1": ["DOID:10155"]}, "DENY"),
    ],
)
def test_a_line_may_bring_its_own_ancestors(ancestors: Any, outcome: str) -> None:
    line = {"terms": LUNG, "use": {"diseases": ["DOID:10155"]}, "ancestors": ancestors}
    assert answer(line)[0]["outcome"] == outcome


def test_ancestors_brought_replace_what_was_built_in() -> None:
    terms = {"alternatives": [{"permission": "DS", "diseases": ["MONDO:0004992"]}]}
    line = {"terms": terms, "use": {"diseases": ["MONDO:0008903"]}}
    assert answer(line)[0]["outcome"] == "PERMIT"
    assert answer({**line, "ancestors": {"MONDO:0008903": []}})[0]["outcome"] == "DENY"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "must be an object"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{}", "no 'terms'"),
        (b'{"terms": {}}', "no 'use'"),
        (b'{"terms": {}, "use": {}, "user": 1}', "unknown key: 'user'"),
        (b'{"terms": {}, "use": {"hmb": true, "hmb": false}}', "twice"),
        (b'{"terms": {}, "use": {"hmb": NaN}}', "NaN"),
        (b'{"terms": {}, "use": {"speed": 1}}', "unknown key: 'speed'"),
        (b'{"terms": {}, "use": {}, "ancestors": []}', "'ancestors' must be"),
        (b'{"terms": {}, "use": {}, "ancestors": {"A:1": "A:2"}}', "must be a list"),
        (b"[" * 200_000, "nested"),
        (b'{"terms": ' + b"9" * 5000 + b"}", "number"),
        (b'{"a":' * 100_000, "nested"),
        (b'{"terms": ' + b"[" * 400 + b"]" * 400 + b', "use": {}}', "must be an object"),
        (b" \t\r\n", "not JSON"),
        (b"null", "must be an object"),
        (b'{"terms": {}, "use": {}} {}', "not JSON"),
        (b'{"terms": {}, "use": {},}', "not JSON"),
        (b"{'terms': {}, 'use': {}}", "not JSON"),
        ('{"terms": {}, "use": {}}'.encode("utf-16"), "not UTF-8"),
        (b'{"terms": {}, "use": {"institution": "\xe9"}}', "not UTF-8"),
        (b'{"terms": {}, "use": {"institution": "\\ud800"}}', "not valid Unicode"),
        (b'{"terms": {}, "use": {"institution": "a\\u0000"}}', "not valid Unicode"),
        (b'{"terms": {}, "use": {"hmb": 1e999}}', "true or false"),
        (b'{"terms": {}, "use": {"hmb": -Infinity}}', "-Infinity"),
        (b'{"terms": {}, "use": {"hmb": 0}}', "true or false"),
        (b'{"terms": {}, "use": {"hmb": "true"}}', "true or false"),
        (b'{"terms": {}, "use": {"hmb": []}}', "true or false"),
        (b'{"terms": {}, "use": {"diseases": "MONDO:0004992"}}', "must be a list"),
        (b'{"terms": {}, "use": {"diseases": [null]}}', "empty entry"),
        (b'{"terms": {}, "use": {"users": [1]}}', "must be text"),
        (b'{"terms": {}, "use": {"date": "2026-02-29"}}', "must be a date"),
        (b'{"terms": {}, "use": {"date": 20260131}}', "must be text"),
        (b'{"terms": {}, "use": {"org": "Nonprofit"}}', "nonprofit or forprofit"),
        (b'{"terms": {}, "use": null}', "'use' must be an object"),
        (b'{"terms": [], "use": {}}', "'terms' must be an object"),
        (
            b'{"terms": {"alternatives": [{"permission": "GRU", "modifiers": [{"code": "NCU", "code": "IRB"}]}]}, '
            b'"use": {}}',
            "twice",
        ),
        (
            b'{"terms": {"alternatives": [{"permission": "GRU", "modifiers": [{"code": "TS", "value": 1e300}]}]}, '
            b'"use": {}}',
            "between 1 and 1200",
        ),
        (
            b'{"terms": {"alternatives": [{"permission": "GRU", "modifiers": [{"code": "TS", "value": 1.5}]}]}, '
            b'"use": {}}',
            "must be text",
        ),
        (b'{"terms": {}, "use": {}, "ancestors": {"lung": []}}', "ids such as"),
        (b'{"terms": {}, "use": {}, "ancestors": {"A:1": [["A:2"]]}}', "must be text"),
    ],
)
def test_a_bad_line_has_a_sentence(line: bytes, says: str) -> None:
    found, readable = answer(line)
    assert not readable
    assert set(found) == {"error"}
    assert says in found["error"]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        (b'\xef\xbb\xbf{"terms": {"alternatives": [{"permission": "GRU"}]}, "use": {"hmb": true}}\r\n', "PERMIT"),
        (b'  {"use": {"hmb": true}, "terms": {"alternatives": [{"permission": "DUO:0000042"}]}}', "PERMIT"),
        (b'{"terms": {"alternatives": [{"permission": "GRU", "modifiers": [{"code": "TS", "value": 12.0}]}]}, '
         b'"use": {"hmb": true}}', "CONDITIONAL"),
        (b'{"terms": {"alternatives": [{"permission": "GRU"}]}, "use": {"hmb": true}, "ancestors": null}', "PERMIT"),
        (b'{"terms": {"alternatives": [{"permission": "GRU", "diseases": null, "modifiers": null}]}, '
         b'"use": {"hmb": true, "diseases": [], "users": null}}', "PERMIT"),
    ],
)  # fmt: skip
def test_what_can_be_read_however_it_is_written(line: bytes, outcome: str) -> None:
    found, readable = answer(line)
    assert readable
    assert found["outcome"] == outcome


@given(st.lists(st.binary(max_size=40) | st.text(max_size=40).map(str.encode), max_size=4))
def test_every_line_has_one_answer(lines: list[bytes]) -> None:
    assert len(list(answers(lines))) == len(lines)


def run(monkeypatch: pytest.MonkeyPatch, given_lines: bytes, printed: io.StringIO) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given_lines)))
    Command(stdout=printed).handle()


@pytest.mark.django_db
def test_the_command_prints_one_line_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    line, printed = json.dumps({"terms": HMB, "use": {"general": True}}).encode(), io.StringIO()
    run(monkeypatch, line + b"\r\n" + line, printed)
    assert [json.loads(text)["outcome"] for text in printed.getvalue().splitlines()] == ["DENY", "DENY"]


@pytest.mark.django_db
def test_the_command_ends_with_an_error_after_answering_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line, printed = json.dumps({"terms": HMB, "use": {"hmb": True}}).encode(), io.StringIO()
    with pytest.raises(CommandError, match="1 of 2 lines") as caught:
        run(monkeypatch, b"oops\n" + line + b"\n", printed)
    assert caught.value.returncode == 1
    found = [set(json.loads(text)) for text in printed.getvalue().splitlines()]
    assert found == [{"error"}, {"outcome", "reasons", "obligations"}]
