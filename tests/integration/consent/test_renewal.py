"""A published form never changes; a material change asks everybody again; who does not sign rests by the date alone."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from consent import actions, queries
from consent.models import CurrentConsent, Donor, FormVersion, Signature, UseVerdict
from consent.queries.standing import standing
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from consent.rules.use import Organisation, Use
from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Conflict, Invalid
from core.notifications.models import Notice
from tests.factories import consent as make
from tests.factories import core

pytestmark = pytest.mark.django_db
UNIVERSITY = Use(hmb=True, train_model=True, commercial=False, org=Organisation.NONPROFIT, share_weights=False)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def reworded() -> dict[str, Any]:
    """The default form with one choice more."""
    content = default_content()
    extra = {"code": "ancestry", "label": "Research into where people's ancestors came from", "help": "About origins."}
    content["choices"].insert(3, {**extra, "kind": "permission", "term": "POA"})
    return content


def material(programme: Programme, days: int = 60) -> FormVersion:
    return make.next_form(programme, reworded(), change=Change.MATERIAL, days=days)


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """So many days from now, for whatever asks Django's clock."""
    at = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: at)


def name_of(donor: Donor) -> str:
    return f"Ada {donor.person.family_name}"


def test_a_published_version_is_fixed_in_the_model_and_in_the_database(programme: Programme) -> None:
    version = make.form(programme)
    version.content = {"title": "Another"}
    with pytest.raises(Conflict):
        version.save()
    for column, value in {
        "content": {},
        "text_sha256": "0" * 64,
        "language": "de",
        "number": 9,
        "summary": "x",
        "published_at": timezone.now(),
    }.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            FormVersion.objects.filter(pk=version.pk).update(**{column: value})
    version.refresh_from_db()
    assert version.content == default_content()


def test_signatures_events_and_checks_are_fixed_in_the_database(programme: Programme) -> None:
    donor = make.donor(programme)
    for rows, column in ((donor.signatures, "meaning"), (donor.events, "recorded_by"), (donor.checks, "identity")):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**{column: "eid"})


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "change"),
        ({"change": Change.MINOR, "summary": "A sentence is clearer."}, "change"),  # a choice is new
        ({"change": Change.MATERIAL}, "summary"),
        ({"change": Change.MATERIAL, "summary": "A choice is new.", "days": 13}, "days"),
        ({"change": Change.MATERIAL, "summary": "A choice is new.", "days": 5000}, "days"),
        ({"change": Change.FIRST, "summary": "A choice is new."}, "change"),
    ],
)
def test_publishing_asks_what_changed_and_insists(programme: Programme, asked: dict, field: str) -> None:
    first, by = make.form(programme), make.steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=by)
    with pytest.raises(Invalid) as refusal:
        actions.publish_form(version=draft, by=by, **asked)
    assert field in refusal.value.fields
    assert queries.published_form(programme.pk) == first


def test_the_programmes_minimum_holds_and_a_steward_sets_it(programme: Programme) -> None:
    make.form(programme)
    actions.set_programme(programme=programme, by=make.steward(programme), renewal_days=90)
    with pytest.raises(Invalid, match="from 90 to"):
        material(programme, days=60)
    assert material(programme, days=90).renew_by is not None


def test_an_older_draft_is_not_published_over_a_newer_version(programme: Programme) -> None:
    make.form(programme)
    by = make.steward(programme)
    old = actions.draft_form(programme=programme, slug="main", content=default_content(), by=by)
    make.next_form(programme)
    with pytest.raises(Conflict, match="later version"):
        actions.publish_form(version=old, by=by, change=Change.MINOR, summary="An older text comes back.")


