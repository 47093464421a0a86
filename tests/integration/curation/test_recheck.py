"""All clean files are looked through again: what is found stops, what is not is left alone, and a report says both."""

import json
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pydicom import dcmread

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.actors import SystemActor
from core.audit.models import Event
from core.due.run import drain as run_due
from core.errors import Conflict, NotAllowed
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import ObjectState, Zone
from curation import actions, queries
from curation.models import Derivation, Recheck, Rechecked, Refusal, Series
from curation.rules.recheck_report import as_csv
from curation.work import look, recheck, settle
from registry import actions as registry
from registry.models import DonatedFile, IdentityReport, Image
from registry.rules.recall import Where
from tests.factories import consent, core
from tests.factories import curation as make

pytestmark = pytest.mark.django_db
CLOCK = SystemActor("clock")


def accepted(programme: Programme, images: int = 2) -> Series:
    """A series in the registry."""
    series = make.waiting_series(programme, images)
    make.accept(series, by=make.curator(programme))
    run_due()
    series.refresh_from_db()
    return series


def rewrite(derivation: Derivation, **values: Any) -> None:
    """Older rules had left these values in a clean file: its stored bytes and every row that names them say so."""
    thing = derivation.output
    dataset = dcmread(BytesIO(storage.read(thing)))
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    store().delete(Zone.CLEAN, thing.key)
    StoredObject.objects.filter(pk=thing.pk).update(state=ObjectState.RESERVED)
    thing.refresh_from_db()
    storage.write(thing, out.getvalue(), by=core.SETUP)
    Derivation.objects.filter(pk=derivation.pk).update(output_sha256=thing.sha256, rules_digest="0" * 64)
    Image.objects.filter(file_id=derivation.file_id).update(sha256=thing.sha256)


def done(programme: Programme) -> Recheck:
    """A recheck from beginning to end."""
    begun = actions.start_recheck(programme=programme, by=core.user(programme, Role.STEWARD))
    run_due()
    begun.refresh_from_db()
    assert begun.state == "done"
    return begun


def outcomes(found: Recheck) -> dict[str, int]:
    """How many files came to what, of what occurred."""
    return {code: number for code, number in queries.report_on(found).outcomes.items() if number}


def test_what_is_clean_stays_and_is_not_looked_at_twice_under_the_same_rules(programme: Programme) -> None:
    series = accepted(programme)
    make.waiting_series(programme, 1)
    assert outcomes(done(programme)) == {"unchanged": 3}
    assert outcomes(done(programme)) == {"known": 3}
    assert set(Image.objects.values_list("state", flat=True)) == {"available"}
    assert Series.objects.get(pk=series.pk).state == "accepted"
    assert not IdentityReport.objects.exists()


