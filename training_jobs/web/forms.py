"""The forms: a job's title, parameters and limits made from its template; decisions on jobs and on outputs."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from core.design.formats import grouped
from core.design.tones import label_of
from core.errors import Invalid, Refused
from training_jobs.actions.submitting import LONGEST_TITLE
from training_jobs.queries import kept_said
from training_jobs.rules.limits import BOUNDS
from training_jobs.rules.templates import Parameter, Template

PARAMETER, LIMIT = "parameter_", "limit_"
LIMIT_WORDS = {
    "memory_mb": gettext_noop("Memory, in MB"),
    "cpu_seconds": gettext_noop("Processor time, in seconds"),
    "wall_seconds": gettext_noop("Time from start to end, in seconds"),
    "processes": gettext_noop("Processes and threads"),
    "output_mb": gettext_noop("Outputs, in MB"),
}
NARROW = "nhsuk-input--width-5"


class JobForm(forms.Form):
    """A title, then one field for each parameter and each limit of the template."""

    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        help_text=_("What reviewers and you will know this job by. Write no names of people."),
    )

    def __init__(self, template: Template, data: Any = None) -> None:
        super().__init__(data)
        self.template = template
        for parameter in template.parameters:
            self.fields[PARAMETER + parameter.name] = _field(parameter)
        for name, value in template.limits.as_dict().items():
            self.fields[LIMIT + name] = _limit(name, value)

    def parameter_fields(self) -> list[forms.BoundField]:
        """The fields of the parameters."""
        return [field for field in self if field.name.startswith(PARAMETER)]

    def limit_fields(self) -> list[forms.BoundField]:
        """The fields of the limits."""
        return [field for field in self if field.name.startswith(LIMIT)]

    def limits_wrong(self) -> bool:
        """Whether a limit was not understood, so that they must be seen."""
        return any(field.errors for field in self.limit_fields())

    def chosen(self, prefix: str) -> dict[str, Any]:
        """What was chosen for the parameters, or for the limits."""
        named = {name: value for name, value in self.cleaned_data.items() if name.startswith(prefix)}
        return {name.removeprefix(prefix): value for name, value in named.items()}

    def refuse(self, refusal: Refused) -> None:
        """Shows a refusal beside the field that it is about, or above the form."""
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        for name, sentence in fields.items():
            known = next((n for n in (name, PARAMETER + name, LIMIT + name) if n in self.fields), None)
            self.add_error(known, kept_said(sentence if known else refusal.sentence))
        if not fields:
            self.add_error(None, kept_said(refusal.sentence))


class DecisionForm(forms.Form):
    """Yes or no, with a reason."""

    decision = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, label: str, yes: str, no: str, hint: str, reason: str = "") -> None:
        super().__init__(data, initial={"reason": reason})
        choice = cast(forms.ChoiceField, self.fields["decision"])
        choice.label = label
        choice.choices = [("yes", yes), ("no", no)]
        self.fields["reason"].help_text = hint

    @property
    def says_yes(self) -> bool:
        """Whether the decision is yes."""
        return bool(self.cleaned_data["decision"] == "yes")

    def refuse(self, refusal: Invalid) -> None:
        """Shows a refusal beside its field."""
        for name, sentence in (refusal.fields or {"decision": refusal.sentence}).items():
            self.add_error(name if name in self.fields else None, kept_said(sentence))


def job_decision(data: Any = None) -> DecisionForm:
    """Approve or reject a specification."""
    return DecisionForm(
        data,
        label=gettext("Should exactly this job run?"),
        yes=gettext("Yes, I approve this specification"),
        no=gettext("No, I reject it"),
        hint=gettext("The researcher reads it. Needed when you reject."),
    )


def output_decision(data: Any = None, *, reason: str = "") -> DecisionForm:
    """Release or withhold an output; `reason` is written beforehand."""
    return DecisionForm(
        data,
        label=gettext("May this output leave?"),
        yes=gettext("Yes, release it to the researcher"),
        no=gettext("No, withhold it"),
        hint=gettext("The researcher reads it. Needed when you withhold."),
        reason=reason,
    )


def _field(parameter: Parameter) -> forms.Field:
    if parameter.kind == "choice":
        choices = [(choice, gettext(label_of(choice))) for choice in parameter.choices]
        return forms.ChoiceField(
            label=gettext(parameter.title),
            help_text=gettext(parameter.help),
            initial=parameter.default,
            choices=choices,
            widget=forms.RadioSelect,
        )
    least, most = parameter.minimum or 0, parameter.maximum or 0
    shown: dict[str, Any] = {
        "label": gettext(parameter.title),
        "help_text": f"{gettext(parameter.help)} {_between(least, most)}",
        "initial": parameter.default,
    }
    if parameter.kind == "integer":
        return forms.IntegerField(min_value=int(least), max_value=int(most), widget=_number("1"), **shown)
    return forms.FloatField(min_value=least, max_value=most, widget=_number("any"), **shown)


def _between(least: float, most: float) -> str:
    return gettext("From %(least)s to %(most)s.") % {"least": grouped(least), "most": grouped(most)}


def _number(step: str) -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": NARROW, "step": step})


def _limit(name: str, value: int) -> forms.Field:
    least, most, _unit = BOUNDS[name]
    return forms.IntegerField(
        label=_(LIMIT_WORDS[name]),
        help_text=_between(least, most),
        initial=value,
        min_value=least,
        max_value=most,
        widget=_number("1"),
    )
