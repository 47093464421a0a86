"""A programme's public pages: its start, the whole form, one idea a page, and the questions. No account is needed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from consent.models import FormVersion
from consent.queries import donor_of, may_donate, published_form, unsigned_of
from consent.web.forms import QuestionsForm
from consent.web.languages import choose_from, content_of
from consent.web.programmes import programme_at
from consent.web.steps import place, steps, words_in
from core.accounts.models import Programme, User
from core.errors import Missing


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The key information in a minute, whom to ask, and one button."""
    programme = programme_at(slug)
    version = published_form(programme.pk)
    content = content_of(request, version) if version else None
    context = {
        "programme": programme,
        "content": content,
        "languages": choose_from(request, version) if version else [],
        "first": steps(slug, content)[0].href if content else "",
        "signed": _has_signed(request, programme),
        "begun": isinstance(request.user, User) and unsigned_of(request.user, programme.pk) is not None,
    }
    return render(request, "consent/start.html", context)


@require_safe
def form_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole form on one page, to read, print or show to somebody."""
    programme, version = published(slug)
    context = {"programme": programme, "version": version, "content": content_of(request, version)}
    return render(request, "consent/form_text.html", context)


@require_safe
def read(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """One idea of the form."""
    programme, version = published(slug)
    content = content_of(request, version)
    part = next((part for part in content.sections if part.code == section), None)
    if part is None:
        raise Missing("The form has no such part.")
    context = {"programme": programme, "part": part, "words": words_in(part, content)}
    return render(request, "consent/read.html", context | _placed(slug, content, f"read:{section}"))


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The teach-back questions; what is answered brings an explanation and never stops anybody."""
    programme, version = published(slug)
    content = content_of(request, version)
    if not content.questions:
        raise Missing("The form has no questions.")
    form = QuestionsForm(content.questions, request.POST if request.method == "POST" else None)
    nothing = form.is_bound and form.is_valid() and not any(form.cleaned_data.values())
    context = {"programme": programme, "questions": form, "checked": form.is_bound, "nothing_answered": nothing}
    return render(request, "consent/questions.html", context | _placed(slug, content, "questions"))


def published(slug: str) -> tuple[Programme, FormVersion]:
    """The open programme at an address and the form that is signed there now; raises Missing without one."""
    programme = programme_at(slug)
    version = published_form(programme.pk)
    if version is None:
        raise Missing("This programme has no form to sign at the moment.")
    return programme, version


def _placed(slug: str, content: Any, key: str) -> dict[str, Any]:
    here = place(slug, content, key)
    details = next(step.href for step in steps(slug, content) if step.key == "details")
    return {"place": here, "needs_account": here["next"] == details, "content": content}


def _has_signed(request: HttpRequest, programme: Programme) -> bool:
    donor = donor_of(request.user, programme.pk) if isinstance(request.user, User) else None
    return donor is not None and may_donate(donor.pk)
