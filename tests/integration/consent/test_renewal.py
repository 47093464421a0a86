"""A material change asks everybody again; who does not sign rests by the date alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent import actions, queries
from consent.models import CurrentConsent, Signature, UseVerdict
from consent.queries.standing import standing
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from core.accounts.models import Programme
from core.actors import SystemActor
from tests.factories import consent as make
from tests.integration.consent.renewing import UNIVERSITY, material, name_of

pytestmark = pytest.mark.django_db


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
    actions.record_verdicts(question=UNIVERSITY, programme_id=programme.pk, by=SystemActor("test"))
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
