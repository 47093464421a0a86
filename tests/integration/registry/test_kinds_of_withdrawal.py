"""How far a donor goes: no contact, nothing new, no further use, erase; what each stops, and from which moment."""

import json
import re

import pytest
from django.core import mail
from django.test import Client

from consent import queries as consented
from consent.models import Withdrawal
from consent.rules.effects import CHOICES, Change, Effect, foresee
from consent.rules.form_content import choices_of
from consent.rules.forms import terms_from_choices
from core.accounts.models import Programme
from core.canonical import digest_of
from core.due.run import drain
from core.errors import Conflict, Invalid
from registry import actions, queries
from registry.models import Donation, HolderNotice
from registry.queries.recall import notice_key
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.registry.leaving import withdraw

pytestmark = pytest.mark.django_db


def said(effects: list[Effect], *, final: bool) -> str:
    """The sentences of one sort."""
    return " ".join(effect.text for effect in effects if effect.is_final is final)


def test_nothing_new_ends_what_is_to_come_and_leaves_what_runs(programme: Programme) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    make.images(donor, 2)
    make.images(other, 1)
    dataset = make.dataset(programme)
    version = make.version(dataset)
    running = make.grant(version)
    unsent = make.donation(donor, 1, submitted=False)
    withdraw(donor, "nothing_new")
    assert consented.may_donate(donor.pk), "the consent is in force, so that what was granted goes on"
    later = make.grant(version)
    assert queries.entries_for(running).filter(donor_id=donor.pk).count() == 2
    assert not queries.entries_for(later).filter(donor_id=donor.pk).exists()
    unsent.refresh_from_db()
    assert unsent.state == "abandoned"
    with pytest.raises(Conflict, match="nothing new"):
        actions.start_donation(donor=donor, by=make.user_of(donor))
    drain()
    assert Withdrawal.objects.get(donor=donor).state == "complete"
    next_one = make.version(dataset)
    assert not next_one.entries.filter(donor=donor).exists()
    consent.actions.allow_new(
        donor=donor, typed_name=f"{donor.person.given_name} {donor.person.family_name}", by=make.user_of(donor)
    )
    assert queries.entries_for(later).filter(donor_id=donor.pk).count() == 2
    assert actions.start_donation(donor=donor, by=make.user_of(donor)).state == "open"


def test_a_version_being_made_is_chosen_anew_without_who_wants_nothing_new(programme: Programme) -> None:
    from registry.work.freezing import _choose_entries

    donor, other = consent.donor(programme), consent.donor(programme)
    for each in (donor, other):
        make.images(each, 1)
    made = actions.freeze_version(dataset=make.dataset(programme), bump="minor", by=consent.steward(programme))
    assert _choose_entries(made)
    assert made.entries.filter(donor=donor).exists()
    withdraw(donor, "nothing_new")
    drain()
    made.refresh_from_db()
    assert made.state == "frozen"
    assert not made.entries.filter(donor=donor).exists()


