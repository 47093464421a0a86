"""What was permitted on a day, by what was known then and by what is known now; of one donor, of all, on a page."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from consent import actions, queries
from consent.actions.signing import terms_row
from consent.models import ConsentEvent, Donor, MinimumCheck
from consent.queries import Moment
from consent.rules.grammar import parse
from consent.rules.use import Use
from core.accounts.checks import IdentityCheck
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.record import record
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in
from tests.integration.consent.renewing import UNIVERSITY, material

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
READING, TRAINING = Use(hmb=True), Use(hmb=True, train_model=True)
WIDE, NARROW = {"permission": "GRU"}, {"permission": "GRU", "modifiers": [{"code": "NTRAIN"}]}


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def lived(programme: Programme, *events: tuple[str, dict | None, int, int]) -> Donor:
    """A donor with this history: kind, the terms' only alternative, the day it counts from, the day it was entered."""
    donor = Donor.objects.create(programme=programme)
    for kind, option, effective, recorded in events:
        terms = terms_row(parse({"alternatives": [option]})) if option else None
        ConsentEvent.objects.create(
            donor=donor, kind=kind, terms=terms, effective_at=day(effective), recorded_at=day(recorded), recorded_by="x"
        )
    return donor


def allowed(donor: Donor, use: Use, on: int, known: int) -> bool:
    moment = Moment(day(on), day(known))
    alone = queries.verdict_at(donor.pk, use, moment).allowed
    assert (donor.pk in queries.permitted_at(use, moment, programme_id=donor.programme_id)) is alone
    return alone


def test_a_withdrawal_entered_late_shows_only_by_later_knowledge(programme: Programme) -> None:
    donor = lived(programme, ("signed", WIDE, 0, 0), ("withdrawn", None, 10, 20))
    assert [allowed(donor, READING, on, on) for on in (-1, 0, 9, 15, 19, 20)] == [False, True, True, True, True, False]
    assert [allowed(donor, READING, on, 99) for on in (-1, 0, 9, 10, 15)] == [False, True, True, False, False]
    assert allowed(donor, READING, 15, 19)
    assert not allowed(donor, READING, 15, 20)


def test_a_choice_narrowed_later_leaves_the_past_as_it_was(programme: Programme) -> None:
    donor = lived(programme, ("signed", WIDE, 0, 0), ("changed", NARROW, 10, 10), ("changed", WIDE, 20, 20))
    assert [allowed(donor, TRAINING, on, 99) for on in (5, 10, 15, 20)] == [True, False, False, True]
    assert all(allowed(donor, READING, on, 99) for on in (5, 10, 15, 20))
    assert queries.held_at(donor.pk, Moment.as_known_then(day(-1))).row is None
    assert "NTRAIN" in queries.held_at(donor.pk, Moment.as_known_then(day(12))).row.canonical


def test_time_limits_are_asked_about_the_day_itself(programme: Programme) -> None:
    limited = {"permission": "GRU", "modifiers": [{"code": "TS", "value": "2026-01-06"}]}
    donor = lived(programme, ("signed", limited, 0, 0))
    assert [allowed(donor, READING, on, 99) for on in (5, 6)] == [True, False]


def test_the_whole_programme_is_asked_at_once_and_no_other(programme: Programme, other_programme: Programme) -> None:
    first = lived(programme, ("signed", WIDE, 0, 0))
    second = lived(programme, ("signed", NARROW, 1, 1), ("withdrawn", None, 5, 5))
    lived(other_programme, ("signed", WIDE, 0, 0))
    asked = [
        queries.permitted_at(READING, Moment.as_known_then(day(on)), programme_id=programme.pk) for on in (0, 2, 6)
    ]
    assert asked == [{first.pk}, {first.pk, second.pk}, {first.pk}]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["signed", "changed", "withdrawn"]), st.integers(0, 5), st.integers(0, 5)), max_size=5
    )
)
def test_what_was_known_on_a_day_is_never_rewritten(history: list[tuple[str, int, int]]) -> None:
    donor = lived(core.programme("past"))
    before = []
    for number, (kind, effective, recorded) in enumerate(sorted(history, key=lambda event: event[2])):
        before.append((recorded, [allowed(donor, READING, on, recorded - 1) for on in range(7)]))
        ConsentEvent.objects.create(
            donor=donor, kind=kind, terms=None if kind == "withdrawn" else terms_row(parse({"alternatives": [WIDE]})),
            effective_at=day(effective), recorded_at=day(recorded), recorded_by=str(number),
        )  # fmt: skip
    for recorded, answers in before:
        assert [allowed(donor, READING, on, recorded - 1) for on in range(7)] == answers


