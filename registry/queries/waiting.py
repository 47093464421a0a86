"""What waits for someone in the registry: lines of their inbox."""

from django.urls import reverse

from core.accounts.queries import Reader
from core.waiting import Waiting
from registry.queries.access import grants_of, requests_of, requests_to_decide
from registry.queries.donations import donations_of
from registry.rules.lifecycle import DonationState, GrantState, RequestState, VersionState


def waiting(user: Reader) -> list[Waiting]:
    """Questions to a donor, unsent donations and requests, agreements to sign, requests to vote on."""
    lines = [
        Waiting("question", "We have a question about your images.", _page("donation", d.pk), d.created_at)
        for d in donations_of(user).filter(state=DonationState.STOPPED)
    ]
    lines += [
        Waiting(
            "donation",
            "Your images are here, but you have not sent them off yet.",
            _page("donation", d.pk),
            d.created_at,
        )
        for d in donations_of(user).filter(state=DonationState.OPEN, files__isnull=False).distinct()
    ]
    lines += [
        Waiting("request_draft", f"Your request is not sent yet: {r.title}", _page("request", r.pk), r.created_at)
        for r in requests_of(user).filter(state=RequestState.DRAFT)
    ]
    lines += [
        Waiting("agreement", f"Sign the agreement: {g.request.title}", _page("grant", g.pk), g.created_at)
        for g in grants_of(user).filter(state=GrantState.OFFERED, version__state=VersionState.FROZEN)
    ]
    lines += [
        Waiting("request", f"Decide on a request: {r.title}", _page("request", r.pk), r.submitted_at or r.created_at)
        for r in requests_to_decide(user)
    ]
    return lines


def _page(name: str, pk: object) -> str:
    return reverse(f"registry:{name}", args=[pk])
