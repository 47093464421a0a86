"""No lie in a receipt holds, whatever is changed in it, and the program ends with a verdict on any file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.models import Programme
from tests.integration.consent.logged import checked, later, logged, receipt

pytestmark = pytest.mark.django_db
WORDS = ("log entries keys head newest note leaf event salt", "inclusion consistency form choices type index chain")
KEYS = st.sampled_from(" ".join(WORDS).split())
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
