"""The donor's page of what they gave and what became of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent import queries as consent
from registry import queries
from registry.queries import Story
from registry.web.words import kind_words


@login_required
@require_safe
def mydata(request: HttpRequest) -> HttpResponse:
    """Each examination and where it is now, for every programme that the person gives to."""
    donors = consent.donors_of(request.user).select_related("programme")
    gifts = [gift for donor in donors if (gift := _gift(donor))["stories"] or gift["active"]]
    stories = [story["facts"] for gift in gifts for story in gift["stories"]]
    context = {
        "gifts": gifts,
        "unsent": queries.unsent_donation(request.user),
        "images": sum(story.images for story in stories),
        "usable": sum(story.usable for story in stories),
        "collections": len({version.dataset_id for story in stories for version in story.versions if story.usable}),
        "projects": len({project.pk for story in stories for project in story.projects}),
    }
    return render(request, "registry/mydata.html", context)


def _gift(donor: Any) -> dict[str, Any]:
    can, cannot = consent.consent_sentences(donor.pk)
    stories = [_story(story) for story in queries.story_of(donor.pk)]
    return {"donor": donor, "active": consent.may_donate(donor.pk), "can": can, "cannot": cannot, "stories": stories}


def _story(story: Story) -> dict[str, Any]:
    part = f" of the {story.body_part.lower()}" if story.body_part else ""
    return {"facts": story, "title": f"{kind_words(story.modality)}{part}", "steps": _steps(story)}


def _steps(story: Story) -> list[dict[str, str]]:
    """The way of one examination: given, cleaned, in the registry, in collections, in research."""
    if story.erased and not story.usable and not story.checking:
        return [{"label": "You gave these images"}, {"label": "They were deleted", "state": "failed"}]
    ready = bool(story.usable)
    collections = {version.dataset.title for version in story.versions if version.state != "closed"}
    return [
        {"label": "You gave these images", "text": f"{story.images:,} in all"},
        {
            "label": "Names taken out, and checked by a person",
            "state": "now" if story.checking else "done",
            "text": _checked(story),
        },
        {
            "label": "In a collection for research",
            "state": "done" if collections else "todo",
            "text": ", ".join(sorted(collections)) if collections else "Not yet",
        },
        {
            "label": "Used in research",
            "state": "done" if story.projects else "todo",
            "text": _used(story) if ready else "",
        },
    ]


def _checked(story: Story) -> str:
    parts = [(story.checking, "still being checked"), (story.usable, "ready"), (story.kept_out, "not used")]
    return ", ".join(f"{number:,} {words}" for number, words in parts if number)


def _used(story: Story) -> str:
    number = len(story.projects)
    return f"{number} project{'s' if number > 1 else ''}" if number else "Not yet"
