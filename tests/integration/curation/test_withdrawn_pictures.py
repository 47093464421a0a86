"""From the click on, before any worker comes, curators see nothing of a donor who has withdrawn, by list or address."""

import pytest
from django.test import Client
from django.urls import reverse

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.due.run import drain
from core.errors import Missing
from curation import queries
from curation.models import Series
from curation.queries.pictures import Picture, picture_of
from curation.queries.probes import planted_seen_by
from tests.factories import consent, curation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["no_further_use", "erase"])
def test_no_picture_opens_between_the_click_and_the_workers(programme: Programme, kind: str) -> None:
    leaver, stayer = consent.donor(programme), consent.donor(programme)
    for donor in (leaver, stayer):
        curation.donation(donor, curation.image(donor))
    drain()
    curator = curation.curator(programme)
    theirs, others = Series.objects.get(donor=leaver), Series.objects.get(donor=stayer)
    probe = curation.missed(theirs, curator)
    picture, kept = theirs.derivations.get(), others.derivations.get()
    assert picture_of(curator, picture.pk)
    assert planted_seen_by(curator, probe.pk)
    client = Client()
    client.force_login(curator)
    address = reverse("curation:render", args=[picture.pk])
    assert client.get(address).status_code == 200
    consent_actions.withdraw(donor=leaver, kind=kind, by=leaver.person.user)
    for _ in range(2):
        for which in Picture:
            with pytest.raises(Missing):
                picture_of(curator, picture.pk, which=which)
        with pytest.raises(Missing):
            planted_seen_by(curator, probe.pk)
        assert list(queries.worklist(curator)) == [others], "list and address agree"
        assert picture_of(curator, kept.pk)
        assert client.get(address).status_code == 404
        drain()
