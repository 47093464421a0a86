"""Buttons: links that look like one, submit buttons, and buttons that post by themselves."""

from django.template.context import Context
from django.utils.safestring import SafeString

from core.design.tags.library import fill, one_of, register

_BUTTONS = ("primary", "secondary", "warning", "reverse", "quiet")


@register.simple_tag
def button(
    label: str, *, href: str = "", kind: str = "primary", name: str = "", value: str = "", small: bool = False
) -> SafeString:
    """Show a link that looks like a button (with `href`) or a form's submit button (without)."""
    one_of("A button's kind", kind, _BUTTONS)
    return fill("button", label=label, href=href, kind=kind, name=name, value=value, small=small)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    label: str,
    *,
    action: str,
    kind: str = "primary",
    small: bool = False,
    name: str = "",
    value: str = "",
) -> SafeString:
    """Show a button that posts to `action` by itself, with the CSRF token and at most one hidden value."""
    one_of("A button's kind", kind, _BUTTONS)
    return fill(
        "post_button",
        label=label,
        action=action,
        kind=kind,
        small=small,
        name=name,
        value=value,
        csrf_token=context.get("csrf_token", ""),
    )
