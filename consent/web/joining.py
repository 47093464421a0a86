"""One's own part of the way: about you, the choices, a look at everything, and the signature."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from consent import actions
from consent.models import FormVersion
from consent.queries import donor_of, may_donate, signatures_of
from consent.rules.form_content import FormContent
from consent.web.choices_form import ChoicesForm, meaning_of
from consent.web.forms import DetailsForm, SignForm, add_refusal
from consent.web.languages import content_of, language_of
from consent.web.programme import published
from consent.web.signature import is_proved, is_what_was_shown
from consent.web.steps import place
from consent.web.way import Way, shown
from core.accounts.models import Programme
from core.errors import Conflict, Invalid
from core.spoken import said
from core.web.reader import reader


class Stop:
    """Where someone stands on the way: the programme, its form, and what they have said so far."""

    def __init__(self, request: HttpRequest, slug: str) -> None:
        self.slug = slug
        self.programme: Programme
        self.version: FormVersion
        self.programme, self.version = published(slug)
        self.content: FormContent = content_of(request, self.version)
        self.language = language_of(request, self.version)
        self.way = Way(reader(request), self.programme.pk)

    def page(self, key: str, **more: Any) -> dict[str, Any]:
        """What every page of the way is given."""
        return {
            "programme": self.programme,
            "content": self.content,
            "place": place(self.slug, self.content, key),
        } | more

    def go(self, name: str) -> HttpResponse:
        """On to another page of the way."""
        return redirect(f"consent:{name}", slug=self.slug)

    def missing(self) -> str:
        """The page whose answer is still missing before anything can be signed, or ''."""
        if self.way.details is None:
            return "details"
        return "" if self.way.choices(self.version) is not None else "choose"


def on_the_way(view: Callable[[HttpRequest, Stop], HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, and not yet signed: whoever has signed is shown their receipt, also after posting twice."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str) -> HttpResponse:
        stop = Stop(request, slug)
        donor = donor_of(reader(request), stop.programme.pk)
        if donor is not None and may_donate(donor.pk):
            newest = signatures_of(reader(request)).filter(donor=donor).first()
            return redirect("consent:receipt", pk=newest.pk) if newest else redirect("consent:choices")
        return view(request, stop)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_way
def details(request: HttpRequest, stop: Stop) -> HttpResponse:
    """Who signs."""
    known = dict(stop.way.details or {})
    known["previous_names"] = "\n".join(known.get("previous_names", []))
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_bound and form.is_valid():
        stop.way.keep_details(form.cleaned_data)
        return stop.go("choose")
    return render(request, "consent/details.html", stop.page("details", form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_way
def choose(request: HttpRequest, stop: Stop) -> HttpResponse:
    """The choices, with what they mean; `show` only tells the meaning and keeps nothing."""
    data = request.POST if request.method == "POST" else None
    asking = data is not None and "show" not in data
    form = ChoicesForm(stop.content.choices, data, chosen=stop.way.earlier_choices(), complete=asking)
    if asking and form.is_valid():
        stop.way.keep_choices(stop.version, form.answers())
        return stop.go("review")
    can, cannot = form.meaning()
    if data is not None:
        stop.way.keep_unfinished(form.answers())
    return render(request, "consent/choose.html", stop.page("choose", form=form, can=can, cannot=cannot))


@require_safe
@on_the_way
def review(request: HttpRequest, stop: Stop) -> HttpResponse:
    """Everything once more: who signs, what was chosen, and the whole text."""
    if missing := stop.missing():
        return stop.go(missing)
    return render(request, "consent/review.html", stop.page("review", **_everything(stop)))


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_way
def sign(request: HttpRequest, stop: Stop) -> HttpResponse:
    """The name, the password, and it is signed."""
    if missing := stop.missing():
        return stop.go(missing)
    everything = _everything(stop)
    expected = shown(
        stop.version, everything["chosen"], language=stop.language, details=sorted(everything["details"].items())
    )
    form = SignForm(request.POST if request.method == "POST" else None, initial={"shown": expected})
    if form.is_bound and is_proved(request, form):
        if not is_what_was_shown(request, form, expected):
            return stop.go("review")
        try:
            signature = actions.sign(
                user=reader(request),
                version=stop.version,
                choices=everything["chosen"],
                typed_name=form.cleaned_data["typed_name"],
                language=stop.language,
                **everything["details"],
                by=reader(request),
            )
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            messages.warning(request, said(refusal.sentence))
            return stop.go("review")  # which leads on to the receipt, or to the newer form's choices
        else:
            return redirect("consent:receipt", pk=signature.pk)
    return render(request, "consent/sign.html", stop.page("sign", form=form, **everything))


def _everything(stop: Stop) -> dict[str, Any]:
    chosen = stop.way.choices(stop.version) or {}
    can, cannot = meaning_of(stop.content.choices, chosen)
    return {"details": stop.way.details, "chosen": chosen, "can": can, "cannot": cannot, "version": stop.version}
