"""Boxes around content: cards, inset text, callouts, details and the confirmation panel."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.design.tags.library import fill, register


@register.simple_block_tag
def card(content: str, title: str = "", *, href: str = "", icon: str = "", level: int = 2) -> SafeString:
    """Show content in a box; with `href` the heading links and the whole card can be pressed."""
    return fill("card", content=content, title=title, href=href, icon=icon, heading=f"h{level}")


@register.simple_block_tag
def cards(content: str) -> SafeString:
    """Lay cards or figures out side by side where there is room, below each other where there is not."""
    return fill("cards", content=content)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Set a piece of information off from the text around it."""
    return fill("inset", content=content)


@register.simple_block_tag
def callout(content: str, title: str = "") -> SafeString:
    """Warn about something that a person must know before going on."""
    return fill("callout", content=content, title=title or gettext("Important"))


@register.simple_block_tag
def details(content: str, summary: str, *, open: bool = False) -> SafeString:
    """Hide what only some people need behind a line that opens it."""
    return fill("details", content=content, summary=summary, open=open)


@register.simple_block_tag
def panel(content: str, title: str) -> SafeString:
    """Confirm that a thing was done, as the page's h1, with what happens next in the block."""
    return fill("panel", content=content, title=title)
