"""My choices and withdrawing, by plain forms and links: the effect first, one act, every step shown, nobody else's."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from consent import actions
from consent.models import Donor, Person, Withdrawal
from consent.queries import may_donate, withdrawal_key
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of

pytestmark = pytest.mark.django_db
NO_TRAINING = {
    "may": ["general_research", "health_research", "cancer_research"],
    "choice_commercial_use": "yes",
    "choice_train_models": "no",
}


def the_user(donor: Donor) -> User:
    return User.objects.get(pk=Person.objects.get(donor=donor).user_id)


def client_of(donor: Donor) -> Client:
    return signed_in(the_user(donor))


def confirm(client: Client, donor: Donor, **changes: str):
    address = f"/my-choices/{donor.pk}/confirm/"
    shown = re.search(r'name="shown" value="([^"]+)"', text_of(client.get(address)))[1]
    name = f"Ada {Person.objects.get(donor=donor).family_name}"
    return client.post(address, {"shown": shown, "typed_name": name, "password": core.PASSWORD, **changes})


def test_a_change_shows_its_effect_and_counts_only_when_signed(programme: Programme) -> None:
    donor = make.donor(programme)
    client = client_of(donor)
    assert "training computer models" in text_of(client.get("/my-choices/"))
    page = text_of(client.get(f"/my-choices/{donor.pk}/"))
    assert page.count(" checked") == 6
    moved = client.post(f"/my-choices/{donor.pk}/", NO_TRAINING)
    assert moved["Location"] == f"/my-choices/{donor.pk}/confirm/"
    effect = text_of(client.get(moved["Location"]))
    assert "No longer allowed" in effect
    assert "<li>training computer models (AI)</li>" in effect.split("Newly allowed")[0]
    assert donor.signatures.count() == 1
    assert "This is not your password" in text_of(confirm(client, donor, password="wrong"))
    done = confirm(client, donor)
    assert donor.signatures.count() == 2
    assert "Your new choices" in text_of(client.get(done["Location"]))
    after = text_of(client.get("/my-choices/"))
    assert "You changed your choices" in after
    assert after.count("/receipts/") == 2
    assert "training computer models" in after.split("It cannot be used for")[1]


def test_a_change_that_changes_nothing_asks_for_no_signature(programme: Programme) -> None:
    donor = make.donor(programme)
    client = client_of(donor)
    client.post(
        f"/my-choices/{donor.pk}/", {**NO_TRAINING, "choice_train_models": "yes", "choice_share_weights": "yes"}
    )
    page = text_of(client.get(f"/my-choices/{donor.pk}/confirm/"))
    assert "nothing would change" in page
    assert 'name="password"' not in page


def test_incomplete_changes_keep_what_was_chosen(programme: Programme) -> None:
    donor = make.donor(programme)
    page = text_of(client_of(donor).post(f"/my-choices/{donor.pk}/", {"may": "cancer_research"}))
    assert "Please answer yes or no" in page
    assert page.count(" checked") == 1


def test_another_donors_pages_are_not_there(programme: Programme) -> None:
    donor, other = make.donor(programme), make.donor(programme)
    withdrawal = actions.withdraw(donor=make.donor(programme), kind="erase", by=the_user(Donor.objects.latest("id")))
    stranger = client_of(other)
    for page in (f"/my-choices/{donor.pk}/", f"/my-choices/{donor.pk}/confirm/", f"/withdraw/{donor.pk}/erase/"):
        assert stranger.get(page).status_code == 404
        assert stranger.post(page).status_code == 404
    assert stranger.get(f"/withdrawals/{withdrawal.pk}/").status_code == 404
    assert stranger.get(f"/withdrawals/{withdrawal.pk}/?key=guess").status_code == 404
    chosen = {"donor": donor.pk, "kind": "erase"}
    assert "There is a problem" in text_of(stranger.post("/withdraw/", chosen))
    assert may_donate(donor.pk)


def test_withdrawing_takes_three_clicks_and_posting_twice_changes_nothing(
    programme: Programme, drain: Callable[[], int]
) -> None:
    donor = make.donor(programme)
    client = client_of(donor)
    assert 'href="/withdraw/"' in text_of(client.get("/my-choices/"))
    page = text_of(client.get("/withdraw/"))
    assert page.index("What cannot be undone") < page.index("What would you like?")
    assert "Choose one of these." in text_of(client.post("/withdraw/", {"donor": donor.pk}))
    confirm_page = client.post("/withdraw/", {"donor": donor.pk, "kind": "no_further_use"})["Location"]
    assert "It counts from the moment" in text_of(client.get(confirm_page))
    assert may_donate(donor.pk)
    tracker = client.post(confirm_page)["Location"]
    assert not may_donate(donor.pk)
    assert client.post(confirm_page)["Location"] == tracker
    assert Withdrawal.objects.count() == 1
    page = text_of(client.get(tracker))
    assert 'hx-trigger="every 3s"' in page
    assert f'href="{tracker}">load it again' in page
    fragment = client.get(tracker, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert "<html" not in text_of(fragment)
    drain()
    page = text_of(client.get(tracker))
    assert "every 3s" not in page
    assert "Every step was done" in page
    assert "You were told in your inbox" in page
    assert client.get(tracker, headers={"HX-Request": "true"}).status_code == 286  # htmx stops asking
    assert "withdrawn already" in text_of(client.get("/withdraw/"))
    assert "You withdrew" in text_of(client.get("/my-choices/"))
    assert client.get(f"/my-choices/{donor.pk}/").status_code == 409


def test_someone_erased_still_sees_each_step_by_the_address_they_kept(
    programme: Programme, drain: Callable[[], int]
) -> None:
    donor = make.donor(programme)
    client = client_of(donor)
    tracker = client.post(f"/withdraw/{donor.pk}/erase/")["Location"]
    assert "Keep this address" in text_of(client.get(tracker))
    drain()
    page = text_of(client.get(tracker))
    assert "Your name and birth date were deleted." in page
    assert "Lovelace" not in page
    bare, _, key = tracker.partition("?key=")
    assert client.get(bare)["Location"].startswith("/accounts/login/")
    assert Client().get(f"{bare}?key={key[:-1]}x").status_code == 302
    other = actions.withdraw(donor=make.donor(programme), kind="erase", by=the_user(Donor.objects.latest("id")))
    assert key != withdrawal_key(other.pk)
    assert Client().get(f"/withdrawals/{other.pk}/?key={key}").status_code == 302


def test_someone_with_two_gifts_says_which(programme: Programme, other_programme: Programme) -> None:
    donor = make.donor(programme)
    user = the_user(donor)
    second = make.donor(other_programme, user=user)
    client = signed_in(user)
    assert "Choose the programme" in text_of(client.post("/withdraw/", {"kind": "erase"}))
    moved = client.post("/withdraw/", {"kind": "erase", "donor": second.pk})
    client.post(moved["Location"])
    assert may_donate(donor.pk)
    assert not may_donate(second.pk)
    page = text_of(client.get("/my-choices/"))
    assert page.index("In force") < page.index("Withdrawn")


def test_someone_who_gave_nothing_is_told_so() -> None:
    client = signed_in(core.user())
    assert "not signed anything yet" in text_of(client.get("/my-choices/"))
    assert "nothing to withdraw" in text_of(client.get("/withdraw/"))
    assert "nothing to withdraw" in text_of(client.post("/withdraw/", {"kind": "erase"}))


@pytest.mark.parametrize("role", [Role.STEWARD, Role.AUDITOR])
def test_those_who_watch_see_duties_and_never_who(
    programme: Programme, other_programme: Programme, role: Role, drain: Callable[[], int]
) -> None:
    donor = make.donor(programme)
    user = the_user(donor)
    withdrawal = actions.withdraw(donor=donor, kind="erase", by=user)
    watcher, elsewhere = signed_in(core.user(programme, role)), signed_in(core.user(other_programme, role))
    for _ in range(2):
        for page in ("/staff/withdrawals/", f"/withdrawals/{withdrawal.pk}/"):
            shown = text_of(watcher.get(page))
            assert str(withdrawal.pk) in shown or "storage.everywhere" in shown
            for secret in ("Lovelace", user.email, str(donor.pk), str(user.pk), withdrawal_key(withdrawal.pk)):
                assert secret not in shown
        drain()
    assert "Nobody has withdrawn" in text_of(elsewhere.get("/staff/withdrawals/"))
    assert elsewhere.get(f"/withdrawals/{withdrawal.pk}/").status_code == 404
    assert signed_in(core.user()).get("/staff/withdrawals/").status_code == 404
