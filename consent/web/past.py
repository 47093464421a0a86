"""A page for stewards and auditors: did this donor's consent permit a purpose on a day, by what was known when?"""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consent.queries import Moment, donors_watched, held_at, history, spoken, verdict_on_held
from consent.queries.standing import CHECK, RENEWAL
from consent.rules import use as uses
from consent.rules.events import EventKind
from consent.rules.grammar import parse
from consent.rules.use import Use, UseError
from consent.web.staff import require_watcher
from core.canonical import loads
from core.spoken import said
from core.web.reader import reader

PURPOSES = {
    "general": _("Any research, also outside health"),
    "hmb": _("Health and medical research in general"),
    "poa": _("Research into where people's ancestors came from"),
    "methods": _("Working out better research methods"),
    "train_model": _("Training a computer model"),
    "methods_within_disease": _("Methods and models stay inside the diseases named"),
    "share_weights": _("Giving the trained model to others"),
    "clinical": _("Deciding about the care of patients"),
}
NOT_SAID = [("", _("Not said")), ("yes", _("Yes")), ("no", _("No"))]
ORGANISATIONS = [("", _("Not said")), ("nonprofit", _("Not for profit")), ("forprofit", _("A company"))]
#: The outcome in words, and the tone that it is shown in.
ANSWERS = {
    "PERMIT": (_("Yes, it was permitted"), "good"),
    "CONDITIONAL": (_("Yes, on conditions"), "good"),
    "REVIEW": (_("A person had to decide"), "waiting"),
    "DENY": (_("No, it was not permitted"), "bad"),
}
#: Why nothing might be done with a gift, though its consent was in force.
RESTED = {
    RENEWAL: _("The consent rested: the form had changed, and the donor had not signed it again in time."),
    CHECK: _("The consent rested: the donor's identity was checked less than the programme asked for on that day."),
}
#: What happened to a consent.
EVENT_WORDS = {
    EventKind.SIGNED: _("Signed"),
    EventKind.CHANGED: _("Changed"),
    EventKind.RESTRICTED: _("Restricted"),
    EventKind.WITHDRAWN: _("Withdrawn"),
}


class PastForm(forms.Form):
    """A donor, a moment, whose knowledge counts, and a purpose."""

    donor = forms.UUIDField(label=_("Donor"), help_text=_("The donor's id, as it stands in the audit trail."))
    day = forms.DateField(label=_("On which day?"), help_text=_("Such as 2026-01-31."))
    at = forms.TimeField(
        label=_("At what time?"),
        required=False,
        help_text=_("Such as 14:30, in UTC. Left empty: at the end of the day."),
    )
    known = forms.ChoiceField(
        label=_("By what was known when?"),
        choices=[("then", _("By what was known at that moment")), ("now", _("By what is known now"))],
        widget=forms.RadioSelect,
    )
    purposes = forms.MultipleChoiceField(
        label=_("For what?"), choices=PURPOSES.items(), required=False, widget=forms.CheckboxSelectMultiple
    )
    diseases = forms.CharField(
        label=_("Research into which diseases?"),
        required=False,
        max_length=400,
        help_text=_("Their MONDO ids with commas, such as MONDO:0004992."),
    )
    org = forms.ChoiceField(label=_("Who asked?"), choices=ORGANISATIONS, required=False)
    commercial = forms.ChoiceField(label=_("Was it meant to earn money?"), choices=NOT_SAID, required=False)
    countries = forms.CharField(
        label=_("In which countries?"),
        required=False,
        max_length=200,
        help_text=_("Codes with commas, such as GB, DE."),
    )

    def clean(self) -> dict[str, Any]:
        """The purpose is read as strictly as everywhere else."""
        data: dict[str, Any] = self.cleaned_data
        try:
            data["use"] = self._use(data)
        except UseError as refusal:
            self.add_error(None, said(refusal.sentence))
        return data

    def moment(self) -> Moment:
        """The moment asked about; a day without a time is asked about at its end."""
        on = datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"] or time.max, UTC)
        return Moment.as_known_then(on) if self.cleaned_data["known"] == "then" else Moment(on, timezone.now())

    def _use(self, data: dict[str, Any]) -> Use:
        listed = {name: _listed(data.get(name, "")) for name in ("diseases", "countries")}
        answers = {"yes": True, "no": False}
        told = {"org": data.get("org") or None, "commercial": answers.get(data.get("commercial", ""))}
        return uses.parse({**dict.fromkeys(data.get("purposes", []), True), **listed, **told})


@login_required
@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """The question, and its answer once it is asked."""
    require_watcher(request)
    form = PastForm(request.GET or None)
    answer = {}
    if form.is_bound and form.is_valid():
        donor = donors_watched(reader(request)).filter(pk=form.cleaned_data["donor"]).first()
        if donor is None:
            form.add_error("donor", _("There is no such donor in the programmes that you watch over."))
        else:
            answer = answer_to(donor.pk, form.cleaned_data["use"], form.moment())
    return render(request, "consent/past.html", {"form": form, **answer})


def answer_to(donor_id: UUID, use: Use, moment: Moment) -> dict[str, Any]:
    """The verdict in words, what the consent said, and every event with what it counted for."""
    held = held_at(donor_id, moment)
    verdict, row = verdict_on_held(held, use, moment), held.row
    can, cannot = spoken(parse(loads(row.canonical)), moment.on.date()) if row else ([], [])
    words, tone = ANSWERS[verdict.outcome]
    return {
        "verdict": verdict,
        "words": words,
        "tone": tone,
        "moment": moment,
        "rested": RESTED.get(held.why, ""),
        "can": can,
        "cannot": cannot,
        "events": [
            (event, EVENT_WORDS[EventKind(event.kind)], _standing(event, moment)) for event in history(donor_id)
        ],
    }


def _standing(event: Any, moment: Moment) -> str:
    if event.recorded_at > moment.known_at:
        return gettext("Not known yet")
    return gettext("Not in force yet") if event.effective_at > moment.on else gettext("Counted")


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
