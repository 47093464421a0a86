"""Charts: bars inside a table, and lines with their numbers in a table below."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.design import charts
from core.design.tags.library import fill, register


@register.simple_tag
def bar_chart(data: Iterable[tuple[str, float]], title: str, *, unit: str = "") -> SafeString:
    """Show (label, value) pairs as bars; it is a table with bars in it, so that it reads without seeing."""
    return fill("bar_chart", bars=charts.bars(data), title=title, unit=unit)


@register.simple_tag
def line_chart(series: Sequence[charts.Series], title: str, *, x_label: str = "", y_label: str = "") -> SafeString:
    """Show how values move, as lines with the numbers in a table below."""
    return fill(
        "line_chart",
        chart=charts.line_chart(series),
        series=series,
        title=title,
        x_label=x_label or gettext("Epoch"),
        y_label=y_label or gettext("Value"),
        width=charts.WIDTH,
        height=charts.HEIGHT,
    )
