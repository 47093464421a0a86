"""Whoever signs gets one e-mail with the link to their receipt, and it says nothing of health."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client

from consent import actions
from consent.models import Donor, Signature
from core.accounts.models import Programme
from core.notifications.models import Notice
from core.notifications.work import email
from tests.factories import consent as make

pytestmark = pytest.mark.django_db


def receipts(donor: Donor) -> list[EmailMessage]:
    """The e-mails to the donor that lead to a receipt, oldest first."""
    return [each for each in mail.outbox if donor.person.user.email in each.to and "/receipts/" in each.body]


def name(donor: Donor) -> str:
    return f"{donor.person.given_name} {donor.person.family_name}"


def test_the_link_leads_its_owner_to_the_receipt_and_nobody_else(
    programme: Programme, drain: Callable[[], int]
) -> None:
    donor, other = make.donor(programme), make.donor(programme)
    drain()
    (sent,) = receipts(donor)
    link = f"/receipts/{donor.signatures.get().pk}/"
    assert link in sent.body
    client = Client()
    assert client.get(link).status_code == 302, "one has to sign in first"
    client.force_login(donor.person.user)
    assert client.get(link).status_code == 200
    client.force_login(other.person.user)
    assert client.get(link).status_code == 404


def test_it_holds_no_name_no_choice_and_no_programme(programme: Programme, drain: Callable[[], int]) -> None:
    donor = make.donor(programme)
    drain()
    (sent,) = receipts(donor)
    told = f"{sent.subject} {sent.body}".casefold()
    secrets = (donor.person.given_name, donor.person.family_name, programme.name, programme.slug)
    for word in (*secrets, "cancer", "scan", "image", "sign for", "consent", "research"):
        assert word.casefold() not in told


def test_it_is_sent_once_however_often_a_worker_or_the_act_is_tried(
    programme: Programme, drain: Callable[[], int]
) -> None:
    donor = make.donor(programme)
    drain()
    notice = Notice.objects.get(user=donor.person.user, dedupe__contains="receipt:")
    email(notice.pk)
    actions.telling.tell_of_receipt(donor.person, donor.signatures.get())
    drain()
    assert len(receipts(donor)) == 1


def test_a_signature_that_is_rolled_back_tells_nobody(programme: Programme, drain: Callable[[], int]) -> None:
    before = Notice.objects.count()
    with transaction.atomic():
        make.donor(programme)
        transaction.set_rollback(True)
    drain()
    assert Notice.objects.count() == before
    assert not Signature.objects.exists()


def test_each_later_signature_has_its_own_and_who_wants_no_e_mail_gets_none(
    programme: Programme, drain: Callable[[], int]
) -> None:
    donor = make.donor(programme)
    by = donor.person.user
    actions.change_choices(
        donor=donor, choices=make.choices(train_models=False, share_weights=None), typed_name=name(donor), by=by
    )
    drain()
    assert len(receipts(donor)) == 2
    actions.withdraw(donor=donor, kind="no_contact", by=by)
    actions.withdraw(donor=donor, kind="nothing_new", by=by)
    actions.allow_new(donor=donor, typed_name=name(donor), by=by)
    drain()
    assert len(receipts(donor)) == 2
    assert Notice.objects.filter(user=by, dedupe__contains="receipt:").count() == 3
