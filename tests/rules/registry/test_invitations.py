"""Codes on paper: what is printed is read back, however it is typed; and what none can be is none."""

import pytest

from registry.rules.invitations import GROUP, LENGTH, LETTERS, new_code, printed, read_code


def test_a_code_has_a_hundred_bits_and_no_letter_that_is_mistaken() -> None:
    assert len(LETTERS) == len(set(LETTERS)) == 32
    assert LENGTH * 5 == 100
    assert not set("ILOU") & set(LETTERS)
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == LENGTH and set(code) <= set(LETTERS) for code in codes)


def test_what_is_printed_is_read_back() -> None:
    code = new_code()
    assert printed(code).count("-") == LENGTH // GROUP - 1
    for typed in (printed(code), code, printed(code).lower(), printed(code).replace("-", " "), f"  {printed(code)}\n"):
        assert read_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("OOOO-IIII-LLLL-0000-1111", "00001111111100001111"),
        ("oooo‐iiii–llll—0000−1111", "00001111111100001111"),
        ("ＡＢＣＤ-EFGH-JKMN-PQRS-TVWX", "ABCDEFGHJKMNPQRSTVWX"),
    ],
)
def test_what_is_mistaken_is_understood(typed: str, meant: str) -> None:
    assert read_code(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "ABCD-EFGH-JKMN-PQRS-TVW",
        "ABCD-EFGH-JKMN-PQRS-TVWXY",
        "ABCD-EFGH-JKMN-PQRS-TVWU",
        "ABCD-EFGH-JKMN-PQRS-TVW'",
        "ΑBCD-EFGH-JKMN-PQRS-TVWX",  # a Greek letter
        "٠BCD-EFGH-JKMN-PQRS-TVWX",
        "\0" * 20,
        pytest.param("A" * 10_000, id="long"),
    ],
)
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert read_code(typed) == ""
