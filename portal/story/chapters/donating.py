"""Second chapter: donors upload their studies through the portal; one brings a relative's CD and is stopped."""

import io
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from core.accounts.models import User
from portal.story.browser import Browser
from portal.story.cast import Member
from portal.story.cohort import PlantedValue, RealFile, StudyFile, real_files, relatives_cd, studies
from portal.story.stage import Stage
from registry.queries import donations_of

AT_ONCE = 3  # browsers that upload at the same time


def tell(stage: Stage) -> None:
    """Everybody donates; then one with a relative's CD, and some with real files of other people."""
    with stage.teller.chapter("Donors upload what the hospital gave them"):
        gifts = [(stage.browser(member.user), member) for member in stage.cast.members]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            files = sum(pool.map(lambda gift: give(*gift), gifts))
        stage.teller.hold(
            all(_sent(member) for member in stage.cast.members), f"{files} files came in through the upload"
        )
        _relatives_cd(stage, stage.cast.members[1])
        _real_files(stage)


def give(browser: Browser, member: Member) -> int:
    """Begins a donation, uploads the files that the donor has and sends it off; returns how many. No database here."""
    files = studies(member.person)
    address = begin(browser, member)
    upload(browser, address, files)
    browser.post(f"{address}send/")
    return len(files)


def begin(browser: Browser, member: Member) -> str:
    """Begins a donation; returns its address."""
    return browser.post("/donate/", {"donor": str(member.donor_id)})


def upload(browser: Browser, address: str, files: Iterable[StudyFile]) -> None:
    """Uploads files by the page's own form."""
    parts = [("images", (file.filename, file.data, "application/octet-stream")) for file in files]
    browser.post(f"{address}files/", files=parts)


def _sent(member: Member) -> bool:
    return donations_of(member.user).exclude(state="open").count() == 1


def _relatives_cd(stage: Stage, member: Member) -> None:
    """The portal stops the donation and asks; the donor says that it is not theirs, and the files are gone."""
    browser = stage.browser(member.user)
    address = begin(browser, member)
    disc = StudyFile("cd.zip", _zipped(relatives_cd(member.person)))
    upload(browser, address, [disc])
    donation = _newest(member.user)
    stage.teller.hold(
        donation.state == "stopped", "a relative's CD is stopped, and the donor is asked whose pictures these are"
    )
    browser.post(f"{address}answer/", {"whose": "not_mine"})
    kept = donation.files.exclude(state="removed").count()
    stage.teller.hold(kept == 0, "the donor says 'not mine', and nothing of it is kept")
    browser.post(f"{address}take-back/")


def _real_files(stage: Stage) -> None:
    """Some donors bring real files that carry another name; asked, they say that these are theirs."""
    count = 0
    by_person = groupby(sorted(real_files(), key=lambda file: file.person), key=lambda file: file.person)
    for member, (_, group) in zip(stage.cast.members[2:], by_person, strict=False):
        brought = list(group)
        count += len(brought)
        _bring(stage, member, brought)
    stage.teller.say(
        f"{count} real files of CT, MR, US, CR and others came in as they are; what could not be read was said."
    )


def _bring(stage: Stage, member: Member, brought: list[RealFile]) -> None:
    browser = stage.browser(member.user)
    address = begin(browser, member)
    upload(browser, address, [StudyFile(file.name.rsplit("/")[-1], file.data) for file in brought])
    donation = _newest(member.user)
    stage.real_donations.add(donation.pk)
    if donation.state == "stopped":
        browser.post(f"{address}answer/", {"whose": "mine"})
    if donation.files.filter(state="received").exists():
        browser.post(f"{address}send/")
    for file in brought:
        stage.extra_values += [PlantedValue("name", value, member.person.index) for value in file.known_as]


def _newest(user: User):  # type: ignore[no-untyped-def]  # the registry's own model is its own
    return donations_of(user).order_by("-pk").first()


def _zipped(files: Iterable[StudyFile]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.filename, file.data)
    return buffer.getvalue()