def test_mended_code_looks_at_everything_again(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(programme)
    done(programme)
    monkeypatch.setattr(recheck, "code_digest", lambda: "f" * 64)
    assert outcomes(done(programme)) == {"unchanged": 2}


def test_what_todays_rules_would_take_out_is_recalled_with_its_series(programme: Programme) -> None:
    series = accepted(programme)
    bad = series.derivations.order_by("pk")[0]
    rewrite(bad, PatientAddress="12 Elm Street")
    found = done(programme)
    report = queries.report_on(found)
    assert outcomes(found) == {"unchanged": 1, "hit": 1}
    assert report.codes == {"00101040": 1}
    assert report.rules_before == {"0" * 64: 1, found.rules_digest: 1}
    assert set(Image.objects.values_list("state", flat=True)) == {"recalled"}
    opened = IdentityReport.objects.get()
    assert (opened.recheck_id, opened.state, opened.reporter_id) == (found.pk, "open", None)
    assert report.recalled == 1
    assert [row["derivation"] for row in json.loads(json.dumps(report.as_dict()))["files"]] == [str(bad.pk)]
    assert as_csv(report.files).splitlines()[1].startswith(str(bad.pk))
    assert "Elm" not in json.dumps(report.as_dict()) + " ".join(Event.objects.values_list("data", flat=True))


def test_a_name_that_stayed_in_a_text_is_found_since_the_registry_knows_the_donor(programme: Programme) -> None:
    series = accepted(programme)
    name = series.donor.person.family_name
    rewrite(series.derivations.order_by("pk")[0], SeriesDescription=f"CHEST {name}")
    assert outcomes(done(programme)) == {"unchanged": 1, "hit": 1}


def test_a_hit_that_a_steward_found_to_be_nothing_is_left_alone_under_the_same_rules(programme: Programme) -> None:
    series = accepted(programme)
    rewrite(series.derivations.order_by("pk")[0], PatientAddress="12 Elm Street")
    done(programme)
    steward = core.user(programme, Role.STEWARD)
    registry.dismiss_report(report=IdentityReport.objects.get(), reason="made_up", by=steward)
    assert outcomes(done(programme)) == {"known": 2}
    assert set(Image.objects.values_list("state", flat=True)) == {"available"}


def test_a_series_that_waits_for_a_curator_is_rejected(programme: Programme) -> None:
    series = make.waiting_series(programme, 1)
    rewrite(series.derivations.get(), PatientAddress="12 Elm Street")
    assert outcomes(done(programme)) == {"hit": 1}
    series.refresh_from_db()
    assert (series.state, series.reason) == ("rejected", "recheck")
    assert Refusal.objects.get().reason == "recheck"
    assert series.derivations.get().output.state == ObjectState.ERASED
    assert DonatedFile.objects.get().donation.state == "settled"


def test_what_cannot_be_read_is_told_and_what_was_withdrawn_is_not_touched(programme: Programme) -> None:
    lost, leaver = accepted(programme, 1), accepted(programme, 1)
    begun = actions.start_recheck(programme=programme, by=core.user(programme, Role.STEWARD))
    store().delete(Zone.CLEAN, lost.derivations.get().output.key)
    consent_actions.withdraw(donor=leaver.donor, kind="no_further_use", by=leaver.donor.person.user)
    assert recheck.recheck_step(begun.pk) is None
    assert outcomes(begun) == {"unreadable": 1, "gone": 1}
    assert Image.objects.get(donor=leaver.donor).state == "withdrawn"


def test_it_goes_on_where_it_was_killed_and_notes_no_file_twice(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(programme, 5)
    monkeypatch.setattr(recheck, "BATCH", 2)
    begun = actions.start_recheck(programme=programme, by=core.user(programme, Role.STEWARD))
    real, seen = look.look, []

    class Killed(BaseException):
        """As if the worker had been killed: nothing catches it."""

    def dies(data: bytes, engine: Any, risk: Any) -> list[str]:
        seen.append(data)
        if len(seen) == 4:
            raise Killed
        return real(data, engine, risk)

    monkeypatch.setattr(recheck, "look", dies)
    with pytest.raises(Killed):
        recheck.recheck_step(begun.pk)
    assert Rechecked.objects.count() == 2
    assert recheck.recheck_step(begun.pk) is None
    assert (Rechecked.objects.count(), len(seen)) == (5, 7)
    begun.refresh_from_db()
    assert begun.state == "done"


@pytest.mark.parametrize("before", [True, False], ids=["before them", "before they are noted"])
def test_a_hit_has_its_consequences_once_though_the_worker_dies(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    series = accepted(programme, 1)
    rewrite(series.derivations.get(), PatientAddress="12 Elm Street")
    begun = actions.start_recheck(programme=programme, by=core.user(programme, Role.STEWARD))
    real = settle._settle

    def dies(*given: Any) -> bool:
        if not before:
            real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(settle, "_settle", dies)
        with pytest.raises(KeyboardInterrupt):
            recheck.recheck_step(begun.pk)
    assert Rechecked.objects.get().is_settled is False
    assert recheck.recheck_step(begun.pk) is None
    assert Image.objects.get().state == "recalled"
    assert IdentityReport.objects.count() == 1


def test_two_workers_on_one_batch_note_it_once(programme: Programme) -> None:
    accepted(programme)
    begun = recheck.begin(programme.pk, by=CLOCK)
    assert begun is not None
    batch = recheck._next(begun)
    stale = Recheck.objects.get(pk=begun.pk)
    assert recheck._note(begun, batch, recheck._looked_at(begun, batch))
    assert not recheck._note(stale, batch, recheck._looked_at(stale, batch))
    assert Rechecked.objects.count() == 2


def test_two_at_once_are_refused_and_another_programme_does_not_mind(
    programme: Programme, other_programme: Programme
) -> None:
    accepted(programme, 1)
    steward = core.user(programme, Role.STEWARD)
    actions.start_recheck(programme=programme, by=steward)
    with pytest.raises(Conflict, match="already"):
        actions.start_recheck(programme=programme, by=steward)
    with pytest.raises(CommandError, match="already"):
        call_command("recheck", programme.slug)
    out = StringIO()
    call_command("recheck", other_programme.slug, stdout=out)
    assert "0 images" in out.getvalue()
    with pytest.raises(NotAllowed):
        actions.start_recheck(programme=other_programme, by=steward)
    with pytest.raises(CommandError, match="no programme"):
        call_command("recheck", "nowhere")


def test_a_confirmed_report_rejects_the_series_and_has_everything_looked_through_again(
    programme: Programme, drain: Callable[[], int]
) -> None:
    series, other = accepted(programme), accepted(programme, 1)
    image = Image.objects.filter(donor=series.donor)[0]
    report = registry.report_identity(
        programme=programme, where=Where(uid=image.sop_uid), seen="name", description="", by=CLOCK
    )
    assert queries.series_of(make.curator(programme), series.pk).state == "accepted"  # a curator can look
    registry.confirm_report(report=report, reason="writing", by=core.user(programme, Role.STEWARD))
    drain()
    series.refresh_from_db()
    assert (series.state, series.reason) == ("rejected", "recalled")
    for made in series.derivations.select_related("output", "render"):
        assert {made.output.state, made.render.state} == {"erased"}
    assert set(DonatedFile.objects.filter(donation_id=series.donation_id).values_list("state", "reason")) == {
        ("quarantined", "recalled")
    }
    found = Recheck.objects.get(report=report)
    assert (found.state, outcomes(found)) == ("done", {"unchanged": 1})
    assert set(report.steps.values_list("what", flat=True)) == {
        "series_named",
        "series_rejected",
        "images_erased",
        "recheck",
    }
    assert Series.objects.get(pk=other.pk).state == "accepted"
    drain()
    assert Recheck.objects.count() == 1


def test_the_very_image_that_was_taken_back_is_refused_when_it_is_given_again(programme: Programme) -> None:
    donor = consent.donor(programme)
    data = make.image(donor)
    given = make.donation(donor, data)
    run_due()
    series = Series.objects.get(donation_id=given.pk)
    make.accept(series, by=make.curator(programme))
    run_due()
    report = registry.report_identity(
        programme=programme, where=Where(uid=Image.objects.get().sop_uid), seen="face", description="", by=CLOCK
    )
    registry.confirm_report(report=report, reason="face", by=core.user(programme, Role.STEWARD))
    run_due()
    # The very same file is a duplicate at the door; this one is another, and is cleaned to the same bytes.
    other = dcmread(BytesIO(data))
    other.PatientAddress = "12 Elm Street"
    out = BytesIO()
    other.save_as(out, enforce_file_format=True)
    again = make.donation(donor, out.getvalue())
    run_due()
    assert not Series.objects.filter(donation_id=again.pk).exists()
    assert DonatedFile.objects.get(donation=again).reason == "recalled"
