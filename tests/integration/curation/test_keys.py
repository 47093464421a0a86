"""Key domains: one a programme, wrapped, and never the same key for two donors or two programmes."""

import pytest
from django.test import override_settings

from core.accounts.models import Programme
from core.ids import new_id
from curation.deid import SubjectKey
from curation.models import KeyDomain
from curation.work.keys import KeyUnusable, domain_of, group_key, subject_key

pytestmark = pytest.mark.django_db


def test_a_programme_has_one_domain_however_often_it_is_asked_for(programme: Programme) -> None:
    assert domain_of(programme.pk) == domain_of(programme.pk)
    assert KeyDomain.objects.count() == 1


def test_of_two_workers_that_make_it_at_once_one_wins(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    from curation.work import keys

    wrap = keys._wrapped
    rival: list[KeyDomain] = []

    def slowly(domain_id: object) -> bytes:
        if not rival:  # while this worker wraps its key, another has made the domain
            rival.append(KeyDomain.objects.create(programme=programme, wrapped_key=wrap(new_id())))
        return wrap(domain_id)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(keys, "_wrapped", slowly)
    assert domain_of(programme.pk) == rival[0]


def test_keys_differ_by_donor_and_by_programme_and_do_not_change(
    programme: Programme, other_programme: Programme
) -> None:
    ada, ben = new_id(), new_id()
    here, there = domain_of(programme.pk), domain_of(other_programme.pk)
    keys = [subject_key(here, ada), subject_key(here, ben), subject_key(there, ada)]
    assert len({bytes(key) for key in keys}) == 3
    assert subject_key(KeyDomain.objects.get(pk=here.pk), ada) == keys[0]


def test_the_key_of_sites_and_devices_is_the_programmes(programme: Programme, other_programme: Programme) -> None:
    here, there = domain_of(programme.pk), domain_of(other_programme.pk)
    assert group_key(here) == group_key(KeyDomain.objects.get(pk=here.pk)) != group_key(there)
    assert group_key(here) != subject_key(here, new_id())
    assert bytes(group_key(here)).hex() not in f"{group_key(here)!r} {group_key(here)}"


def test_the_stored_key_is_wrapped_and_no_key_is_ever_shown(programme: Programme) -> None:
    domain = domain_of(programme.pk)
    key = subject_key(domain, new_id())
    assert isinstance(key, SubjectKey)
    assert bytes(key).hex() not in f"{key!r} {key} {domain!r}"
    assert len(bytes(domain.wrapped_key)) == 12 + 32 + 16


@pytest.mark.parametrize("master", ["00" * 32, "00" * 16, "not hex", ""])
def test_a_wrong_master_key_opens_nothing_and_says_what_to_set(programme: Programme, master: str) -> None:
    domain = domain_of(programme.pk)
    with override_settings(MASTER_KEY=master), pytest.raises(KeyUnusable, match="DONARA_MASTER_KEY"):
        subject_key(domain, new_id())


def test_a_key_wrapped_for_one_domain_does_not_open_as_another(
    programme: Programme, other_programme: Programme
) -> None:
    here, there = domain_of(programme.pk), domain_of(other_programme.pk)
    there.wrapped_key = here.wrapped_key
    with pytest.raises(KeyUnusable):
        subject_key(there, new_id())
