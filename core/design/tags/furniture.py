"""What a page is framed with: header, hero, breadcrumbs, steps, icons and pictures."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.design.tags.library import fill, register


@register.simple_tag
def page_header(
    title: str,
    *,
    lead: str = "",
    caption: str = "",
    state: str = "",
    action_label: str = "",
    action_href: str = "",
) -> SafeString:
    """Show the page's h1 with a lead sentence, a small caption above it, a state and the one main action."""
    return fill(
        "page_header",
        title=title,
        lead=lead,
        caption=caption,
        state=state,
        action_label=action_label,
        action_href=action_href,
    )


@register.simple_block_tag
def hero(content: str, title: str, *, lead: str = "", picture: str = "") -> SafeString:
    """Open a page with a large heading, a lead sentence, buttons (the block) and one of our pictures."""
    return fill("hero", content=content, title=title, lead=lead, picture_name=picture)


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """Show where the page lies: label, address, label, address, … from the start page down to the parent."""
    if len(pairs) % 2:
        raise template.TemplateSyntaxError("breadcrumbs takes pairs of a label and an address.")
    crumbs = [{"label": label, "href": href} for label, href in zip(pairs[::2], pairs[1::2], strict=True)]
    return fill("breadcrumbs", crumbs=crumbs)


@register.simple_tag
def back_link(href: str, label: str = "") -> SafeString:
    """Show the link one step back, for pages in a sequence; use it in place of breadcrumbs."""
    return fill("back_link", href=href, label=label or gettext("Back"))


@register.simple_tag
def step_of(current: int, total: int, label: str = "") -> SafeString:
    """Show how far a person is in a sequence of pages: words, and one dot a step."""
    steps = ["done" if n < current else "now" if n == current else "todo" for n in range(1, total + 1)]
    return fill("step_of", current=current, total=total, label=label, steps=steps)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one of our small line icons; it is decoration, so the words beside it must say the same."""
    return fill("icon", name=name)


@register.simple_tag
def picture(name: str) -> SafeString:
    """Draw one of our illustrations (`gift`, `inbox`, `shield`, `search`, `goodbye`); decoration only."""
    return render_to_string(f"design/pictures/{name}.svg")
