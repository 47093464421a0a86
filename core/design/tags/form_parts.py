"""Parts of forms: one field, the error summary and the filter bar."""

from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.design.tags.library import fill, register


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Show one field with its label, hint, error and input."""
    return bound.as_field_group()


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """List a form's errors at the top, each linking to its field; nothing where there are none."""
    return fill("forms/error_summary", form=form)


@register.simple_tag
def filter_form(form: BaseForm, *, action: str = "", label: str = "") -> SafeString:
    """Show a GET form in one calm bar above a list, with a link that clears it."""
    return fill("filter_form", form=form, action=action, label=label or gettext("Filter this list"))
