"""What became of a scan, in a donor's words: its way, where it is, and what computers did with it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.design.formats import grouped
from registry.queries import Held, Project, Story
from registry.rules.lifecycle import VersionState
from registry.rules.runs import Run, RunState
from registry.web.words import kind_words

RUN_WORDS = {
    RunState.PREPARED: gettext_lazy("A computer is about to learn from it"),
    RunState.RUNNING: gettext_lazy("A computer is learning from it now"),
    RunState.ENDED: gettext_lazy("A computer learned from it"),
    RunState.BROKEN_OFF: gettext_lazy("A computer began to learn from it, and was stopped"),
}


def told(story: Story) -> dict[str, Any]:
    """A story as its part of the page shows it."""
    return {
        "facts": story,
        "title": title_of(story),
        "steps": _steps(story),
        "versions": [{"facts": held, "words": _where(held)} for held in story.versions],
        "projects": [_project(project) for project in story.projects],
    }


def title_of(story: Story) -> str:
    """What was scanned, and how."""
    kind, part = kind_words(story.scan.modality), story.body_part.lower()
    return _("%(kind)s of the %(part)s") % {"kind": kind, "part": part} if part else kind


def _project(project: Project) -> dict[str, Any]:
    return {"facts": project, "runs": [_run(run) for run in project.runs]}


def _run(run: Run) -> dict[str, Any]:
    """`at` is left out where the words say that it is now, or not yet."""
    at = run.at if run.state in (RunState.ENDED, RunState.BROKEN_OFF) else None
    return {"words": RUN_WORDS[run.state], "title": run.title, "at": at, "results": run.results}


def _where(held: Held) -> str:
    if not held.images:
        return _("Your scan is not in it any more.")
    if held.version.state == VersionState.CLOSED:
        return _("Replaced by a newer version. Nothing new is begun with it.")
    if held.version.state == VersionState.FREEZING:
        return _("It is being made now.")
    number = {"n": grouped(held.images)}
    return ngettext("%(n)s of your images is in it.", "%(n)s of your images are in it.", held.images) % number


def _steps(story: Story) -> list[dict[str, Any]]:
    """The way of one scan: given, cleaned, in the registry, in collections, in research."""
    given = {"label": _("You gave this scan"), "at": story.scan.given_at, "text": _given(story)}
    if story.erased and not story.usable and not story.checking:
        return [given, *_used(story), {"label": _("The images were deleted"), "state": "failed"}]
    collections = {held.version.dataset.title for held in story.versions if held.is_open}
    in_collections = {
        "label": _("In a collection for research"),
        "state": "done" if collections else "todo",
        "text": ", ".join(sorted(collections)) if collections else _("Not yet"),
    }
    checked = {
        "label": _("Names taken out, and checked by a person"),
        "state": "now" if story.checking else "done",
        "text": _checked(story),
    }
    unused = [{"label": _("Used in research"), "state": "todo", "text": _("Not used yet")}]
    return [given, checked, in_collections, *(_used(story) or unused)]


def _given(story: Story) -> str:
    number = {"n": grouped(story.scan.files)}
    return ngettext("%(n)s image", "%(n)s images", story.scan.files) % number


def _checked(story: Story) -> str:
    parts = [
        (story.checking, _("%(n)s still being checked")),
        (story.usable, _("%(n)s ready")),
        (story.kept_out, _("%(n)s not used")),
    ]
    return ", ".join(words % {"n": grouped(number)} for number, words in parts if number)


def _used(story: Story) -> list[dict[str, Any]]:
    """The step of use, where there was any."""
    if story.is_in_use:
        return [{"label": _("Used in research"), "state": "now", "text": _("In use now")}]
    return [{"label": _("Last used in research"), "at": story.last_used}] if story.last_used else []
