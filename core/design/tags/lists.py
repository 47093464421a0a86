"""Lists of things: summaries, tables, tasks, timelines, pages, pictures and the empty state."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.design.tags.library import fill, register


@register.simple_tag
def summary_list(rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> SafeString:
    """Show facts as key and value; a row is (key, value) or {key, value, href, action}."""
    return fill("summary_list", rows=[_row(row) for row in rows])


def _row(row: Sequence[Any] | Mapping[str, Any]) -> Mapping[str, Any]:
    return row if isinstance(row, Mapping) else {"key": row[0], "value": row[1]}


@register.simple_block_tag
def summary(content: str) -> SafeString:
    """Open a summary list whose rows are written in the template with `row`."""
    return fill("summary", content=content)


@register.simple_block_tag
def row(content: str, key: str, *, href: str = "", action: str = "") -> SafeString:
    """Write one row of a `summary`: the key, the value (the block) and perhaps a link to change it."""
    return fill("row", content=content, key=key, href=href, action=action or gettext("Change"))


@register.simple_tag
def data_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], caption: str, empty: str = "") -> SafeString:
    """Show rows of cells under columns; a column named with a final `#` holds numbers."""
    named = [{"label": column.rstrip("#"), "numeric": column.endswith("#")} for column in columns]
    paired = [list(zip(named, cells, strict=True)) for cells in rows]
    return fill("data_table", columns=named, rows=paired, caption=caption, empty=empty or gettext("Nothing here yet."))


@register.simple_block_tag
def table(content: str, columns: str, *, caption: str, show_caption: bool = True) -> SafeString:
    """Open a table whose lines the template writes; `|` separates columns, `#` marks numbers."""
    named = [{"label": c.strip().rstrip("#"), "numeric": c.strip().endswith("#")} for c in columns.split("|")]
    return fill("table", content=content, columns=named, caption=caption, show_caption=show_caption)


@register.simple_block_tag
def cell(content: str, column: str = "", *, numeric: bool = False) -> SafeString:
    """Write one cell of a `table`; the column's name is shown beside it on small screens."""
    return fill("cell", content=content, column=column, numeric=numeric)


@register.simple_tag
def task_list(steps: Iterable[Mapping[str, Any]]) -> SafeString:
    """Show steps to do: {label, state, href, hint}; state is done, now, todo or blocked."""
    return fill("task_list", steps=list(steps))


@register.simple_tag
def timeline(events: Iterable[Mapping[str, Any]], label: str = "") -> SafeString:
    """Show events in order: {label, at, text, state}; state is done (default), now, todo or failed."""
    return fill("timeline", events=list(events), label=label or gettext("What happened"))


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any]) -> SafeString | str:
    """Show links to a list's other pages, keeping the rest of the address's query."""
    if page.paginator.num_pages < 2:
        return ""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("page", None)
    rest = query.urlencode()
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return fill(
        "pagination",
        page=page,
        numbers=list(numbers),
        prefix=f"?{rest}&page=" if rest else "?page=",
        gap=page.paginator.ELLIPSIS,
    )


@register.simple_tag
def empty_state(
    title: str, *, text: str = "", href: str = "", label: str = "", picture: str = "inbox", level: int = 2
) -> SafeString:
    """Say kindly that a list is empty, why, and what a person may do."""
    return fill(
        "empty_state",
        title=title,
        text=text,
        href=href,
        label=label,
        picture_name=picture,
        heading=f"h{level}",
    )


@register.simple_tag
def thumbnails(images: Iterable[Mapping[str, Any]], label: str = "") -> SafeString:
    """Show pictures in a grid: {src, alt, caption, href}; `alt` says what is seen."""
    return fill("thumbnails", images=list(images), label=label or gettext("Images"))
