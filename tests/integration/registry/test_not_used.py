"""What a donor and the staff read of a file that is not used: why, what can be done, by whom, and until when."""

import pytest
from django.test import Client

from core.accounts.models import Programme
from curation.web.words import SENTENCES
from registry import work
from registry.queries import files_to_clean
from registry.rules.remedies import KNOWN, NOTHING, remedy
from tests.factories import consent
from tests.factories import registry as make


def test_every_reason_has_something_that_can_be_done_or_says_that_nothing_can() -> None:
    assert set(SENTENCES) - KNOWN == set()
    assert remedy("a code of tomorrow") == NOTHING


@pytest.mark.django_db
def test_the_donor_reads_why_what_by_whom_and_until_when(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor, 3)
    cut, same, good = files_to_clean(donation.pk)
    work.mark_quarantined(cut.pk, reason="truncated", by=make.CLEANER)
    work.mark_quarantined(same.pk, reason="uid_conflict", by=make.CLEANER)
    work.mark_cleaned(good.pk, by=make.CLEANER)
    client = Client()
    client.force_login(make.user_of(donor))
    address = f"/donations/{donation.pk}/not-used/"
    assert address in client.get(f"/donations/{donation.pk}/").content.decode()
    page = client.get(address).content.decode()
    for said in ("Copy the disc again", "You can do this", "Both are kept", "one that came first", "when you withdraw"):
        assert said in page
    assert page.count("Examination ") == 2


@pytest.mark.django_db
def test_where_everything_is_used_the_page_says_so(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor, 1)
    client = Client()
    client.force_login(make.user_of(donor))
    assert "No image lies here" in client.get(f"/donations/{donation.pk}/not-used/").content.decode()
    assert "not-used" not in client.get(f"/donations/{donation.pk}/").content.decode()
