"""Single values: tags, states, times, hashes, figures and progress."""

from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.design import formats
from core.design.tags.library import fill, one_of, register
from core.design.tones import TONES, label_of, tone_of
from core.said import said

register.filter("grouped", formats.grouped)
register.filter("shortened", formats.shortened)
register.filter("size", formats.size)
register.filter("said", said, is_safe=False)


@register.filter
def state_label(state: str) -> str:
    """A state's code in words, in the reader's language."""
    return gettext(label_of(str(state)))


@register.simple_tag
def tag(label: str, tone: str = "neutral") -> SafeString:
    """Show a short word in one of the five tones: good, waiting, attention, bad, neutral."""
    return fill("tag", label=label, tone=one_of("A tag's tone", tone, TONES))


@register.simple_tag
def state_tag(state: str, label: str = "") -> SafeString:
    """Show a state's code in words and in the tone that this state has on every page."""
    return fill("tag", label=label or state_label(state), tone=tone_of(str(state)))


@register.simple_tag
def when(value: datetime | date | None, missing: str = "") -> SafeString | str:
    """Show a time as people say it, with the exact time in the markup and on hover."""
    if value is None:
        return missing or gettext("not yet")
    return fill("when", text=formats.moment(value), machine=formats.machine_moment(value))


@register.simple_tag
def digest(value: str, keep: int = 10) -> SafeString:
    """Show a long hash shortened, its whole value on hover and for copying by assistive technology."""
    return fill("digest", whole=value, short=formats.shortened(value, keep))


@register.simple_tag
def figure(value: float | int | str, label: str, *, of: float | int | None = None, note: str = "") -> SafeString:
    """Show one number that matters: `412 of 500 donors`."""
    return fill(
        "figure",
        value=formats.grouped(value),
        of=None if of is None else formats.grouped(of),
        label=label,
        note=note,
    )


@register.simple_tag
def progress(value: float, maximum: float, label: str) -> SafeString:
    """Show how much is done, as a bar and in words; a maximum of zero shows an empty bar."""
    share = 0 if maximum <= 0 else min(100, max(0, round(100 * value / maximum)))
    return fill("progress", label=label, share=share, value=formats.grouped(value), maximum=formats.grouped(maximum))
