"""Matching consent: verdicts a second, and counting whose consent permits a use among a million donors."""

from functools import partial
from itertools import product
from typing import Any

from benchmarks.ground.measure import Times, in_turns, timed
from benchmarks.ground.registry import fresh
from benchmarks.ground.report import Report, ratio

DONORS, ROUNDS = 1_000_000, 5
#: What a million donors may take on two cores.
LIMIT_S = 10
DISEASES = [(), ("MONDO:0004992",), ("MONDO:0005148",), ("MONDO:0005070",), ("MONDO:0004992", "MONDO:0005148")]
LIMITS: list[list[dict[str, Any]]] = [
    [],
    *([{"code": "MOR", "value": f"20{year}-01-01"}] for year in range(20, 40)),
    *([{"code": "TS", "value": f"20{year}-07-01"}] for year in range(27, 47)),
]
#: Donors by thousandths: most choose one of a few sets of terms, and the rest are spread over all the others.
INSERT_DONORS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %s)
INSERT INTO consent_donor (id, programme_id, joined_at)
SELECT printf('%%032x', i + 1), %s, '2026-01-01' FROM n
"""
INSERT_CONSENTS = """
INSERT INTO consent_currentconsent
  (id, donor_id, programme_id, state, terms_id, since, event_id, signed_on_id, check_level)
SELECT d.id, d.id, d.programme_id, 'active', t.id, '2026-01-01', %s, %s, %s
FROM consent_donor d JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM consent_termsrow) t
ON t.place = CASE WHEN d.rowid %% 10 < 8 THEN d.rowid %% 12 ELSE (d.rowid * 7919) %% %s END
"""


def every_terms() -> list[Any]:
    """All terms that the default form can make, and the same for other diseases, with embargoes and time limits."""
    from consent.rules.form_content import choices_of, default_content
    from consent.rules.forms import ChoiceError, terms_from_choices
    from consent.rules.grammar import parse
    from consent.rules.terms import digest

    choices = choices_of(default_content())
    made = {}
    for answers in product((True, False), repeat=len(choices)):
        try:
            terms = terms_from_choices(choices, dict(zip([c.code for c in choices], answers, strict=True)))
        except ChoiceError:
            continue
        for diseases, limits in product(DISEASES, LIMITS):
            found = parse({"alternatives": [_varied(a, diseases, limits) for a in terms.as_json()["alternatives"]]})
            made[digest(found)] = found
    return list(made.values())


def _varied(alternative: dict[str, Any], diseases: tuple[str, ...], limits: list[dict[str, Any]]) -> dict[str, Any]:
    named = list(diseases) if alternative["diseases"] and diseases else alternative["diseases"]
    return alternative | {"diseases": named, "modifiers": [*alternative["modifiers"], *limits]}


def populate(terms: list[Any]) -> Any:
    """A programme with a million donors, whose consents hold the terms, written by the database itself."""
    from django.db import connection

    from benchmarks.ground.registry import with_donors
    from consent.models import CurrentConsent, TermsRow
    from consent.rules.terms import canonical, digest

    stage = with_donors(1)
    there = set(TermsRow.objects.values_list("digest", flat=True))
    missing = {digest(each): canonical(each) for each in terms}
    TermsRow.objects.bulk_create([TermsRow(digest=key, canonical=missing[key]) for key in missing if key not in there])
    programme = stage.cast.programme.pk
    with connection.cursor() as cursor:
        cursor.execute(INSERT_DONORS, [DONORS, programme.hex])
        one = CurrentConsent.objects.earliest("since")  # what all have from the one that was signed as donors sign
        cursor.execute("DELETE FROM consent_currentconsent")
        kept: list[Any] = [one.event_id.hex, one.signed_on_id.hex, one.check_level]
        cursor.execute(INSERT_CONSENTS, [*kept, TermsRow.objects.count()])
    return programme


def verdicts(report: Report, terms: list[Any], use: Any) -> float:
    """How long one verdict takes that nobody has asked for before; milliseconds of processor time."""
    from consent.rules.matching import permits

    found = in_turns({"all": lambda: [permits(each, use) for each in terms]}, ROUNDS)["all"].median / len(terms)
    report.figure("verdicts", 1 / found, "a second of one core", terms=len(terms))
    return 1000 * found


def counting(report: Report, programme: Any, use: Any, verdict_ms: float) -> None:
    """Counting by `consent.queries`, cold and warm, in turns with the bare SQL over terms that are known to permit."""
    from consent.models import CurrentConsent
    from consent.queries import active, counts
    from consent.queries.use import permitting_terms, verdict_on

    allowed = permitting_terms(use, programme)
    bare = CurrentConsent.objects.filter(programme_id=programme, state="active", terms_id__in=allowed)
    times = {name: Times() for name in ("cold", "warm", "bare")}
    answers = set()
    for _ in range(ROUNDS):
        verdict_on.cache_clear()
        timed(lambda: answers.add(counts(use, active(programme), programme_id=programme)), times["cold"])
        timed(lambda: answers.add(counts(use, active(programme), programme_id=programme)), times["warm"])
        timed(partial(bare.count), times["bare"])
    ((permitted, total),) = answers
    floor = times["bare"].median
    facts = {"donors": total, "permit": permitted}
    for name, words in (("cold", "count, nothing matched yet today"), ("warm", "count again")):
        found = times[name].median
        report.figure(words, 1000 * found, "ms CPU", floor=ratio(found, floor), **facts)
    report.figure(
        "a million donors, from nothing to the answer", times["cold"].median_wall, "s by the clock", limit=LIMIT_S
    )
    naive = verdict_ms * total
    report.figure(
        "asking every donor alone would take", naive, "ms CPU", cold=ratio(naive, 1000 * times["cold"].median)
    )


def told(report: Report, programme: Any, use: Any) -> None:
    """The count that is made once a day, and the questions that are answered from it."""
    from consent.models import Tally
    from consent.queries import active, tallied
    from consent.queries.use import verdict_on
    from consent.work import take_tally

    times = {name: Times() for name in ("count", "first", "again")}
    for _ in range(ROUNDS):
        Tally.objects.all().delete()
        verdict_on.cache_clear()
        timed(lambda: take_tally(programme, active(programme), programme_id=programme), times["count"])
        timed(lambda: tallied(use, programme), times["first"])
        timed(lambda: tallied(use, programme), times["again"])
    words = {
        "count": "the count of a day",
        "first": "a purpose asked of it, nothing matched yet",
        "again": "the same purpose again",
    }
    for name, what in words.items():
        report.figure(what, 1000 * times[name].median, "ms CPU", donors=DONORS)


def main() -> None:
    """Verdicts first, then the counting."""
    fresh()
    from portal.story.chapters.consenting import TRAINING

    report = Report("matching")
    terms = every_terms()
    verdict_ms = verdicts(report, terms, TRAINING)
    programme = populate(terms)
    counting(report, programme, TRAINING, verdict_ms)
    told(report, programme, TRAINING)
    report.write()


if __name__ == "__main__":
    main()
