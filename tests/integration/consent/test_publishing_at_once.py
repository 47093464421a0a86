"""What was read is what is signed, also while another version is published at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from consent import actions, queries
from consent.models import FormVersion, Signature
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from core.accounts.models import Programme
from core.errors import Conflict
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.renewing import name_of, reworded

pytestmark = pytest.mark.django_db


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
