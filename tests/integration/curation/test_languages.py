"""No page of curators has English of its own: in an invented language none is left, whatever was found or decided."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.ids import new_id
from core.storage import work as storage
from core.storage.zones import Zone
from curation import queries
from curation.models import Derivation, KeyDomain, Recheck, Rechecked, Refusal, Series, StudyWords
from curation.rules import deeds, findings, holds, marks, outcomes, risks, spoken
from curation.rules.lifecycle import RecheckState, SeriesState
from curation.web.words import FOUND, SENTENCES
from tests.factories import consent, core, curation
from tests.integration.consent.gathered import gathered
from tests.integration.consent.pseudo import left
from tests.integration.consent.pseudo import spoken as in_pseudo

pytestmark = pytest.mark.django_db
#: What the DICOM standard calls things, which is the same in every language.
DICOM = re.compile(r"\bCT\b|Institution Name|Image Comments")
NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def abroad(programme: Programme) -> Programme:
    """A programme whose people are named in other letters."""
    Programme.objects.filter(pk=programme.pk).update(name="Πνευμονες")
    programme.refresh_from_db()
    return programme


@pytest.fixture
def curator(abroad: Programme) -> User:
    return core.user(abroad, Role.CURATOR, name="Κορα")


@pytest.fixture
def series(abroad: Programme) -> Series:
    """A series of two images as the cleaner leaves it: clear, and waiting for a curator."""
    donor = consent.donor(abroad)
    found = Series.objects.create(
        programme=abroad, donor=donor, donation_id=new_id(), series_uid="2.25.1", study_uid="2.25.2", modality="CT",
        state=SeriesState.WAITING, pixel_risk="clear", image_count=2,
    )  # fmt: skip
    domain = KeyDomain.objects.create(programme=abroad, wrapped_key=b"-")
    for position in (1, 2):
        picture = storage.reserve(Zone.REVIEW, programme_id=abroad.pk, donor_id=donor.pk, media_type="image/png")
        storage.write(picture, png(), by=core.SETUP)
        Derivation.objects.create(
            series=found, file_id=new_id(), domain=domain, render=picture, position=position, columns=128, rows=128,
            output=storage.reserve(Zone.CLEAN, programme_id=abroad.pk, donor_id=donor.pk), pixel_risk="clear",
            source_sha256="b" * 64, cleaned_sha256="c" * 64, output_sha256="d" * 64, rules_digest="e" * 64,
        )  # fmt: skip
    return found


def png() -> bytes:
    out = BytesIO()
    Image.new("L", (128, 128)).save(out, "PNG")
    return out.getvalue()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(answer: HttpResponse) -> str:
    """A page, with what its script reads from it."""
    page = str(answer.content.decode())
    scripts = re.findall(r'<script id="[^"]+" type="application/json">(.*?)</script>', page, re.DOTALL)
    return page + "".join(f"<p>{text}</p>" for script in scripts for text in texts_in(json.loads(script)))


def texts_in(data: Any, key: str = "") -> Iterator[str]:
    """What a person reads of it: no address and no id."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from texts_in(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from texts_in(value, key)
    elif isinstance(data, str) and key not in ("id", "src", "before"):
        yield re.sub(r"\{\w+\}", "", data)


def read(user: User, *addresses: str) -> dict[str, str]:
    """Pages by their address."""
    client = client_of(user)
    answers = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: shown(answer) for address, answer in answers.items()}


def full_of_findings(series: Series) -> None:
    """Whatever a page can say of a series: marks, reasons, holds, words that stay."""
    place = {"kind": "text", "region": {"left": 10, "top": 8, "width": 50, "height": 12}, "frame": None}
    found = [place | {"blanked": False}, place | {"blanked": True}, place | {"frame": 7, "kind": "new"}]
    image = series.derivations.order_by("position")[0]
    reasons = {"marks": found, "pixel_reasons": list(risks.REASONS), "before": image.render, "warnings": 3}
    Derivation.objects.filter(pk=image.pk).update(frames=8, decisions=dict.fromkeys(deeds.WORDS, 2), **reasons)
    Derivation.objects.exclude(pk=image.pk).update(source_sha256="a" * 64, cleaned_sha256="a" * 64)
    Series.objects.filter(pk=series.pk).update(pixel_risk="look", is_held=True, holds=list(holds.WORDS))
    for state in ("open", "accepted", "rejected"):
        words = {"donor": series.donor, "study_uid": series.study_uid, "attribute": "00080080", "state": state}
        StudyWords.objects.create(programme=series.programme, text=f"Λ{state[0]}", **words)
    series.refresh_from_db()


