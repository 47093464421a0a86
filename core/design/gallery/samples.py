"""The made-up values that the gallery shows; the form shows each kind of input."""

from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ICONS: Final = (
    *("check", "image", "shield", "people", "lock", "clock", "search", "heart"),
    *("file", "arrow", "warning", "info", "chart"),
)
USES: Final = [
    ("general", _("Any health research")),
    ("cancer", _("Cancer research only")),
    ("none", _("None for now")),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Your name"), help_text=_("As it is written on your letters from the hospital."))
    year = forms.IntegerField(
        label=_("Year of birth"),
        min_value=1900,
        error_messages={"required": _("Enter the year in which you were born")},
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
    )
    use = forms.ChoiceField(label=_("What may your images be used for?"), choices=USES, widget=forms.RadioSelect)
    also = forms.MultipleChoiceField(
        label=_("What else do you allow?"),
        required=False,
        choices=[("train", _("Training computer models")), ("company", _("Research by companies"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick all that you allow. You can change this at any time."),
    )
    hospital = forms.ChoiceField(label=_("Hospital"), choices=[("a", _("North")), ("b", _("South"))])
    images = forms.FileField(label=_("Images"), help_text=_("Choose the files from the disc that you were given."))
    note = forms.CharField(label=_("Anything we should know"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label=_("I have read what becomes of my images"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use"].widget.choice_hints = {
            "general": _("Doctors and scientists who study any illness."),
            "cancer": _("Only studies that are about cancer."),
        }


class SampleFilter(forms.Form):
    """A short filter form."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), ("clean", "Clean")])
    word = forms.CharField(label=_("Word in the title"), required=False)


def sample_context() -> dict[str, Any]:
    """Return everything that the gallery's template shows."""
    losses = [(n, round(0.72 * 0.86**n + 0.08, 4)) for n in range(1, 13)]
    checks = [(n, round(0.74 * 0.88**n + 0.13, 4)) for n in range(1, 13)]
    return {
        "sample_form": SampleForm(data={"name": "Ada", "use": "cancer"}),
        "filter": SampleFilter(),
        "now": timezone.now(),
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "states": [
            "clean",
            "checking",
            "quarantined",
            "rejected",
            "draft",
            "under_review",
            "granted",
            "withdrawn",
        ],
        "facts": [(_("Purpose"), _("Finding lung nodules earlier")), (_("Donors"), _("412 of 500"))],
        "columns": [_("Version"), _("Donors#"), _("Images#"), _("State")],
        "rows": [
            [{"href": "#", "text": "1.0.0"}, "300", "1,204", {"state": "closed"}],
            [{"href": "#", "text": "2.0.0"}, "299", "1,198", {"state": "frozen"}],
        ],
        "tasks": [
            {"label": _("Read what it is about"), "state": "done", "href": "#"},
            {"label": _("Make your choices"), "state": "now", "href": "#", "hint": _("About five minutes")},
            {"label": _("Sign"), "state": "todo", "href": "#"},
            {"label": _("Give your images"), "state": "blocked"},
        ],
        "events": [
            {"label": _("You gave 12 images"), "at": datetime(2026, 5, 3, 9, 10, tzinfo=UTC)},
            {"label": _("Names and numbers were removed"), "at": datetime(2026, 5, 3, 9, 12, tzinfo=UTC)},
            {"label": _("A person looks at them"), "state": "now", "text": _("This takes a day or two.")},
            {"label": _("Ready for research"), "state": "todo"},
        ],
        "thumbs": [
            {
                "src": static("design/favicon.svg"),
                "alt": gettext("Slice %(n)s of 4, chest") % {"n": n},
                "caption": gettext("Slice %(n)s") % {"n": n},
            }
            for n in range(1, 5)
        ],
        "icons": ICONS,
        "pictures": ["gift", "inbox", "shield", "search", "goodbye"],
        "page": Paginator(range(200), 10).get_page(4),
        "choices": [
            (_("Any health research"), 214),
            (_("Cancer research only"), 96),
            (_("No companies"), 71),
            (_("None"), 9),
        ],
        "losses": [{"name": gettext("Training"), "points": losses}, {"name": gettext("Validation"), "points": checks}],
    }