def ask(client: Client, donor: Donor, **changes: object) -> str:
    asked = {"donor": donor.pk, "day": "2026-01-16", "known": "then", "purposes": ["hmb", "train_model"], **changes}
    return client.get("/staff/consents/", asked).content.decode()


@pytest.fixture
def client_of_steward(programme: Programme) -> Client:
    return signed_in(make.steward(programme))


def test_a_steward_asks_by_both_kinds_of_knowledge(programme: Programme, client_of_steward: Client) -> None:
    donor = lived(programme, ("signed", WIDE, 0, 0), ("withdrawn", None, 10, 20))
    then, now = ask(client_of_steward, donor), ask(client_of_steward, donor, known="now")
    assert "Yes, it was permitted" in then
    assert "Not known yet" in then
    assert "The donation could be used for" in then
    assert "training computer models" in then
    assert "No, it was not permitted" in now
    assert "No consent was in force." in now
    early = ask(client_of_steward, donor, day="2026-01-01", at="11:59")
    assert "No, it was not permitted" in early
    assert "Not in force yet" in ask(client_of_steward, donor, day="2026-01-01", at="11:59", known="now")


def test_conditions_and_reviews_are_said(programme: Programme, client_of_steward: Client) -> None:
    donor = lived(programme, ("signed", {"permission": "HMB", "modifiers": [{"code": "IRB"}]}, 0, 0))
    page = ask(client_of_steward, donor, purposes=["hmb"], org="nonprofit", commercial="no", countries="GB")
    assert "Yes, on conditions" in page
    assert "the approval of an ethics committee" in page
    assert "A person had to decide" in ask(client_of_steward, donor, purposes=[])


def test_what_cannot_be_read_is_said_and_strangers_find_no_donor(
    programme: Programme, other_programme: Programme, client_of_steward: Client
) -> None:
    theirs = lived(other_programme, ("signed", WIDE, 0, 0))
    assert "There is no such donor in the programmes" in ask(client_of_steward, theirs)
    mine = lived(programme, ("signed", WIDE, 0, 0))
    assert "ids such as MONDO:0004992" in ask(client_of_steward, mine, diseases="cancer")
    assert "There is a problem" in ask(client_of_steward, mine, day="yesterday")
    for role in (Role.RESEARCHER, Role.CURATOR, Role.COMMITTEE):
        client = Client()
        client.force_login(core.user(programme, role))
        assert client.get("/staff/consents/").status_code == 404


