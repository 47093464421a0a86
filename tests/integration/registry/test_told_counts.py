"""What researchers are told about donors: from one count a day, in tens, and nothing of few people."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import CurrentConsent, Tally, TermsRow
from consent.queries import tallied
from consent.rules.grammar import parse
from consent.rules.terms import canonical, digest
from consent.rules.use import Use
from core.accounts.models import Membership, Programme, User
from core.accounts.roles import Role
from core.due.run import drain
from registry import queries, work
from registry.models import DatasetVersion
from registry.queries.access import versions_to_count
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
READING = Use(hmb=True)
TRAINING = Use(hmb=True, train_model=True, share_weights=False)


@pytest.fixture
def version(programme: Programme) -> DatasetVersion:
    """Thirty donors, twelve of whom allow no training."""
    for number in range(30):
        make.images(consent.donor(programme, train_models=number >= 12), 1)
    return make.version(make.dataset(programme))


SHOWN = ("/datasets/", "/datasets/{dataset}/", "/versions/{version}/")


def pages(version: DatasetVersion, user: User) -> list[str]:
    client = Client()
    client.force_login(user)
    return [client.get(each.format(dataset=version.dataset_id, version=version.pk)).content.decode() for each in SHOWN]


def test_exact_numbers_of_donors_are_for_those_who_may_know_them(
    programme: Programme, other_programme: Programme
) -> None:
    for _ in range(7):
        make.images(consent.donor(programme), 3)
    version = make.version(make.dataset(programme))
    for role in (Role.RESEARCHER, Role.COMMITTEE, Role.JOB_REVIEWER):
        user = core.user(programme, role)
        other_role = core.user(programme, role)
        Membership.objects.create(user=other_role, programme=other_programme, role=Role.STEWARD, granted_by="test")
        for each in (user, other_role):
            for page in pages(version, each):
                assert "fewer than 10" in page
                assert ">7<" not in page
                assert "7 donors" not in page
    for role in (Role.STEWARD, Role.CURATOR, Role.AUDITOR):
        assert not any("fewer than 10" in page for page in pages(version, core.user(programme, role)))
    holder = core.user(programme, Role.RESEARCHER)
    make.grant(version, holder)
    assert not any("fewer than 10" in page for page in pages(version, holder))


def told(version: DatasetVersion, use: Use) -> str:
    found = queries.donors_told(version, use)
    assert found is not None
    return f"{found.share.part} of {found.share.whole}"


def later(monkeypatch: pytest.MonkeyPatch, **more: int) -> None:
    now = timezone.now() + timedelta(**more)
    monkeypatch.setattr("consent.work.tallies.timezone", SimpleNamespace(now=lambda: now))
    monkeypatch.setattr("registry.queries.access.timezone", SimpleNamespace(now=lambda: now))


def test_one_donors_change_shows_to_nobody_on_the_day(version: DatasetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (told(version, TRAINING), told(version, READING)) == ("20 of 30", "all or nearly all of 30")
    refusing = TermsRow.objects.get(canonical__contains="NTRAIN")
    changed = CurrentConsent.objects.exclude(terms=refusing).values_list("pk", flat=True)[:8]
    CurrentConsent.objects.filter(pk__in=list(changed)).update(terms=refusing)
    assert queries.donor_counts(version, TRAINING) == (10, 30)
    work.count_donors(version.pk)
    assert told(version, TRAINING) == "20 of 30"
    assert versions_to_count() == set()
    later(monkeypatch, days=1)
    assert versions_to_count() == {version.pk}
    drain()
    work.count_donors(version.pk)
    assert told(version, TRAINING) == "10 of 30"
    assert Tally.objects.filter(subject_id=version.pk).count() == 1


def test_a_request_is_sent_and_read_with_the_days_count(version: DatasetVersion, programme: Programme) -> None:
    """One donor's new condition, and one who leaves, show on no page of that day."""
    member = core.user(programme, Role.COMMITTEE)

    def seen() -> list[str]:
        request, found = make.request(version), []
        for reader in (request.researcher, member):
            client = Client()
            client.force_login(reader)
            page = client.get(f"/requests/{request.pk}/").content.decode()
            found.append(re.sub(r"<[^>]*>|\s+", " ", page[page.index("donors</strong>") :]))
        assert (request.permitted_donors, request.total_donors) == (18, 30)
        return found

    before = seen()
    limits = [{"code": "TS", "value": "2090-05-17"}, {"code": "IRB"}]
    limited = parse({"alternatives": [{"permission": "GRU", "modifiers": limits}]})
    row = TermsRow.objects.create(digest=digest(limited), canonical=canonical(limited))
    one, other = CurrentConsent.objects.filter(terms__canonical__contains="GRU")[:2]
    CurrentConsent.objects.filter(pk=one.pk).update(terms=row)
    CurrentConsent.objects.filter(pk=other.pk).update(terms=TermsRow.objects.get(canonical__contains="NTRAIN"))
    assert "2090" in str(queries.obligations_of(version, TRAINING))
    assert seen() == before
    Tally.objects.update(by_terms={str(row.pk): 9, str(other.terms_id): 21})
    assert queries.duties_told(version, TRAINING) == []
    Tally.objects.update(by_terms={str(row.pk): 10, str(other.terms_id): 20})
    assert [duty.code for duty in queries.duties_told(version, TRAINING)] == ["IRB", "TS"]


def test_the_count_of_a_day_is_about_that_day(version: DatasetVersion) -> None:
    limit = {"code": "TS", "value": (timezone.now().date() - timedelta(days=1)).isoformat()}
    ended = parse({"alternatives": [{"permission": "GRU", "modifiers": [limit]}]})
    row = TermsRow.objects.create(digest=digest(ended), canonical=canonical(ended))
    Tally.objects.update(by_terms={str(row.pk): 30})
    found = tallied(READING, version.pk)
    assert found is not None
    assert (found.permitted, found.total) == (0, 30)


def test_before_the_first_count_the_page_says_so(version: DatasetVersion) -> None:
    request = make.request(version, submitted=False)
    Tally.objects.all().delete()
    client = Client()
    client.force_login(request.researcher)
    assert "have not been counted yet" in client.get(f"/requests/{request.pk}/").content.decode()
    work.count_donors(version.pk)
    page = client.get(f"/requests/{request.pk}/").content.decode()
    assert "<strong>20 of 30 donors</strong> permit this purpose" in page
    assert "18" not in page.split("permit this purpose")[0].split("<strong>")[-1]
