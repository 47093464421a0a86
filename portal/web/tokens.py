"""One's own access tokens: make one (its text is shown once), see them, revoke them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts import actions, queries
from core.accounts.roles import Scope
from core.errors import Missing
from core.web.reader import reader

SCOPES = [
    (Scope.DONATIONS, _("Send images and read my donations")),
    (Scope.CONSENTS, _("Read my consents")),
    (Scope.REQUESTS, _("Ask for access and read my requests")),
    (Scope.JOBS, _("Submit and read my training jobs")),
    (Scope.RESULTS, _("Read results that were released to me")),
]


class TokenForm(forms.Form):
    """What the token is for and how long it lasts."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=60, help_text=_("For example: the lab's upload script")
    )
    scopes = forms.MultipleChoiceField(label=_("What may it do?"), widget=forms.CheckboxSelectMultiple, choices=SCOPES)
    days = forms.TypedChoiceField(
        label=_("How long does it last?"),
        coerce=int,
        choices=[(1, _("1 day")), (30, _("30 days")), (90, _("90 days")), (365, _("1 year"))],
        initial=30,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list and the form; the answer to a POST shows the new token's text this once."""
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        __, text = actions.make_token(user=reader(request), by=reader(request), **form.cleaned_data)
        form = TokenForm()
    return render(request, "portal/tokens.html", {"form": form, "text": text, "tokens": queries.tokens(request.user)})


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Ends one of one's own tokens."""
    token = queries.tokens(request.user).filter(pk=token_id).first()
    if token is None:
        raise Missing("There is no such token.")
    actions.revoke_token(token=token, by=reader(request))
    messages.success(request, _("The token no longer works."))
    return redirect("portal:tokens")
