"""Everything that a donor signed and said, as files to take away: receipts, history, withdrawals, and who they are."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consent.models import ConsentEvent, Donor, Person, Signature, Withdrawal
from consent.queries import certificate_of, current, fhir_consent, history, signatures_of, withdrawals_of
from consent.rules.grammar import parse
from consent.web.certificates import certificate_body
from consent.web.receipts import RECEIPT, receipt_body, shown_on
from core.accounts.models import User
from core.canonical import loads
from core.web.paper import pdf


@dataclass(frozen=True)
class Paper:
    """One file: its path in what the donor takes away, what it is, and what makes its bytes (raises Unavailable)."""

    name: str
    title: str
    make: Callable[[], bytes]


def papers_of(user: User, donor: Donor) -> Iterator[Paper]:
    """Everything on paper of one of the user's own donors, the oldest first; each is made when its turn comes."""
    for signature in signatures_of(user).filter(donor=donor).order_by("id"):
        name, day = f"receipts/{signature.signed_at:%Y-%m-%d}-{signature.pk}", {"day": _day(signature.signed_at)}
        yield Paper(f"{name}.pdf", _("Your receipt of %(day)s, to print") % day, partial(_receipt_pdf, signature))
        yield Paper(f"{name}.json", _("Your receipt of %(day)s, for programs") % day, partial(_receipt, signature))
    yield Paper("consent/history.json", _("What you allowed, and each change of it"), partial(_history, donor))
    if current(donor.pk) is not None:
        title = _("What you allow, for other health systems (FHIR)")
        yield Paper("consent/fhir-consent.json", title, partial(_fhir, user, donor))
    for withdrawal in withdrawals_of(user).filter(donor=donor).order_by("id"):
        name = f"withdrawals/{withdrawal.effective_at:%Y-%m-%d}-{withdrawal.pk}.json"
        title = _("Your withdrawal of %(day)s: what was done") % {"day": _day(withdrawal.effective_at)}
        yield Paper(name, title, partial(_withdrawal, withdrawal))
    if (person := Person.objects.filter(donor=donor).first()) is not None:
        yield Paper("about-you.json", _("What you told us about yourself"), partial(_about, person, user))


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _receipt_pdf(signature: Signature) -> bytes:
    return pdf(RECEIPT, shown_on(signature))


def _receipt(signature: Signature) -> bytes:
    return _json(receipt_body(signature))


def _fhir(user: User, donor: Donor) -> bytes:
    return _json(fhir_consent(user, donor.pk))


def _history(donor: Donor) -> bytes:
    body = {
        "type": "consent history",
        "donor": str(donor.pk),
        "programme": donor.programme.slug,
        "joined_at": donor.joined_at.isoformat(),
        "events": [_event(event) for event in history(donor.pk)],
    }
    return _json(body)


def _event(event: ConsentEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "effective_at": event.effective_at.isoformat(),
        "recorded_at": event.recorded_at.isoformat(),
        "signature": str(event.signature_id) if event.signature_id else None,
        "terms": parse(loads(event.terms.canonical)).as_json() if event.terms else None,
    }


def _withdrawal(withdrawal: Withdrawal) -> bytes:
    """Its certificate, or how far it has come."""
    if certificate := certificate_of(withdrawal):
        return _json(certificate_body(withdrawal, certificate))
    steps = withdrawal.steps.all()
    body = {
        "type": "withdrawal",
        "withdrawal": str(withdrawal.pk),
        "kind": withdrawal.kind,
        "state": withdrawal.state,
        "effective_at": withdrawal.effective_at.isoformat(),
        "steps": [{"title": step.title, "state": step.state, "deadline": step.deadline.isoformat()} for step in steps],
    }
    return _json(body)


def _about(person: Person, user: User) -> bytes:
    body = {
        "type": "what you told us about yourself",
        "given_name": person.given_name,
        "family_name": person.family_name,
        "previous_names": person.previous_names,
        "birth_date": person.birth_date.isoformat(),
        "email": user.email,
    }
    return _json(body)


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=2).encode()
