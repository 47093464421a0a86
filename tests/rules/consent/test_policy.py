"""The policy as a table of some two hundred questions, put to the matcher as the command line would put them."""

import json
from pathlib import Path
from typing import Any

import pytest

from consent.rules.lines import answers

DISEASES = {
    "C": "MONDO:0004992",
    "L": "MONDO:0008903",
    "B": "MONDO:0007254",
    "D": "MONDO:0005015",
    "T": "MONDO:0005148",
}
TABLE = (Path(__file__).parent / "policy.txt").read_text()
ROWS = [line for line in TABLE.splitlines() if line and not line.startswith("#")]


def terms_of(text: str) -> dict[str, Any]:
    return {"alternatives": [] if text == "-" else [alternative_of(part) for part in text.split(" or ")]}


def alternative_of(text: str) -> dict[str, Any]:
    first, *rest = text.split()
    permission, _, named = first.rstrip(")").partition("(")
    return {
        "permission": permission,
        "diseases": diseases_of(named),
        "modifiers": [{"code": code, "value": value_of(code, value)} for code, _, value in map(parts_of, rest)],
    }


def parts_of(word: str) -> tuple[str, str, str]:
    return word.partition("=")


def diseases_of(text: str) -> list[str]:
    return [DISEASES.get(name, name) for name in text.split(",") if name]


def value_of(code: str, text: str) -> object:
    if not text:
        return None
    return text.split(",") if code in ("GS", "US", "IS", "PS") else int(text) if text.isdigit() else text


def use_of(text: str) -> dict[str, Any]:
    use: dict[str, Any] = {}
    for key, is_value, value in map(parts_of, text.split()):
        if key == "d":
            use["diseases"] = diseases_of(value)
        elif is_value:
            use[key] = value.split(",") if key in ("countries", "users") else value
        else:
            use[key.removeprefix("!")] = not key.startswith("!")
    return use


@pytest.mark.parametrize("row", ROWS)
def test_the_policy(row: str) -> None:
    terms, use, expected = (part.strip() for part in row.split("|"))
    [(text, readable)] = answers([json.dumps({"terms": terms_of(terms), "use": use_of(use)}).encode()])
    verdict = json.loads(text)
    assert readable, verdict
    assert [verdict["outcome"], *sorted({reason["code"] for reason in verdict["reasons"]})] == expected.split()


def test_the_table_is_as_long_as_it_says_and_has_no_row_twice() -> None:
    assert len(ROWS) == len(set(ROWS)) >= 200
