"""Files that a donor's own browser has de-identified, and sending them as its page does: promised first, then whole."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from consent.models import Donor
from consent.queries import identity_of
from curation import actions as lending
from curation.deid.browser import Session
from curation.work.keys import domain_of, subject_key
from registry import actions
from registry.models import Donation, Upload
from registry.rules.promised import Promised


def session(donor: Donor, *chosen: bytes, by: Donor | None = None, shared: bool = False) -> Session:
    """The engine as it runs in the donor's browser, with all that they chose looked through; `by`: with whose key.

    `shared`: it asks for what stands for hospitals and devices in the whole programme.
    """
    who, giver = identity_of(donor.pk), by or donor
    assert who is not None
    key = subject_key(domain_of(giver.programme_id), giver.pk)
    families = (who.family_name, *who.previous_names)
    made = Session(bytes(key), who.given_name, families, f"{who.birth_date:%Y%m%d}", shared=shared)
    for data in chosen:
        made.survey(data, True)
    return made


def coded(donor: Donor, *raw: bytes, by: Donor | None = None) -> list[bytes]:
    """What these files become in the donor's browser."""
    engine = session(donor, *raw, by=by)
    return [bytes(engine.clean(data)["data"]) for data in raw]


def coded_alike(donation: Donation, *raw: bytes) -> list[bytes]:
    """The same, with the programme's dummies, for which the page asks the server."""
    engine = session(donation.donor, *raw, shared=True)
    return [_with_what_is_lent(engine, data, donation) for data in raw]


def _with_what_is_lent(engine: Session, data: bytes, donation: Donation) -> bytes:
    while asks := (made := engine.clean(data)).get("asks"):
        asked = [(kind, bytes.fromhex(message)) for kind, message in asks]
        numbers = lending.lend_numbers(donation_id=donation.pk, asked=asked, by=donation.donor.person.user)
        engine.lend([[*each, f"{number:x}"] for each, number in zip(asks, numbers, strict=True)])
    return bytes(made["data"])


def said(data: bytes, index: int = 0, *, is_coded: bool = True, study: str = "") -> Promised:
    """What a manifest says of a file; `study` is the UID of its source's."""
    digest = hashlib.sha256(study.encode()).hexdigest() if study else ""
    return Promised(index, len(data), hashlib.sha256(data).hexdigest(), 0, is_coded, digest)


def sent(donation: Donation, files: Sequence[bytes], **how: Any) -> list[Upload]:
    """Promises the files and sends each that is missing; how each upload stands then."""
    by = donation.donor.person.user
    listed = [said(data, index, **how) for index, data in enumerate(files)]
    standings = actions.promise_files(donation=donation, files=listed, by=by)
    return [
        actions.add_part(upload=each.upload, offset=each.upload.offset, stream=BytesIO(files[each.index]), by=by)
        for each in standings
        if each.upload is not None
    ]


def begun(donor: Donor) -> Donation:
    """A donation to which files can be added."""
    return actions.start_donation(donor=donor, by=donor.person.user)


def sent_off(donation: Donation) -> Donation:
    """The donation once it is sent off."""
    found = Donation.objects.get(pk=donation.pk)
    actions.submit_donation(donation=found, by=donation.donor.person.user)
    return found


def donation(donor: Donor, *files: bytes, **how: Any) -> Donation:
    """A donation of coded files, sent in; nothing has been looked at yet."""
    given = begun(donor)
    sent(given, files, **how)
    return sent_off(given)