def test_lists_and_a_series_with_everything_in_it(series: Series, curator: User, settings: Any) -> None:
    where = reverse("curation:series", args=[series.pk])
    with in_pseudo(settings):
        pages = read(curator, "/curation/", "/curation/sheets/", where, "/curation/?risk=9")
        full_of_findings(series)
        pages |= {
            f"{name}, found": page for name, page in read(curator, "/curation/", "/curation/sheets/", where).items()
        }
        StudyWords.objects.filter(state="rejected").delete()
        pages |= {f"{name}, words": page for name, page in read(curator, where, f"{where}?image=2").items()}
        for state in (SeriesState.SECOND, SeriesState.REDACTING, SeriesState.ACCEPTED, SeriesState.REJECTED):
            decided = {"state": state, "reason": "face", "decided_at": series.created_at, "decided_by": curator}
            Series.objects.filter(pk=series.pk).update(**decided)
            pages |= {f"{name}, {state}": page for name, page in read(curator, "/curation/", where).items()}
        pages |= {"inbox": read(curator, "/inbox/")["/inbox/"]}
    assert left(pages, DICOM) == {}


def test_what_is_posted_wrongly_is_answered(series: Series, curator: User, settings: Any) -> None:
    deeds_of = {deed: reverse(f"curation:{deed}", args=[series.pk]) for deed in ("accept", "reject", "redact")}
    token = {"shown": queries.token_for(curator, series, None)}
    region = {"image": str(series.derivations.all()[0].pk), "where": "frame", "frame": "2"}
    place = {"left": "1", "top": "2", "width": "3", "height": "4"}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("accept", {"finding": "x"}),
        ("accept", {"finding": ""}),
        ("accept", {**token, "finding": ""}),
        ("reject", {}),
        ("reject", {"reason": "face"}),
        ("redact", {"do": "add"}),
        ("redact", {"do": "add", **region, **place}),
        ("redact", {"do": "add", **region, **place, "where": "all"}),
        ("redact", {"do": "add", **region, **place, "width": "-1"}),
        ("redact", {"region": "*,*,1,1,9,9"}),
        ("redact", token),
        ("redact", {**token, "region": ["*,*,1,1,9999,9", f"{region['image']},*,1,1,3,3"]}),
        ("redact", {**token, "region": f"{NOWHERE},*,1,1,3,3"}),
        ("redact", {**token, "region": "*,*,1,1,0,0"}),
        ("redact", {**token, "region": [f"*,*,1,1,3,{n}" for n in range(1, 202)]}),
    ]
    StudyWords.objects.create(
        programme=series.programme, donor=series.donor, study_uid=series.study_uid, attribute="00204000", text="Λ"
    )
    with in_pseudo(settings):
        client = client_of(curator)
        pages = {f"{deed} {said}"[:80]: shown(client.post(deeds_of[deed], said)) for deed, said in wrong}
        for state in SeriesState:
            Series.objects.filter(pk=series.pk).update(state=state)
            pages[f"reject, {state}"] = shown(client.post(deeds_of["reject"], token | {"reason": "face"}, follow=True))
    assert left(pages, DICOM) == {}


