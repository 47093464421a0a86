"""Stewards' pages: the forms and their versions, and the withdrawals that are watched over."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from consent.models import FormVersion, Withdrawal
from consent.queries import form_versions, progress_of, withdrawals_watched
from consent.rules.form_content import languages_of, parse_source
from consent.rules.lifecycle import FormVersionState
from consent.rules.translations import lacking, parse_draft, preview
from consent.web.choices_form import ChoicesForm
from consent.web.languages import name_of
from consent.web.withdrawing import KIND_WORDS
from core.accounts.queries import holds, programmes
from core.accounts.roles import Role
from core.errors import Missing
from core.web.reader import reader

#: How a text stands in a preview that nobody has translated yet.
UNTRANSLATED = gettext_noop("[Not translated yet: {}]")


@login_required
@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Every version of the forms of one's programmes."""
    user = reader(request)
    require_watcher(request)
    page = Paginator(form_versions(user), 25).get_page(request.GET.get("page"))
    rows = [(version, progress_of(version)) for version in page]
    context = {"page": page, "rows": rows, "stewarded": programmes(user, Role.STEWARD)}
    return render(request, "consent/forms.html", context)


@login_required
@require_safe
def form_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version, as donors see it; with `?language=` in one of its languages, as far as that is written."""
    version = version_of(request, pk)
    parse_draft(version.content)
    languages = languages_of(version.content)
    asked = request.GET.get("language", "")
    language = asked if asked in languages else languages[0]
    is_first = language == languages[0]
    content = parse_source(
        version.content if is_first else preview(version.content, language, gettext(UNTRANSLATED).format)
    )
    context = {
        "version": version,
        "content": content,
        "shown_in": language,
        "languages": [(code, name_of(code), code == language) for code in languages] if len(languages) > 1 else [],
        "lacking": 0 if is_first else len(lacking(version.content, language)),
        "choices": ChoicesForm(content.choices, chosen={}, auto_id="preview_%s"),
        "progress": progress_of(version),
        "is_offered": version.state == FormVersionState.PUBLISHED,
        "is_draft": version.state == FormVersionState.DRAFT,
        "may_write": holds(reader(request), version.form.programme_id, Role.STEWARD),
    }
    return render(request, "consent/form_version.html", context)


@login_required
@require_safe
def withdrawals(request: HttpRequest) -> HttpResponse:
    """The withdrawals of one's programmes: duties and proofs, never who it is."""
    require_watcher(request)
    page = Paginator(withdrawals_watched(reader(request)), 25).get_page(request.GET.get("page"))
    rows = [_row(withdrawal) for withdrawal in page]
    is_steward = programmes(reader(request), Role.STEWARD).exists()
    return render(request, "consent/withdrawals.html", {"page": page, "rows": rows, "is_steward": is_steward})


def version_of(request: HttpRequest, pk: UUID) -> FormVersion:
    """A version of a form of the reader's programmes; raises Missing for any other."""
    version = form_versions(reader(request)).filter(pk=pk).first()
    if version is None:
        raise Missing("There is no such form here.")
    return version


def stewarded_version(request: HttpRequest, pk: UUID) -> FormVersion:
    """A version that the reader may write or publish; raises Missing for one that they only watch over."""
    version = version_of(request, pk)
    if not holds(reader(request), version.form.programme_id, Role.STEWARD):
        raise Missing("There is no such form to write here.")
    return version


def require_watcher(request: HttpRequest) -> None:
    """Raises Missing for whoever is neither steward nor auditor of a programme."""
    if not programmes(reader(request), Role.STEWARD, Role.AUDITOR).exists():
        raise Missing("There is nothing here for you.")


def _row(withdrawal: Withdrawal) -> dict[str, object]:
    steps = list(withdrawal.steps.all())
    still_open = [step for step in steps if step.state != "done"]
    deadline = min((step.deadline for step in still_open), default=None)
    return {
        "withdrawal": withdrawal,
        "words": KIND_WORDS[withdrawal.kind],
        "done": len(steps) - len(still_open),
        "total": len(steps),
        "deadline": deadline,
        "overdue": deadline is not None and deadline < timezone.now(),
        "failed": sum(step.state == "failed" for step in steps),
    }
