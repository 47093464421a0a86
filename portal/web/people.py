"""A steward's page of who holds which role."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts import actions, queries
from core.accounts.models import Programme, User
from core.accounts.roles import ROLE_WORDS, STAFF, Role
from core.errors import Missing, Refused
from core.spoken import said
from core.web.reader import reader

GIVEN = [role for role in Role if role in STAFF | {Role.RESEARCHER}]


def role_words(role: Role) -> str:
    """A role as it begins a line, in the reader's language."""
    return capfirst(gettext(ROLE_WORDS[role]))


class RoleForm(forms.Form):
    """Who is to hold which role in which programme."""

    programme: "forms.ModelChoiceField[Programme]" = forms.ModelChoiceField(
        queryset=None, label=_("Programme"), empty_label=None
    )
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The person must have an account already."))
    role = forms.ChoiceField(
        label=_("Role"), widget=forms.RadioSelect, choices=lambda: [(r.value, role_words(r)) for r in GIVEN]
    )

    def __init__(self, *args: Any, reader: queries.Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (tells the type checker which field it is)
        field.queryset = queries.programmes(reader, Role.STEWARD)

    def clean_email(self) -> User:
        """The account behind the address."""
        user = User.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody has an account with this address. Ask them to create one first."))
        return user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Current roles in the programmes that one stewards, and a form to give one."""
    if not queries.programmes(request.user, Role.STEWARD).exists():
        raise Missing("There is no such page for you.")
    form = RoleForm(request.POST or None, reader=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.grant_role(
                user=data["email"], programme=data["programme"], role=Role(data["role"]), by=reader(request)
            )
        except Refused as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("The role is given from now on."))
            return redirect("portal:people")
    held = queries.staff_memberships(request.user)
    rows = [(membership, role_words(Role(membership.role))) for membership in held]
    return render(request, "portal/people.html", {"form": form, "rows": rows})


@login_required
@require_POST
def end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Ends one role from now on."""
    membership = queries.staff_memberships(request.user).filter(pk=membership_id).first()
    if membership is None:
        raise Missing("There is no such role.")
    actions.end_role(membership=membership, by=reader(request))
    messages.success(request, _("The role has ended."))
    return redirect("portal:people")