def test_planted_writing(series: Series, curator: User, settings: Any) -> None:
    probe = curation.planted(series, curator)
    accept = reverse("curation:accept", args=[series.pk])
    with in_pseudo(settings):
        client = client_of(curator)
        said = {"shown": queries.token_for(curator, series, probe), "finding": ""}
        pages = {"missed": shown(client.post(accept, said, follow=True))}
        pages["the list"] = shown(client.get("/curation/"))
        type(probe).objects.filter(pk=probe.pk).update(state="caught")
        pages["found"] = shown(client.get(reverse("curation:planted", args=[probe.pk])))
        type(probe).objects.filter(pk=probe.pk).update(state="ready")
        said = {"shown": queries.token_for(curator, series, probe), "reason": "face"}
        pages["void"] = shown(client.post(reverse("curation:reject", args=[series.pk]), said, follow=True))
    assert left(pages, DICOM) == {}


def test_quarantine_and_readers(series: Series, curator: User, settings: Any) -> None:
    steward = core.user(series.programme, Role.STEWARD, name="Σοφια")
    row = {"programme": series.programme, "donor": series.donor, "rules_digest": "a" * 64}
    with in_pseudo(settings):
        pages = {"quarantine, empty": read(curator, "/curation/quarantine/")["/curation/quarantine/"]}
        for number, reason in enumerate(SENTENCES):
            file_id = f"{number:08}-0000-0000-0000-000000000000"
            Refusal.objects.create(file_id=file_id, reason=reason, found=["00080080", *FOUND], **row)
        pages |= read(steward, "/curation/quarantine/")
        kept, gone = curation.donation(series.donor, *(curation.image(series.donor) for _ in range(2))).files.all()
        storage.erase([gone.stored], by=core.SETUP, why="raw")
        Refusal.objects.all().delete()
        for file in (kept, gone):
            Refusal.objects.create(file_id=file.pk, reason="empty", found=[], **row)
        pages["one kept, one gone"] = read(steward, "/curation/quarantine/")["/curation/quarantine/"]
        for mode in ("always", "risk", "never"):
            settings.SECOND_READER = mode
            pages[f"readers, {mode}"] = read(steward, "/curation/readers/")["/curation/readers/"]
        Series.objects.filter(pk=series.pk).update(state=SeriesState.SECOND)
        pages |= read(steward, "/curation/readers/", "/inbox/")
        core.user(series.programme, Role.CURATOR, name="Κλειω")
        pages["readers, two"] = read(steward, "/curation/readers/")["/curation/readers/"]
    assert left(pages, DICOM) == {}


def test_rechecks(series: Series, curator: User, settings: Any) -> None:
    steward = core.user(series.programme, Role.STEWARD, name="Σοφια")
    image = series.derivations.all()[0]
    with in_pseudo(settings):
        pages = {"none": read(steward, "/rechecks/")["/rechecks/"]}
        begun = shown(client_of(steward).post("/rechecks/", {"programme": series.programme_id}, follow=True))
        found = Recheck.objects.get()
        pages |= {
            "begun": begun,
            "twice": shown(client_of(steward).post("/rechecks/", {"programme": series.programme_id})),
        }
        codes = ["private", "00080080", "writing", "empty"]
        Rechecked.objects.create(recheck=found, derivation=image, outcome="hit", codes=codes, rules_before="b" * 64)
        Recheck.objects.filter(pk=found.pk).update(state=RecheckState.DONE, finished_at=found.started_at)
        pages |= read(steward, "/rechecks/", reverse("curation:recheck", args=[found.pk]))
        pages |= {"as a curator": read(curator, reverse("curation:recheck", args=[found.pk])).popitem()[1]}
    assert left(pages, DICOM) == {}


def test_what_the_rules_say_is_known_to_whoever_translates() -> None:
    lists = (deeds.WORDS, findings.WORDS, holds.WORDS, holds.EXPLAINED, marks.WORDS, outcomes.WORDS, FOUND, SENTENCES)
    lists += (risks.WORDS, risks.EXPLAINED, risks.REASONS)
    assert {text for words in lists for text in words.values()} <= gathered()


def test_what_the_engine_says_is_listed_for_whoever_translates() -> None:
    from curation.deid.reasons import SENTENCES as ENGINE

    assert set(ENGINE.values()) == spoken.SAID
