"""The donor's page of what they gave and what became of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent import queries as consent
from core.notifications.queries import news_wanted
from core.web.reader import reader
from registry import queries
from registry.queries import Scan
from registry.web.news import in_words
from registry.web.story_words import told

SCANS_A_PAGE = 6


@login_required
@require_safe
def mydata(request: HttpRequest) -> HttpResponse:
    """Each scan, where it is and what it served, for every programme that the person gives to; newest first."""
    donors = list(consent.donors_of(request.user).select_related("programme"))
    scans = [scan for donor in donors for scan in queries.scans_of(donor.pk)]
    page = Paginator(scans, SCANS_A_PAGE).get_page(request.GET.get("page"))
    totals = [queries.totals_of(donor.pk) for donor in donors]
    context = {
        "gifts": [_gift(donor, page) for donor in donors],
        "page": page,
        "news": _news(request, donors),
        "unsent": queries.unsent_donation(request.user),
        "images": sum(total.images for total in totals),
        "usable": sum(total.usable for total in totals),
        "collections": sum(total.collections for total in totals),
        "projects": sum(total.projects for total in totals),
    }
    return render(request, "registry/mydata.html", context)


def _news(request: HttpRequest, donors: list[Any]) -> str:
    """How this person hears of use; nothing for who has left."""
    if not any(consent.may_donate(donor.pk) for donor in donors):
        return ""
    if not any(consent.may_contact(donor.pk) for donor in donors):
        return _("You asked us not to write to you, so you get no news of it.")
    user = reader(request)
    return in_words(news_wanted([user.pk])[user.pk])


def _gift(donor: Any, page: Page[Scan]) -> dict[str, Any]:
    can, cannot = consent.consent_sentences(donor.pk)
    mine = [scan for scan in page if scan.donor_id == donor.pk]
    stories = [told(story) for story in queries.stories_of(donor.pk, mine)] if mine else []
    return {"donor": donor, "active": consent.may_donate(donor.pk), "can": can, "cannot": cannot, "stories": stories}
