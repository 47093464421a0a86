"""How forms are drawn: Django's own rendering with our templates, and classes that our stylesheet knows."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, gettext_noop

_CLASS_OF: Final[dict[str, str]] = {
    "radios": "nhsuk-radios__input",
    "checkboxes": "nhsuk-checkboxes__input",
    "checkbox": "nhsuk-checkboxes__input",
    "select": "nhsuk-select",
    "textarea": "nhsuk-textarea",
    "file": "d-file",
    "input": "nhsuk-input",
    "group": "nhsuk-input nhsuk-input--width-10",
}
_MISSING: Final[dict[str, str]] = {
    "radios": gettext_noop("Choose an answer for “{}”"),
    "checkboxes": gettext_noop("Choose at least one answer for “{}”"),
    "checkbox": gettext_noop("Tick “{}” to go on"),
    "select": gettext_noop("Choose an answer for “{}”"),
    "file": gettext_noop("Choose a file for “{}”"),
    "hidden": gettext_noop("Part of this page was lost. Load it again and start over."),
}
#: What Django says by itself of a value, by its code, in words that tell what to do.
_PLAIN: Final[dict[str, str]] = {
    "max_length": gettext_noop("Write at most {limit_value:,} characters; this has {show_value:,}."),
    "min_value": gettext_noop("Enter {limit_value} or more."),
    "max_value": gettext_noop("Enter {limit_value} or less."),
    "invalid_choice": gettext_noop("Choose one of the answers that this page offers."),
    "invalid_pk_value": gettext_noop("Choose one of the answers that this page offers."),
    "null_characters_not_allowed": gettext_noop("There is a character in this that cannot be kept. Type it again."),
}
_WITH_ERROR_CLASS: Final = {"select", "textarea", "input"}


class PasswordAgain(forms.CharField):
    """The password of whoever is signed in, typed once more before something that nobody else may do for them."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Your password"),
            help_text=gettext_lazy("So that we know it is you."),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": gettext_lazy("Enter your password.")},
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button or checkbox of a list: its id, words, hint and the input's own markup."""

    id: str
    label: str
    hint: str
    tag: SafeString


class DonaraBoundField(BoundField):
    """A field on its form, which also knows what kind of input it is and where an error link must lead."""

    @property
    def kind(self) -> str:
        """Return which of our inputs draws this field; `group` is several inputs that make one value."""
        return kind_of(self.field.widget)

    @property
    def anchor(self) -> str:
        """Return the id of the input that an error in this field should lead to."""
        return str(self.id_for_label) or f"{self.auto_id}_0"  # a list of choices has no label of its own

    @property
    def options(self) -> list[Option]:
        """Return the radio buttons or checkboxes; hints come from the widget's `choice_hints`, by value."""
        hints = getattr(self.field.widget, "choice_hints", {})
        return [
            Option(
                id=str(widget.id_for_label),
                label=str(widget.choice_label),
                hint=str(hints.get(str(widget.data["value"]), "")),
                tag=widget.tag(),
            )
            for widget in self.subwidgets
        ]

    @property
    def problems(self) -> list[str]:
        """Return the field's errors as sentences that say what to do; Django's bare ones are put in our words."""
        return [self._sentence(error) for error in self.errors.as_data()]

    def _sentence(self, error: ValidationError) -> str:
        said = " ".join(error.messages)
        if said == str(forms.Field.default_error_messages["required"]):
            return self._missing()
        plain = _PLAIN.get(error.code or "")
        return gettext(plain).format(**error.params or {}) if plain else said

    def _missing(self) -> str:
        sentence = _MISSING.get(self.kind, gettext_noop("Fill in “{}”"))
        return gettext(sentence).format(self.label)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add our class to the attributes that Django gives the input, keeping the form's own class."""
        built = super().build_widget_attrs(attrs, widget)
        kind = kind_of(widget or self.field.widget)
        if kind == "hidden":
            return built
        own = self.field.widget.attrs.get("class", "")
        names = [own, _CLASS_OF[kind]]
        if self.errors and kind in _WITH_ERROR_CLASS:
            names.append(f"{_CLASS_OF[kind]}--error")
        if self.field.widget.attrs.get("placeholder") == self.label:
            built["placeholder"] = False  # allauth repeats the label there; it vanishes when one types
        built["class"] = " ".join(name for name in names if name)
        return built


class DonaraFormRenderer(DjangoTemplates):
    """Set as FORM_RENDERER: forms and fields from `templates/design/forms/`, inputs from Django."""

    form_template_name = "design/forms/form.html"
    field_template_name = "design/forms/field.html"
    bound_field_class = DonaraBoundField


def kind_of(widget: forms.Widget) -> str:
    """Return the kind of input for a widget; a widget nobody listed is a plain input."""
    if widget.is_hidden:
        return "hidden"
    for kind, classes in _KINDS:
        if isinstance(widget, classes):
            return kind
    return "input"


# The order matters: radios and checkboxes are selects to Django's class tree, so they come before.
_KINDS: Final[tuple[tuple[str, tuple[type[forms.Widget], ...]], ...]] = (
    ("checkboxes", (forms.CheckboxSelectMultiple,)),
    ("radios", (forms.RadioSelect,)),
    ("checkbox", (forms.CheckboxInput,)),
    ("group", (forms.MultiWidget, forms.SelectDateWidget)),
    ("file", (forms.FileInput,)),
    ("textarea", (forms.Textarea,)),
    ("select", (forms.Select,)),
)
