"""How a donor hears of the use of their gift: how often, and whether by e-mail too."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consent import queries as consent
from core.errors import Missing
from core.notifications.pace import Pace, Wanted
from core.notifications.queries import news_wanted
from core.web.reader import reader
from registry import actions

PACES = {
    Pace.EACH: _("Each time"),
    Pace.WEEKLY: _("Once a week, all together"),
    Pace.NONE: _("Not at all"),
}
WAYS = {"inbox": _("Only here, under Messages"), "mail": _("Here, and an e-mail that says there is news")}


class NewsForm(forms.Form):
    """How often, and how."""

    pace = forms.ChoiceField(
        label=_("When do you want to hear of it?"), choices=list(PACES.items()), widget=forms.RadioSelect
    )
    way = forms.ChoiceField(
        label=_("How do you want to hear of it?"),
        help_text=_("The e-mail says nothing of you or your scans. It only has a link."),
        choices=list(WAYS.items()),
        widget=forms.RadioSelect,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest) -> HttpResponse:
    """What holds now, to be changed; for those who give, or gave."""
    user = reader(request)
    donors = consent.donors_of(user)
    if not donors.exists():
        raise Missing("There are no news here for someone who gives nothing.")
    wanted = news_wanted([user.pk])[user.pk]
    form = NewsForm(request.POST if request.method == "POST" else None, initial=_said(wanted))
    if form.is_bound and form.is_valid():
        pace, by_mail = Pace(form.cleaned_data["pace"]), form.cleaned_data["way"] == "mail"
        actions.choose_news(user=user, pace=pace, by_mail=by_mail, by=user)
        messages.success(request, _("Thank you. You hear of it as you chose."))
        return redirect("registry:mydata")
    is_quiet = not any(consent.may_contact(donor.pk) for donor in donors)
    return render(request, "registry/news.html", {"form": form, "is_quiet": is_quiet})


def in_words(wanted: Wanted) -> str:
    """What holds now, in a sentence."""
    if wanted.pace is Pace.NONE:
        return str(_("You get no news of it."))
    if wanted.pace is Pace.EACH:
        each, mailed = _("You get a message each time."), _("You get a message and an e-mail each time.")
        return str(mailed if wanted.by_mail else each)
    if wanted.by_mail:
        return str(_("You get a message and an e-mail once a week, when there is something new."))
    return str(_("You get a message once a week, when there is something new."))


def _said(wanted: Wanted) -> dict[str, str]:
    return {"pace": wanted.pace.value, "way": "mail" if wanted.by_mail else "inbox"}