def test_what_rested_then_permitted_nothing_then(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    donor = make.donor(programme)
    material(programme, days=60)
    before, after = timezone.now() + timedelta(days=59), timezone.now() + timedelta(days=61)
    for moment in (before, after):
        answers = [queries.verdict_at(donor.pk, UNIVERSITY, Moment.as_known_then(moment)).allowed]
        answers.append(
            donor.pk in queries.permitted_at(UNIVERSITY, Moment.as_known_then(moment), programme_id=programme.pk)
        )
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        answers.append(queries.verdict_for(donor.pk, UNIVERSITY).allowed)
        assert answers == [moment is before] * 3
    unknown = Moment(after, before - timedelta(days=60))
    assert queries.verdict_at(donor.pk, UNIVERSITY, unknown).allowed is False, "nobody had signed yet"


def test_a_change_that_was_not_known_then_rests_nothing_by_what_was_known(programme: Programme) -> None:
    donor = make.donor(programme)
    known = timezone.now()
    material(programme, days=60)
    after = timezone.now() + timedelta(days=61)
    assert queries.verdict_at(donor.pk, UNIVERSITY, Moment(after, known)).allowed
    assert not queries.verdict_at(donor.pk, UNIVERSITY, Moment(after, after)).allowed


def test_a_minimum_counts_from_its_day_and_a_check_from_its_own(
    programme: Programme, other_programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Day 0: nothing is asked. 10: a check on site. 20: the donor is checked. 30: more is asked. 40: nothing again."""
    donor, elsewhere, start = make.donor(programme), make.donor(other_programme), timezone.now()
    by = make.steward(programme)

    def on(number: float) -> Moment:
        return Moment.as_known_then(start + timedelta(days=number, seconds=1))

    def ask_for(number: int, check: IdentityCheck) -> None:
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=number))
        actions.set_programme(programme=programme, minimum_check=check, by=by)

    ask_for(10, IdentityCheck.SITE_IN_PERSON)
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=20))
    receipt = donor.signatures.get().pk
    actions.record_check(receipt=receipt, check=IdentityCheck.SITE_IN_PERSON, by=by)
    ask_for(30, IdentityCheck.ELECTRONIC_ID)
    ask_for(40, IdentityCheck.SELF_DECLARED)
    days = (0, 9, 10, 19, 20, 29, 30, 39, 40)
    expected = [True, True, False, False, True, True, False, False, True]
    for known in ("then", "now"):
        moments = [on(day) if known == "then" else Moment(on(day).on, on(99).on) for day in days]
        assert [queries.verdict_at(donor.pk, UNIVERSITY, moment).allowed for moment in moments] == expected
        assert [bool(queries.permitted_at(UNIVERSITY, m, programme_id=programme.pk)) for m in moments] == expected
        assert all(queries.permitted_at(UNIVERSITY, m, programme_id=other_programme.pk) for m in moments)
    assert queries.verdict_at(donor.pk, UNIVERSITY, Moment(on(12).on, on(5).on)).allowed, "not known on day 5"
    assert queries.held_at(donor.pk, on(12)).why == "CHECK"
    assert queries.held_at(elsewhere.pk, on(12)).why == ""
    page = ask(signed_in(by), donor, day=f"{on(12).on:%Y-%m-%d}", at="23:00")
    assert "identity was checked less than the programme asked for" in page


def test_what_is_asked_again_as_before_is_no_new_minimum(programme: Programme) -> None:
    by = make.steward(programme)
    for check in ("site_in_person", "site_in_person", "self_declared"):
        actions.set_programme(programme=programme, minimum_check=check, renewal_days=30, by=by)
    asked = MinimumCheck.objects.filter(programme=programme)
    assert [(row.identity, row.decided_by) for row in asked] == [
        ("site_in_person", by.actor_id),
        ("self_declared", by.actor_id),
    ]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        asked.update(since=timezone.now())


def test_minimums_of_before_are_read_from_the_trail(programme: Programme, other_programme: Programme) -> None:
    fill = import_module("consent.migrations.0009_minimum_checks_by_date").fill
    for check in ("self_declared", "site_in_person", "site_in_person", "email_confirmed"):
        record("programme.changed", programme, by=core.SETUP, data={"minimum_check": check})
    Programme.objects.filter(pk=programme.pk).update(minimum_check="email_confirmed")
    Programme.objects.filter(pk=other_programme.pk).update(minimum_check="electronic_id")
    fill(apps, None)
    kept = {
        each.pk: list(MinimumCheck.objects.filter(programme=each).values_list("identity", "decided_by"))
        for each in (programme, other_programme)
    }
    said = core.SETUP.actor_id
    assert kept[programme.pk] == [("site_in_person", said), ("email_confirmed", said)]
    assert kept[other_programme.pk] == [("electronic_id", "system:migration")]
