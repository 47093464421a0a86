"""Consent terms: read strictly, one normal form, one digest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.terms import Alternative, Modifier, Terms, TermsError, canonical, digest, parse
from consent.rules.vocabulary import DUO, LOCAL, LOCAL_BASE, TERMS, code_of


def one(**option: Any) -> dict[str, Any]:
    return {"alternatives": [option]}


def test_codes_ids_and_addresses_are_the_same_term() -> None:
    short = parse(one(permission="HMB", modifiers=[{"code": "NCU"}, {"code": "NTRAIN"}]))
    modifiers = [{"code": f"{LOCAL_BASE}NTRAIN"}, {"code": "DUO:0000046"}]
    long = parse(one(permission="http://purl.obolibrary.org/obo/DUO_0000006", diseases=[], modifiers=modifiers))
    assert short == long == Terms((Alternative("HMB", (), (Modifier("NCU"), Modifier("NTRAIN"))),))
    assert digest(short) == digest(long)


def test_the_normal_form_and_its_digest_stay_as_they_are() -> None:
    terms = parse(
        one(permission="DS", diseases=["MONDO:2", "MONDO:1"], modifiers=[{"code": "GS", "value": ["gb", "FR"]}])
    )
    expected = (
        '{"alternatives":[{"diseases":["MONDO:1","MONDO:2"],'
        '"modifiers":[{"code":"GS","value":["FR","GB"]}],"permission":"DS"}]}'
    )
    assert canonical(terms) == expected
    assert digest(terms) == "733d919ef9d5fdb9f014a957097aa1071b08d09bdf6ae318e47ec6e839a5a8e2"


@pytest.mark.parametrize(
    ("code", "written", "kept"),
    [
        ("TS", "12 months", 12),
        ("TS", "12", 12),
        ("MOR", " 2026-01-31 ", "2026-01-31"),
        ("IRB", True, None),
        ("NCU", True, None),
        ("NCU", "", None),
        ("COL", "with the clinic", "with the clinic"),
        ("GS", [], None),
        ("GS", "gb", ("GB",)),
        ("IS", ["b", "a", "b"], ("a", "b")),
    ],
)
def test_a_value_has_one_form(code: str, written: Any, kept: Any) -> None:
    terms = parse(one(permission="GRU", modifiers=[{"code": code, "value": written}]))
    assert terms.alternatives[0].modifiers == (Modifier(code, kept),)
    assert parse(terms.as_json()) == terms


def test_different_terms_have_different_digests() -> None:
    written = [
        {"alternatives": []},
        one(permission="GRU"),
        one(permission="HMB"),
        one(permission="HMB", modifiers=[{"code": "TS", "value": 1}]),
        one(permission="HMB", modifiers=[{"code": "TS", "value": 2}]),
        {"alternatives": [{"permission": "GRU"}, {"permission": "HMB"}]},
    ]
    assert len({digest(parse(obj)) for obj in written}) == len(written)


@pytest.mark.parametrize(
    ("obj", "says"),
    [
        (None, "must be an object"),
        ([], "must be an object"),
        ({"alternative": []}, "unknown key: 'alternative'"),
        ({"alternatives": {}}, "must be a list"),
        ({"alternatives": ["GRU"]}, "must be an object"),
        (one(), "must have a code"),
        (one(permission=4), "must be text"),
        (one(permission="NCU"), "is not the code of a permission"),
        (one(permission="gru"), "is not the code of a permission"),
        (one(permission="GRU", note=""), "unknown key: 'note'"),
        (one(permission="GRU", diseases=["MONDO:1"]), "Only the permission DS"),
        (one(permission="DS", diseases="MONDO:1"), "must be a list"),
        (one(permission="DS", diseases=["cancer"]), "ids such as"),
        (one(permission="DS", diseases=[""]), "empty entry"),
        (one(permission="GRU", modifiers=["NCU"]), "must be an object"),
        (one(permission="GRU", modifiers=[{"code": "HMB"}]), "is not the code of a modifier"),
        (one(permission="GRU", modifiers=[{"code": "NCU", "value": False}]), "takes none"),
        (one(permission="GRU", modifiers=[{"code": "NCU", "value": 1}]), "takes none"),
        (one(permission="GRU", modifiers=[{"code": "GS", "value": "Europe"}]), "ISO 3166"),
        (one(permission="GRU", modifiers=[{"code": "TS", "value": 0}]), "between 1 and 1200"),
        (one(permission="GRU", modifiers=[{"code": "TS", "value": True}]), "must be text"),
        (one(permission="GRU", modifiers=[{"code": "MOR", "value": "soon"}]), "must be a date"),
        (one(permission="GRU", modifiers=[{"code": "MOR", "value": "2026-02-30"}]), "must be a date"),
        (one(permission="GRU", modifiers=[{"code": "RS", "value": "\ud800"}]), "not valid Unicode"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(obj: object, says: str) -> None:
    with pytest.raises(TermsError, match=says) as caught:
        parse(obj)
    assert caught.value.sentence.endswith(".")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(sorted(TERMS)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["alternatives", "permission", "modifiers", "code", "value"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_anything_is_either_terms_or_a_sentence(obj: object) -> None:
    try:
        terms = parse(obj)
    except TermsError:
        return
    assert parse(terms.as_json()) == terms


def test_every_code_has_an_address_and_no_two_share_one() -> None:
    assert {"NTRAIN", "NWEIGHTS", "NCM", "NRI"} == set(LOCAL)
    assert all(LOCAL[code].uri == LOCAL_BASE + code for code in LOCAL)
    assert not set(DUO) & set(LOCAL)
    assert len({term.uri for term in TERMS.values()}) == len({term.id for term in TERMS.values()}) == len(TERMS) == 27
    assert code_of("DUO:0000042") == "GRU"
    assert code_of("nothing") is None
