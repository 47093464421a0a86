"""No page of the registry for staff and researchers has English of its own: in an invented language none is left."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from consent import actions as consents
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.canonical import sha256_hex
from core.due.run import drain
from registry import actions, queries
from registry.actions.grants import agreement_of
from registry.models import AccessRequest, Dataset, DatasetVersion, Evidence, Grant, IdentityReport, Image
from registry.rules.recall import Where
from registry.web.reporting import PASSER_BY
from registry.work import freeze
from registry.work.reminding import remind_of_evidence
from tests.factories import registry as make
from tests.integration.consent.browsing import signed_in
from tests.integration.consent.pseudo import english, spoken
from tests.integration.registry.abroad import CODES, Pages, client_of, dataset, donor, request, staff

pytestmark = pytest.mark.django_db
ASKED = {
    "title": "Εργο",
    "aim": "Σκοπος",
    "institution": "Σχολη",
    "org": "nonprofit",
    "area": "health",
    "commercial": "no",
    "train_model": "yes",
    "share_weights": "no",
    "sensitive": ["paediatric", "stigma"],
    "countries": "GB, DE",
}


@pytest.fixture
def abroad(programme: Programme) -> Programme:
    Programme.objects.update(name="Πνευμονες", contact_name="Ελλη", contact_hours="9–16")
    programme.refresh_from_db()
    return programme


def test_datasets(abroad: Programme, settings: Any) -> None:
    leaver, stays = donor(abroad), donor(abroad)
    steward, researcher = client_of(abroad, Role.STEWARD), client_of(abroad, Role.RESEARCHER)
    new = {"title": "Σετ", "slug": "set", "labels_required": "yes", "min_images_per_donor": "2", "modalities": ["CT"]}
    pages = Pages()
    with spoken(settings):
        pages.read(researcher, "/datasets/", "/staff/datasets/new/")
        pages.read(steward, "/staff/datasets/new/")
        for wrong in ({}, new | {"slug": "Ν"}, new | {"min_images_per_donor": "0"}, new | {"modalities": ["XX"]}):
            pages.post(steward, "/staff/datasets/new/", wrong)
        pages.post(steward, "/staff/datasets/new/", new)
        pages.post(steward, "/staff/datasets/new/", new, at="taken")
        found = Dataset.objects.get()
        at = f"/datasets/{found.pk}/"
        pages.read(steward, "/datasets/", at)
        for bump in ("no such", "minor", "minor"):
            pages.post(steward, f"{at}freeze/", {"bump": bump}, at="frozen")
        version = found.versions.get()
        pages.read(steward, at, f"/versions/{version.pk}/", at="freezing")
        freeze(version.pk)
        pages.post(steward, f"{at}freeze/", {"bump": "minor"}, at="unchanged")
        for client in (steward, researcher):
            pages.read(client, "/datasets/", at, f"/versions/{version.pk}/", at="frozen")
        pages.read(researcher, f"/versions/{version.pk}/manifest.json")
        consents.withdraw(donor=leaver, kind="no_further_use", by=make.user_of(leaver))
        drain()
        for client in (steward, researcher):
            pages.read(
                client, at, f"/versions/{version.pk}/", f"/versions/{version.pk}/request/", at=f"closed {id(client)}"
            )
        consents.withdraw(donor=stays, kind="no_further_use", by=make.user_of(stays))
        drain()
        for each in found.versions.all():
            pages.read(steward, at, f"/versions/{each.pk}/", at="emptied")
        pages.post(steward, f"{at}freeze/", {"bump": "minor"}, at="empty")
    assert pages.left() == {}


def asked(programme: Programme) -> DatasetVersion:
    """A version whose donors ask for evidence, and leave something to a person."""
    donor(programme, {"code": "IRB"}, {"code": "COL"}, {"code": "MOR", "value": 24})
    donor(programme, {"code": "RS", "value": "κατι"})
    return make.version(dataset(programme))


def test_asking_and_deciding(abroad: Programme, settings: Any) -> None:
    version, pages = asked(abroad), Pages()
    researcher, auditor = client_of(abroad, Role.RESEARCHER), client_of(abroad, Role.AUDITOR)
    members = [client_of(abroad, Role.COMMITTEE) for _ in range(2)]
    new = f"/versions/{version.pk}/request/"
    with spoken(settings):
        pages.read(researcher, "/requests/", new)
        wrong = ({}, {"countries": "1"}, {"area": "diseases"}, {"sensitive": ["none", "stigma"]})
        for answers in wrong:
            pages.post(researcher, new, answers and ASKED | answers)
        pages.post(researcher, new, ASKED | {"step": "check"}, at="checked")
        pages.post(researcher, new, ASKED, at="drafted")
        made = AccessRequest.objects.get()
        at = f"/requests/{made.pk}/"
        pages.read(researcher, "/home/", "/inbox/", f"{at}take-back/")
        pages.post(researcher, f"{at}send/")
        drain()
        for client in (members[0], auditor):
            pages.read(client, "/home/", "/inbox/", "/notices/", "/requests/", at, at="sent")
        yes = {"approves": "yes", "reason": "Ναι", "covers": [each.key for each in queries.matters_of(made)]}
        for vote in ({}, yes | {"covers": ["no such"]}):
            pages.post(members[0], f"{at}vote/", vote)
        for member in members:
            pages.post(member, f"{at}vote/", yes)
            pages.read(auditor, at, at="voted")
        pages.post(members[0], f"{at}vote/", yes, at="late")
        pages.post(researcher, f"{at}take-back/", at="late")
        pages.read(researcher, at, "/home/", "/inbox/", "/notices/", "/requests/", at="approved")
        other = make.request(version, made.researcher, submitted=False)
        AccessRequest.objects.filter(pk=other.pk).update(title="Αλλο", aim="Σκοπος", institution="Σχολη")
        pages.post(researcher, f"/requests/{other.pk}/take-back/")
    assert pages.left() == {}
    assert len(yes["covers"]) > 2


def offered(version: DatasetVersion) -> Grant:
    """What the committee offers for a request that is about children, all of it covered."""
    asks = request(version, sensitive=["paediatric"])
    for _ in range(2):
        member, covers = (
            staff(version.dataset.programme, Role.COMMITTEE),
            [each.key for each in queries.matters_of(asks)],
        )
        actions.cast_vote(request=asks, approves=True, reason="Ναι", by=member, covers=covers)
    return Grant.objects.get(request=asks)


def test_the_agreement_is_signed_as_it_is_read(abroad: Programme, settings: Any) -> None:
    """Its digest is over the text that was shown; in another language it is another text, which is not signed."""
    grant, pages = offered(asked(abroad)), Pages()
    researcher, at = signed_in(grant.researcher), f"/grants/{grant.pk}/"
    in_english = sha256_hex(agreement_of(grant))
    with spoken(settings):
        pages.read(researcher, at)
        shown = sha256_hex(agreement_of(grant))
        for said in ({}, {"typed_name": "Ψ"}, {"typed_name": "Ψευδος", "shown": shown}):
            pages.post(researcher, at, said)
        pages.post(researcher, at, {"typed_name": "Αδα Λαβ", "shown": in_english})
        grant.refresh_from_db()
        assert (grant.state, shown == in_english) == ("offered", False)
        pages.post(researcher, at, {"typed_name": "Αδα Λαβ", "shown": shown})
    grant.refresh_from_db()
    assert grant.agreement_sha256 == shown == sha256_hex(grant.agreement_text)
    assert english(CODES.sub("", grant.agreement_text)) == []
    assert pages.left() == {}


def test_evidence(abroad: Programme, settings: Any) -> None:
    grant, pages = offered(asked(abroad)), Pages()
    with spoken(settings):
        actions.sign_agreement(grant=grant, typed_name="Αδα Λαβ", by=grant.researcher)
    Evidence.objects.filter(code="COL").update(due_at=timezone.now() - timedelta(days=1))
    remind_of_evidence()
    researcher, steward = signed_in(grant.researcher), client_of(abroad, Role.STEWARD)
    agreement, at = f"/grants/{grant.pk}/", f"/evidence/{Evidence.objects.get(code='IRB').pk}/"
    with spoken(settings):
        pages.read(researcher, "/home/", "/inbox/", "/notices/", at)
        for given in ("", "Ενα"):
            pages.post(researcher, at, {"reference": given})
        pages.read(researcher, at, at="given")
        pages.read(steward, "/home/", "/inbox/", "/notices/", at, at="given")
        for decided in ({}, {"accept": "no"}, {"accept": "no", "remark": "Οχι"}):
            pages.post(steward, at, decided)
        pages.post(researcher, at, {"reference": "Δυο"})
        pages.post(steward, at, {"accept": "yes"})
        pages.read(researcher, at, "/notices/", at="accepted")
        pages.read(steward, f"{agreement}revoke/")
        for reason in ("", "no such", "safety"):
            pages.post(steward, f"{agreement}revoke/", {"reason": reason})
        pages.read(researcher, agreement, at="ended")
    assert pages.left() == {}


def test_reports(abroad: Programme, settings: Any) -> None:
    first, second = donor(abroad), donor(abroad)
    version = make.version(dataset(abroad))
    grant = offered(version)
    steward, curator = client_of(abroad, Role.STEWARD), client_of(abroad, Role.CURATOR)
    images = [Image.objects.filter(donor=each).first() for each in (first, second)]
    pages = Pages()
    with spoken(settings):
        actions.sign_agreement(grant=grant, typed_name="Αδα Λαβ", by=grant.researcher)
        holder = signed_in(grant.researcher)
        pages.read(steward, "/reports/")
        for image in images:
            actions.report_identity(
                programme=abroad, where=Where(sha256=image.sha256), seen="face", description="Εκει", by=grant.researcher
            )
        blank = actions.report_identity(programme=abroad, where=Where(), seen="other", description="", by=PASSER_BY)
        reports = list(IdentityReport.objects.exclude(pk=blank.pk).order_by("pk"))
        pages.read(steward, "/home/", "/inbox/", "/notices/", "/reports/", *(f"/reports/{r.pk}/" for r in reports))
        pages.read(curator, "/inbox/", "/reports/", f"/reports/{blank.pk}/")
        pages.read(
            signed_in(grant.researcher), "/inbox/", "/notices/", f"/grants/{grant.pk}/", f"/versions/{version.pk}/"
        )
        for named in ("", "no such", "2.25.1", images[0].sop_uid):
            pages.post(steward, f"/reports/{blank.pk}/point/", {"identifier": named})
        for report, verb, reason in zip(reports, ("confirm", "dismiss"), ("face", "nobody"), strict=True):
            at = f"/reports/{report.pk}/"
            pages.read(steward, f"{at}{verb}/")
            for said in ("", "no such", reason):
                pages.post(steward, f"{at}{verb}/", {"reason": said})
            drain()
            pages.read(steward, at, f"/versions/{version.pk}/", at="decided")
            pages.post(steward, f"{at}confirm/", {"reason": "header"}, at="again")
            pages.read(holder, "/notices/", f"/grants/{grant.pk}/", at="decided")
    assert pages.left() == {}
