"""Signing, changing, withdrawing: whole or not at all, with evidence that stays and answers every later question."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from consent import actions, queries
from consent.models import ConsentEvent, CurrentConsent, Donor, Person, Signature, UseVerdict, Withdrawal
from consent.rules import duties
from consent.rules.events import EventKind
from consent.rules.form_content import default_content
from consent.rules.grammar import parse
from consent.rules.renewal import Change
from consent.rules.use import Organisation, Use
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.actors import SystemActor
from core.audit.models import Event
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.storage import work as storage
from core.storage.zones import Zone
from tests.factories import consent as make
from tests.factories import core

pytestmark = pytest.mark.django_db
ASKS = {"institution": "A university", "project": "Lungs"}
UNIVERSITY = Use(hmb=True, train_model=True, commercial=False, org=Organisation.NONPROFIT, share_weights=False)
COMPANY = Use(hmb=True, train_model=True, commercial=True, org=Organisation.FORPROFIT, share_weights=False)


def test_signing_holds_the_very_text_and_choices(programme: Programme) -> None:
    donor = make.donor(programme, train_models=False)
    signature = Signature.objects.get(donor=donor)
    version = signature.form_version
    assert signature.text_sha256 == version.text_sha256
    assert signature.choices["train_models"] is False
    assert ConsentEvent.objects.get(donor=donor).kind == EventKind.SIGNED
    assert "Ada" not in str(Signature.objects.filter(pk=signature.pk).values())
    with pytest.raises(ProtectedError):
        version.delete()
    with pytest.raises(ProtectedError):
        donor.delete()


def test_counts_differ_between_a_company_and_a_university(programme: Programme, other_programme: Programme) -> None:
    make.donor(programme)
    make.donor(programme, commercial_use=False)
    make.donor(programme, train_models=False)
    make.donor(programme, general_research=False, health_research=False)  # cancer only
    make.donor(other_programme)
    donors = queries.active(programme.pk)
    assert queries.counts(UNIVERSITY, donors, programme_id=programme.pk) == (2, 4)
    assert queries.counts(COMPANY, donors, programme_id=programme.pk) == (1, 4)
    assert sum(queries.denials(COMPANY, donors, programme_id=programme.pk).values()) == 3


def test_the_set_and_the_single_answer_agree(programme: Programme) -> None:
    for answers in ({}, {"commercial_use": False}, {"train_models": False}, {"cancer_research": False}):
        make.donor(programme, **answers)
    for use in (UNIVERSITY, COMPANY, Use(), Use(general=True)):
        chosen = set(queries.permitted(use, programme_id=programme.pk).values_list("pk", flat=True))
        for donor in Donor.objects.all():
            assert (donor.pk in chosen) == queries.verdict_for(donor.pk, use).allowed


def test_verdicts_keep_the_rules_version_and_are_kept_once(programme: Programme) -> None:
    make.donor(programme)
    make.donor(programme)
    make.donor(programme, train_models=False)
    by = SystemActor("test")
    assert actions.record_verdicts(question=UNIVERSITY, programme_id=programme.pk, by=by) == 2
    actions.record_verdicts(question=UNIVERSITY, programme_id=programme.pk, by=by)
    assert UseVerdict.objects.count() == 2
    assert all(row.rules_version for row in UseVerdict.objects.all())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"typed_name": "Someone Else"}, "typed_name"),
        ({"given_name": " "}, "given_name"),
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"birth_date": timezone.now().date() - timedelta(days=365 * 17)}, "birth_date"),
        ({"choices": {"general_research": True}}, "commercial_use"),
    ],
)
def test_bad_input_gets_a_sentence_and_signs_nothing(programme: Programme, changes: dict, field: str) -> None:
    user = core.user()
    details = {
        "user": user,
        "version": make.form(programme),
        "choices": make.choices(),
        "typed_name": "ada  LOVELACE",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "birth_date": date(1950, 1, 1),
        "by": user,
    }
    with pytest.raises(Invalid) as refusal:
        actions.sign(**{**details, **changes})
    assert field in refusal.value.fields
    assert not Donor.objects.exists()
    actions.sign(**details)
    with pytest.raises(Conflict):
        actions.sign(**details)
    assert Donor.objects.count() == 1


def test_nobody_signs_for_another(programme: Programme) -> None:
    victim, other = core.user(), core.user()
    with pytest.raises(NotAllowed):
        actions.sign(
            user=victim, version=make.form(programme), choices=make.choices(), typed_name="A B", given_name="A",
            family_name="B", birth_date=date(1950, 1, 1), by=other,
        )  # fmt: skip


def test_a_published_form_never_changes(programme: Programme) -> None:
    version = make.form(programme)
    by = make.steward(programme)
    with pytest.raises(Conflict):
        actions.edit_form(version=version, content=default_content(), by=by)
    second = actions.publish_form(
        version=actions.draft_form(programme=programme, slug="main", content=default_content(), by=by),
        change=Change.MINOR,
        summary="We corrected a spelling mistake.",
        by=by,
    )
    version.refresh_from_db()
    assert (second.number, version.state) == (2, "retired")
    with pytest.raises(NotAllowed):
        actions.draft_form(
            programme=programme, slug="main", content=default_content(), by=core.user(programme, Role.CURATOR)
        )


def test_changing_takes_effect_at_once_and_keeps_the_past(programme: Programme) -> None:
    donor = make.donor(programme)
    user = Person.objects.get(donor=donor).user
    name = f"Ada {Person.objects.get(donor=donor).family_name}"
    actions.change_choices(
        donor=donor, choices=make.choices(train_models=False, share_weights=None), typed_name=name, by=user
    )
    assert not queries.permitted(UNIVERSITY, programme_id=programme.pk).exists()
    assert [event.kind for event in queries.history(donor.pk)] == ["signed", "changed"]
    with pytest.raises(Missing):
        actions.change_choices(donor=donor, choices=make.choices(), typed_name=name, by=core.user())


def the_user(donor: Donor) -> User:
    return User.objects.get(pk=Person.objects.get(donor=donor).user_id)


def test_withdrawing_stops_use_in_its_transaction_and_ends_with_every_proof(
    programme: Programme, drain: Callable[[], int]
) -> None:
    donor, stays = make.donor(programme), make.donor(programme)
    thing = storage.reserve(Zone.REVIEW, programme_id=programme.pk, donor_id=donor.pk)
    storage.write(thing, b"picture", by=SystemActor("test"))
    withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=the_user(donor))
    assert set(queries.permitted(UNIVERSITY, programme_id=programme.pk)) == {stays}
    assert not queries.may_donate(donor.pk)
    with pytest.raises(Conflict):
        actions.withdraw(donor=donor, kind="no_further_use", by=the_user(donor))
    drain()
    withdrawal.refresh_from_db()
    assert withdrawal.state == "complete"
    assert {step.state for step in withdrawal.steps.all()} == {"done"}
    assert withdrawal.steps.get(duty="storage.everywhere").proof["review"] == 1
    assert Person.objects.filter(donor=donor).exists()
    ended = Event.objects.get(verb="role.ended")
    assert (ended.actor, str(the_user(donor).pk) in ended.data) == ("system:withdrawer", True)


def test_erasing_takes_the_account_and_leaves_the_evidence(programme: Programme, drain: Callable[[], int]) -> None:
    donor = make.donor(programme)
    user = the_user(donor)
    actions.withdraw(donor=donor, kind="erase", by=user)
    drain()
    user.refresh_from_db()
    assert not user.is_active
    assert user.email.endswith("@erased.invalid")
    assert not Person.objects.filter(donor=donor).exists()
    assert Signature.objects.filter(donor=donor).exists()
    assert CurrentConsent.objects.get(donor=donor).state == "withdrawn"


def test_a_duty_that_fails_or_waits_is_tried_until_it_holds(
    programme: Programme, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([RuntimeError("JANE DOE"), duties.NotYet("waiting"), {"count": 1}])

    def run(*_: object) -> dict:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(duties.DUTIES, "test.flaky", duties.Duty("test.flaky", "A test", "test", 15, run))
    donor = make.donor(programme)
    withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=the_user(donor))
    from consent.work import advance

    for state in ("failed", "due", "done"):
        assert Withdrawal.objects.get(pk=withdrawal.pk).state == "under_way"
        advance(withdrawal.pk)
        step = withdrawal.steps.get(duty="test.flaky")
        assert step.state == state
        assert "JANE" not in step.last_error
    assert step.attempts == 3
    assert Withdrawal.objects.get(pk=withdrawal.pk).state == "complete"


@pytest.mark.parametrize(
    ("duty", "false"),
    [
        ("registry.working_sets", {"images": 2, "usable": 1}),
        ("registry.files", {"files": 2, "left": 1}),
        ("curation.series", {"series": 1, "words": 1}),
    ],
)
def test_a_proof_that_shows_the_contrary_is_none(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, duty: str, false: dict[str, int]
) -> None:
    from consent.queries import certificate_of
    from consent.work import advance

    donor = make.donor(programme)
    withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=the_user(donor))
    with monkeypatch.context() as patched:
        untrue = replace(duties.DUTIES[duty], run=lambda *_: false)
        patched.setitem(duties.DUTIES, duty, untrue)
        advance(withdrawal.pk)
    step = withdrawal.steps.get(duty=duty)
    assert (step.state, step.proof) == ("failed", {})
    advance(withdrawal.pk)
    withdrawal.refresh_from_db()
    assert withdrawal.state == "complete"
    assert certificate_of(withdrawal)
    withdrawal.steps.filter(duty=duty).update(proof=false)
    assert certificate_of(withdrawal) is None


def test_who_lifts_a_limit_before_a_worker_came_is_not_certified_to_be_left_in_quiet(
    programme: Programme, drain: Callable[[], int]
) -> None:
    donor = make.donor(programme)
    withdrawal = actions.withdraw(donor=donor, kind="no_contact", by=the_user(donor))
    actions.allow_contact(donor=donor, by=the_user(donor))
    drain()
    withdrawal.refresh_from_db()
    assert withdrawal.state == "complete"
    assert withdrawal.steps.get(duty="consent.quiet").proof == {"lifted": 1}


def test_when_the_audit_cannot_be_written_nothing_happens(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = make.donor(programme)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("consent.actions.withdrawing.record", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.withdraw(donor=donor, kind="erase", by=the_user(donor))
    assert queries.may_donate(donor.pk)
    assert not Withdrawal.objects.exists()


def test_a_time_limit_ends_by_itself_on_its_day(programme: Programme) -> None:
    today = timezone.now().date()
    donors = {}
    for name, day in (("over", today - timedelta(days=1)), ("last", today)):
        donors[name] = make.donor(programme)
        limit = {"code": "TS", "value": day.isoformat()}
        terms = parse({"alternatives": [{"permission": "GRU", "modifiers": [limit]}]})
        CurrentConsent.objects.filter(donor=donors[name]).update(terms=actions.signing.terms_row(terms))
    assert list(queries.permitted(UNIVERSITY, programme_id=programme.pk)) == [donors["last"]]
    assert queries.verdict_for(donors["over"].pk, UNIVERSITY).outcome == "DENY"
    assert queries.denials(UNIVERSITY, queries.active(programme.pk), programme_id=programme.pk) == {"TS": 1}