def test_no_contact_stops_mail_and_nothing_else(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    withdraw(donor, "no_contact")
    drain()
    mail.outbox.clear()
    withdraw(donor, "no_further_use")
    drain()
    assert [message for message in mail.outbox if make.user_of(donor).email in message.to] == []
    assert Withdrawal.objects.get(donor=donor, kind="no_further_use").state == "complete"


def test_who_has_withdrawn_can_still_be_erased_and_goes_no_way_twice(programme: Programme) -> None:
    donor = consent.donor(programme)
    user = make.user_of(donor)
    withdraw(donor, "no_further_use")
    for kind in ("no_further_use", "nothing_new"):
        with pytest.raises(Conflict):
            withdraw(donor, kind)
    client = Client()
    client.force_login(user)
    page = client.get("/withdraw/").content.decode()
    assert "Delete my account too" in page
    second = client.post(f"/withdraw/{donor.pk}/erase/")["Location"]
    assert client.post(f"/withdraw/{donor.pk}/erase/")["Location"] == second
    drain()
    assert set(Withdrawal.objects.values_list("kind", "state")) == {
        ("no_further_use", "complete"),
        ("erase", "complete"),
    }
    user.refresh_from_db()
    assert not user.is_active
    with pytest.raises(Invalid):
        withdraw(consent.donor(programme), "everything")


def test_the_five_ways_lead_where_they_say_and_a_limit_is_lifted_again(programme: Programme) -> None:
    donor = consent.donor(programme)
    client = Client()
    client.force_login(make.user_of(donor))
    page = client.get("/withdraw/").content.decode()
    assert page.count('type="radio"') == 5
    assert "why" not in re.sub("do not have to say why", "", page)
    assert client.post("/withdraw/", {"donor": donor.pk, "kind": "narrower"})["Location"] == f"/my-choices/{donor.pk}/"
    for kind, lifted in (("no_contact", "news"), ("nothing_new", "new-research")):
        address = client.post("/withdraw/", {"donor": donor.pk, "kind": kind})["Location"]
        assert "What happens then" in client.get(address).content.decode()
        tracker = client.post(address)["Location"]
        assert client.post(address)["Location"] == tracker
        drain()
        assert "See the certificate" in client.get(tracker).content.decode()
        assert lifted in client.get("/my-choices/").content.decode()
    client.post(f"/my-choices/{donor.pk}/news/")
    assert consented.may_contact(donor.pk)
    address = f"/my-choices/{donor.pk}/new-research/"
    shown = re.search(r'name="shown" value="([^"]+)"', client.get(address).content.decode())
    assert shown
    name = f"{donor.person.given_name} {donor.person.family_name}"
    signed = {"shown": shown[1], "typed_name": name, "password": core.PASSWORD}
    assert "not your password" in client.post(address, {**signed, "password": "x"}).content.decode()
    assert client.post(address, signed)["Location"].startswith("/receipts/")
    assert consented.may_give_new(donor.pk)
    assert client.get(address).status_code == 409
    assert "/withdrawals/" in client.post(f"/withdraw/{donor.pk}/nothing_new/")["Location"], "and limited once more"
    assert Withdrawal.objects.filter(kind="nothing_new").count() == 2


def test_the_effect_of_other_choices_is_counted_from_the_rows_before_they_are_signed(programme: Programme) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    for each in (donor, other):
        make.images(each, 1)
    use = {"hmb": True, "commercial": False, "train_model": True, "share_weights": False}
    trains, open_to_all = make.dataset(programme, use=use), make.dataset(programme)
    version = make.version(trains)
    make.version(open_to_all)
    project = make.grant(version)
    content = choices_of(consent.form(programme).content)
    narrower = terms_from_choices(content, consent.choices(train_models=False, share_weights=None))
    effects = foresee(donor.pk, Change(CHOICES, narrower))
    words = said(effects, final=False)
    assert f"Your scans leave 1 collection when a new version is made: “{trains.title}”." in words
    assert f"1 research project can no longer use your scans: “{project.request.title}”." in words
    same = terms_from_choices(content, consent.choices())
    assert "1 research project goes on using your scans" in said(foresee(donor.pk, Change(CHOICES, same)), final=False)
    client = Client()
    client.force_login(make.user_of(donor))
    form = {"may": ["general_research", "health_research", "cancer_research"]}
    form |= {"choice_commercial_use": "yes", "choice_train_models": "no"}
    page = client.get(client.post(f"/my-choices/{donor.pk}/", form)["Location"]).content.decode()
    assert "1 research project can no longer use your scans" in page
    consent.actions.change_choices(
        donor=donor,
        choices=consent.choices(train_models=False, share_weights=None),
        typed_name=f"{donor.person.given_name} {donor.person.family_name}",
        by=make.user_of(donor),
    )
    assert not queries.entries_for(project).filter(donor_id=donor.pk).exists(), "what was said is what happens"
    assert not make.version(trains).entries.filter(donor=donor).exists()


def test_what_leaving_would_do_is_said_first_and_what_is_final_before_all(programme: Programme) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    make.images(donor, 3)
    make.images(other, 1)
    make.version(make.dataset(programme))
    client = Client()
    client.force_login(make.user_of(donor))
    page = client.get(f"/withdraw/{donor.pk}/erase/").content.decode()
    assert page.index("3 images that you gave are deleted") < page.index("What happens then")
    assert page.index("locked away for 365 days") < page.index("What happens then")
    assert "1 collection with your scans: closed to new use at once" in page
    Programme.objects.update(identity_kept_days=0)
    assert "deleted at once" in client.get(f"/withdraw/{donor.pk}/erase/").content.decode()
    assert "image" not in said(foresee(other.pk, Change("no_contact")), final=True)


def test_holders_answer_by_link_or_lose_their_access_and_only_then_there_is_a_certificate(programme: Programme) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    for each in (donor, other):
        make.images(each, 1)
    version = make.version(make.dataset(programme))
    answers, silent, unsigned = make.grant(version), make.grant(version), make.grant(version, signed=False)
    withdrawal = withdraw(donor, "no_further_use")
    drain()
    assert HolderNotice.objects.filter(withdrawal=withdrawal).count() == 3
    withdrawal.refresh_from_db()
    assert withdrawal.state == "under_way"
    waiting = {step.duty for step in withdrawal.steps.exclude(state="done")}
    assert waiting == {"registry.holders"}, "what is ours is erased without waiting for others"
    client = Client()
    client.force_login(make.user_of(donor))
    address = f"/withdrawals/{withdrawal.pk}/certificate/"
    assert client.get(address).status_code == 409
    assert "to answer" in client.get(f"/withdrawals/{withdrawal.pk}/").content.decode()
    notice = HolderNotice.objects.get(grant=answers)
    link, stranger = f"/recalls/{notice.pk}/?key={notice_key(notice.pk)}", Client()
    assert stranger.get(f"/recalls/{notice.pk}/").status_code == 302
    assert stranger.get(f"/recalls/{notice.pk}/?key=guess").status_code == 302
    assert stranger.post(f"/recalls/{notice.pk}/?key=guess").status_code == 302
    assert "A donor whose images are in it has withdrawn" in stranger.get(link).content.decode()
    notice.refresh_from_db()
    assert notice.attested_at is None
    stranger.post(link)
    assert "You confirmed this" in stranger.get(link).content.decode()
    from django.utils import timezone

    from core.due.models import DueWork
    from registry.work import end_unanswered

    HolderNotice.objects.filter(grant=silent).update(deadline=timezone.now())
    assert end_unanswered() == 1
    DueWork.objects.filter(done=False).update(due_at=timezone.now())
    drain()
    silent.refresh_from_db()
    assert (silent.state, silent.revoked_reason) == ("revoked", "withdrawal_unanswered")
    unsigned.refresh_from_db()
    assert unsigned.state == "offered"
    withdrawal.refresh_from_db()
    proof = withdrawal.steps.get(duty="registry.holders").proof
    assert proof == {"holders": 3, "holders_answered": 1, "access_ended": 1}
    page = client.get(address).content.decode()
    assert "Every stored copy deleted, and checked" in page
    assert "Lovelace" not in page
    body = json.loads(client.get(f"{address}?format=json").content)
    assert digest_of(body["certificate"]) == body["sha256"] == withdrawal.certificate_sha256
    assert all(step["proof"] and step["done_at"] for step in body["certificate"]["steps"])
    withdrawal.steps.filter(duty="registry.files").update(proof={})
    assert client.get(address).status_code == 409, "rows that were tampered with certify nothing"
    assert Donation.objects.filter(donor=donor, state="withdrawn").exists()
