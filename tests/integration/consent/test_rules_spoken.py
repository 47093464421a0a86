"""Whatever consent's rules say can be said in another language: every reason, and everything wrong with a form."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from consent.queries.labels import TERM_LABELS
from consent.rules import grammar
from consent.rules.form_content import parse_content
from consent.rules.matching import permits
from consent.rules.places import require_places
from consent.rules.translations import parse_draft
from consent.rules.use import SENSITIVE, parse
from consent.rules.vocabulary import TERMS
from core.errors import Invalid
from core.spoken import said
from tests.integration.consent.pseudo import english, spoken
from tests.integration.consent.test_languages import foreign_content

#: Codes stay as they are in every language, and so do the keys of JSON.
CODES = re.compile(rf"\b(?:{'|'.join(TERMS)}|MONDO|DUO|GB|el|ru|heading|text)\b|&#x27;[a-z_]+&#x27;")
#: Each code that a consent may use, as often as it says something else.
ALONE = ("NPOA", "NMDS", "GSO", "NPU", "NCU", "NPUNCU", "NTRAIN", "NWEIGHTS", "NCM", "NRI", "CC", "RS", "IRB", "COL")
VALUED = {"GS": ["GB"], "US": ["ψ"], "IS": ["ψ"], "PS": ["ψ"], "RS": "ψ", "TS": 12, "MOR": "2999-01-01", "PUB": "ψ"}
MODIFIERS = [*({"code": code} for code in ALONE), *({"code": code, "value": value} for code, value in VALUED.items())]
MODIFIERS += [{"code": "TS", "value": "2020-01-01"}, {"code": "TS"}, {"code": "RTN"}]
USES = [
    {},
    {"general": True, "hmb": True, "poa": True, "methods": True, "clinical": True, "date": "2026-01-01"},
    {"train_model": True, "share_weights": True, "org": "forprofit", "commercial": True, "countries": ["US"]},
    {"commercial_model": True, "diseases": ["MONDO:0004992"], "methods_within_disease": True, "genetic": True},
    {"train_model": True, "diseases": ["MONDO:0000001"], "org": "nonprofit", "commercial": False, "countries": ["GB"]},
    dict.fromkeys(SENSITIVE, True),
]


def findings() -> Iterator[str]:
    """What the rules say of every kind of terms and use."""
    for permission, modifier, use in product(("NRES", "GRU", "HMB", "DS", "POA"), [None, *MODIFIERS], map(parse, USES)):
        diseases = ["MONDO:0004992"] if permission == "DS" else []
        option = {"permission": permission, "diseases": diseases, "modifiers": [modifier] if modifier else []}
        terms = grammar.parse({"alternatives": [option]})
        verdict = permits(terms, use)
        decided = permits(terms, use, covered=frozenset(matter.key for matter in verdict.matters))
        for each in (*verdict.reasons, *decided.reasons, *verdict.obligations):
            yield each.sentence
        yield from (obligation.evidence for obligation in verdict.obligations)
    yield from (reason.sentence for reason in permits(None, parse({})).reasons)


def test_whatever_the_rules_say_of_a_use(settings: Any) -> None:
    sentences = set(findings())
    with spoken(settings):
        found = {CODES.sub("", said(each)) for each in sentences}
    assert len(found) > 80
    assert {each for each in found if english(f"<p>{each}</p>")} == set()


def content(**changes: Any) -> dict[str, Any]:
    """A short form whose steward writes in Greek."""
    whole = foreign_content() | {"language": "el"}
    return whole | {key: whole[key][:2] for key in ("sections", "questions")} | changes


def broken() -> Iterator[Any]:
    """Forms that cannot be kept, each for another reason."""
    whole = content()
    section, choice, question = (whole[key][0] for key in ("sections", "choices", "questions"))
    term = {"kind": "modifier", "when": True}
    yield from ([], {"ψ": 1}, whole | {"language": "ψ"}, whole | {"title": ""}, whole | {"title": 1})
    yield from (whole | {"title": "\ud800"}, whole | {"key_information": "ψ"}, whole | {"key_information": []})
    yield from (whole | {"glossary": value} for value in ([], {"": "ψ"}, {"ψ": ""}))
    yield from (whole | {"sections": [value]} for value in ([], section | {"code": "ψ"}, section | {"x": 1}))
    yield whole | {"sections": [section, section]}
    yield from (whole | {"questions": [value]} for value in ([], question | {"answer": 99}))
    changes: list[dict[str, Any]] = [{"kind": "ψ"}, {"term": "ψ"}, {"term": ""}, {"only_if": "ψ"}, {"when": 1}]
    changes += [{"kind": "permission", "term": "DS", "diseases": value} for value in ([], ["ψ"], [""], "ψ")]
    changes += [{"term": "GRU", "diseases": ["MONDO:0004992"]}, term | {"term": "ψ"}, term | {"term": ""}]
    changes += [term | {"term": "GS", "value": value} for value in (["1"], [1])]
    changes += [term | {"term": "TS", "value": value} for value in (9999, "2026-99-99")]
    yield from (whole | {"choices": [choice | change]} for change in (*changes, term | {"term": "NCU", "value": "ψ"}))
    yield whole | {"choices": [choice | term | {"term": "NCU"}]}
    yield from (whole | {"translations": value} for value in ("ψ", {"el": {}}, {"ru": {}}, {"ru": {"ψ": 1}}))
    full = whole | {"translations": {"ru": {key: whole[key] for key in ("title", "key_information", "glossary")}}}
    yield from (full, whole | {"translations": {"ru": {"sections": {"ψ": {"text": "ψ"}}}}})
    yield whole | {"choices": [choice | term | {"term": "GS", "value": ["ZZ"]}, choice | {"code": "other"}]}


def refused(obj: Any) -> list[str]:
    """What is said of it as a draft, and where it is to be published."""
    sentences = []
    for read in (parse_draft, lambda each: require_places(parse_content(each).choices)):
        try:
            read(obj)
        except Invalid as refusal:
            sentences.append(refusal.sentence)
    assert sentences
    return sentences


def test_whatever_is_wrong_with_a_form(settings: Any) -> None:
    sentences = [each for obj in broken() for each in refused(obj)]
    with spoken(settings):
        found = {re.sub(r"'.*?'", "", CODES.sub("", said(each))) for each in sentences}
    assert len(found) > 25
    assert {each for each in found if english(f"<p>{each}</p>")} == set()


def test_labels_are_known_to_whoever_translates() -> None:
    assert set(TERM_LABELS) == {term.label for term in TERMS.values()}