def test_who_does_not_sign_again_rests_from_the_very_day_without_any_worker(
    programme: Programme, other_programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor, elsewhere = make.donor(programme), make.donor(other_programme)
    version = material(programme)
    joined_later = make.donor(programme)
    assert set(queries.permitted(UNIVERSITY, programme_id=programme.pk)) == {donor, joined_later}
    before, after = version.renew_by - timedelta(seconds=1), version.renew_by
    monkeypatch.setattr(timezone, "now", lambda: before)
    assert queries.verdict_for(donor.pk, UNIVERSITY).allowed
    monkeypatch.setattr(timezone, "now", lambda: after)
    assert set(queries.permitted(UNIVERSITY, programme_id=programme.pk)) == {joined_later}
    assert set(queries.permitted(UNIVERSITY, programme_id=other_programme.pk)) == {elsewhere}
    assert not queries.verdict_for(donor.pk, UNIVERSITY).allowed
    donors = queries.active(programme.pk)
    assert queries.denials(UNIVERSITY, donors, programme_id=programme.pk)["RENEWAL"] == 1
    assert queries.may_donate(donor.pk), "what was given is kept: only use stops"
    actions.record_verdicts(use=UNIVERSITY, programme_id=programme.pk, by=SystemActor("test"))
    assert UseVerdict.objects.count() == 1
    actions.change_choices(
        donor=donor, choices=make.choices(ancestry=False), typed_name=name_of(donor), by=donor.person.user
    )
    assert set(queries.permitted(UNIVERSITY, programme_id=programme.pk)) == {donor, joined_later}
    assert Signature.objects.filter(donor=donor, meaning="renewal", form_version=version).count() == 1
    assert queries.renewal_of(donor.pk) is None


def test_list_and_single_answer_agree_at_every_moment(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make.donor(programme)
    one = material(programme, days=60)
    second = make.donor(programme)
    two = make.next_form(programme, default_content(), change=Change.MATERIAL, days=61)
    third = make.donor(programme, train_models=False)
    dates = [one.renew_by, two.renew_by]
    for at in sorted(date + timedelta(seconds=step) for date in dates for step in (-1, 0, 1)):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        rules = standing(programme.pk)
        held = set(CurrentConsent.objects.filter(rules.q()).values_list("donor_id", flat=True))
        rows = CurrentConsent.objects.all()
        assert held == {r.donor_id for r in rows if not rules.why_rests(r.state, r.signed_on_id, r.check_level)}
        permitted = set(queries.permitted(UNIVERSITY, programme_id=programme.pk).values_list("pk", flat=True))
        for donor in (first, second, third):
            assert (donor.pk in permitted) == queries.verdict_for(donor.pk, UNIVERSITY).allowed
            due = queries.renewal_of(donor.pk)
            assert (due is not None and due.is_over) == (donor.pk not in held)


def test_a_later_version_never_puts_off_an_earlier_date(programme: Programme) -> None:
    donor = make.donor(programme)
    one = material(programme, days=60)
    make.next_form(programme, change=Change.MATERIAL, days=400)
    renewal = queries.renewal_of(donor.pk)
    assert renewal is not None
    assert renewal.by == one.renew_by
    assert len(renewal.news) == 2


def test_a_minor_version_asks_nothing_and_is_shown(programme: Programme) -> None:
    donor = make.donor(programme)
    make.next_form(programme)
    assert queries.renewal_of(donor.pk) is None
    page = text_of(signed_in(donor.person.user).get("/my-choices/"))
    assert "We say more clearly who may use your scans." in page
    assert "You need not do anything." in page


def test_donors_are_told_three_times_once_each_and_e_mails_say_nothing(
    programme: Programme, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, signs = make.donor(programme), make.donor(programme)
    material(programme)
    drain()
    drain()
    assert Notice.objects.count() == 2
    actions.change_choices(
        donor=signs, choices=make.choices(ancestry=False), typed_name=name_of(signs), by=signs.person.user
    )
    for days in (47, 14):
        later(monkeypatch, days)
        drain()
    mine = Notice.objects.filter(user=stays.person.user)
    assert [each.dedupe.rpartition(":")[2] for each in mine.order_by("id")] == ["changed", "soon", "over"]
    assert Notice.objects.filter(user=signs.person.user).count() == 1
    said = "".join(str(message.subject) + str(message.body) for message in mail.outbox)
    assert f"/my-choices/{stays.pk}/renew/" in said
    for secret in ("Ada", "scan", "form", "consent", programme.name):
        assert secret not in said


def test_many_donors_are_told_in_parts(
    programme: Programme, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent.work.renewal.MANY", 2)
    for _ in range(5):
        make.donor(programme)
    material(programme)
    drain()
    assert Notice.objects.count() == 5


def test_the_page_says_what_is_new_what_to_do_and_by_when(
    programme: Programme, other_programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = make.donor(programme, commercial_use=False)
    client = signed_in(donor.person.user)
    address = f"/my-choices/{donor.pk}/renew/"
    assert client.get(address)["Location"] == "/my-choices/"
    version = material(programme)
    assert address in text_of(client.get("/my-choices/"))
    assert address in text_of(client.get("/home/"))
    page = text_of(client.get(address))
    day = f"{version.renew_by.day} {version.renew_by:%B %Y}"
    for words in ("The form changed", "We say more clearly who may use", day, "Keep only what you agreed to", "Leave"):
        assert words in page
    assert signed_in(make.donor(other_programme).person.user).get(address).status_code == 404
    assert client.post(address)["Location"] == f"/my-choices/{donor.pk}/confirm/"
    confirm = f"/my-choices/{donor.pk}/confirm/"
    page = text_of(client.get(confirm))
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    done = client.post(confirm, {"shown": shown, "typed_name": name_of(donor), "password": core.PASSWORD})
    assert "go on giving" in text_of(client.get(done["Location"]))
    newest = donor.signatures.first()
    assert newest.form_version == version
    assert newest.choices.get("ancestry") is None
    assert newest.choices["commercial_use"] is False
    assert client.get(address)["Location"] == "/my-choices/"
    assert "You signed the changed form" in text_of(client.get("/my-choices/"))
    later(monkeypatch, 61)
    assert queries.verdict_for(donor.pk, UNIVERSITY).allowed


def test_once_it_is_over_the_page_says_so_and_stewards_see_numbers(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor, signs = make.donor(programme), make.donor(programme)
    version = material(programme)
    assert queries.progress_of(version) == queries.renewal.Progress(due=2, signed=0, overdue=0)
    actions.change_choices(
        donor=signs, choices=make.choices(ancestry=None), typed_name=name_of(signs), by=signs.person.user
    )
    later(monkeypatch, 61)
    steward = signed_in(make.steward(programme))
    page = text_of(steward.get(f"/staff/forms/{version.pk}/"))
    assert queries.progress_of(version) == queries.renewal.Progress(due=0, signed=1, overdue=1)
    assert "are overdue" in page
    assert "1 signed, 1 overdue" in text_of(steward.get("/staff/forms/"))
    assert "The day was" in text_of(signed_in(donor.person.user).get(f"/my-choices/{donor.pk}/renew/"))


def test_publishing_on_the_page_insists_and_keeps_what_was_typed(programme: Programme) -> None:
    make.form(programme)
    by = make.steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=by)
    client, address = signed_in(by), f"/staff/forms/{draft.pk}/publish/"
    assert "ancestors came from” is new." in text_of(client.get(address))
    page = text_of(client.post(address, {"change": "minor", "summary": "Typed with care.", "days": "60"}))
    assert "because the choices are not the same" in page
    assert "Typed with care." in page
    assert "Say whether donors have to sign again." in text_of(client.post(address, {}))
    client.post(address, {"change": "material", "summary": "Typed with care.", "days": "60"})
    draft.refresh_from_db()
    assert (draft.state, draft.change) == ("published", "material")


def test_what_was_read_is_what_is_signed_or_it_is_refused(programme: Programme) -> None:
    donor, user = make.donor(programme), core.user()
    old = make.form(programme)
    make.next_form(programme)
    with pytest.raises(Conflict, match="newer one"):
        actions.sign(
            user=user, version=old, choices=make.choices(), typed_name="A B", given_name="A", family_name="B",
            birth_date=donor.person.birth_date, by=user,
        )  # fmt: skip
    with pytest.raises(Conflict, match="newer one"):
        actions.change_choices(
            donor=donor, choices=make.choices(), typed_name=name_of(donor), version=old, by=donor.person.user
        )
    assert donor.signatures.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_stewards_who_publish_at_once_leave_one_version(programme: Programme) -> None:
    make.form(programme)
    drafts = [
        actions.draft_form(programme=programme, slug="main", content=default_content(), by=by)
        for by in (make.steward(programme), make.steward(programme))
    ]
    both = Barrier(2)

    def publish(draft: FormVersion) -> str:
        try:
            both.wait()
            by = make.steward(programme)
            actions.publish_form(version=draft, change=Change.MINOR, summary="A clearer sentence.", by=by)
            return "published"
        except Conflict:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(publish, drafts))
    assert answers in (["published", "published"], ["published", "refused"])
    mine = FormVersion.objects.filter(form__programme=programme)
    assert mine.filter(state="published").count() == 1
    assert queries.published_form(programme.pk) == mine.filter(change="minor").latest("published_at")


@pytest.mark.django_db(transaction=True)
def test_signing_while_another_is_published_signs_what_was_shown_or_nothing(programme: Programme) -> None:
    old = make.form(programme)
    by, user = make.steward(programme), core.user()
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=by)
    both = Barrier(2)

    def publish() -> None:
        try:
            both.wait()
            actions.publish_form(version=draft, change=Change.MATERIAL, summary="A choice is new.", by=by)
        finally:
            connection.close()

    def sign() -> None:
        try:
            both.wait()
            actions.sign(
                user=user, version=old, choices=make.choices(), typed_name="A B", given_name="A", family_name="B",
                birth_date=timezone.now().date() - timedelta(days=9_000), by=user,
            )  # fmt: skip
        except Conflict:
            pass  # the other was faster
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(publish), threads.submit(sign)]:
            done.result()
    for signature in Signature.objects.all():
        assert signature.form_version == old
        assert signature.text_sha256 == old.text_sha256
        assert queries.renewal_of(signature.donor_id) is not None, "who signed the old one is asked for the new one"
