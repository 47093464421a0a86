"""Components put nothing into a page that they were not given, and say plainly when they are used wrongly."""

from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone

from tests.design.page import Page

HOSTILE = "<script>alert(1)</script>\" onmouseover='x'"


def draw(source: str, **values: object) -> str:
    return Template("{% load design %}" + source).render(Context(values))


@pytest.mark.parametrize(
    "source",
    [
        "{% page_header x lead=x caption=x state=x action_label=x action_href=x %}",
        "{% hero x lead=x picture='gift' %}{{ x }}{% endhero %}",
        "{% breadcrumbs x x %}{% back_link x x %}{% step_of 1 2 x %}",
        "{% button x href=x %}{% button x name=x value=x %}{% post_button x action=x name=x value=x %}",
        "{% tag x %}{% state_tag x %}{% digest x %}{% figure 1 x note=x %}{% progress 1 2 x %}",
        "{% card x href=x %}{{ x }}{% endcard %}{% inset %}{{ x }}{% endinset %}{% panel x %}{{ x }}{% endpanel %}",
        "{% callout x %}{{ x }}{% endcallout %}{% details x %}{{ x }}{% enddetails %}",
        "{% summary %}{% row x href=x action=x %}{{ x }}{% endrow %}{% endsummary %}{% summary_list pairs %}",
        "{% data_table columns rows x %}",
        "{% table x caption=x %}<tr>{% cell x %}{{ x }}{% endcell %}</tr>{% endtable %}",
        "{% task_list items %}{% timeline items x %}{% thumbnails items x %}{% empty_state x text=x href=x label=x %}",
        "{% bar_chart bars x unit=x %}{% line_chart series x x_label=x y_label=x %}",
    ],
)
def test_what_a_person_wrote_stays_text(source: str) -> None:
    item = dict.fromkeys(("label", "href", "hint", "text", "src", "alt", "caption"), HOSTILE)
    markup = draw(
        source,
        x=HOSTILE,
        pairs=[(HOSTILE, HOSTILE)],
        columns=[HOSTILE, HOSTILE],
        rows=[[HOSTILE, {"href": HOSTILE, "text": HOSTILE}]],
        items=[item],
        bars=[(HOSTILE, 1)],
        series=[{"name": HOSTILE, "points": [(1, 2)]}],
    )
    page = Page(markup)
    assert page.all("script") == []
    assert page.values("onmouseover") == []
    assert "alert(1)" in markup


@pytest.mark.parametrize(
    "source",
    [
        "{% button 'Go' kind='shiny' %}",
        "{% tag 'Good' 'green' %}",
        "{% breadcrumbs 'Home' %}",
        "{% button %}",
    ],
)
def test_wrong_use_is_an_error_and_not_a_strange_page(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw(source)


def test_a_row_that_does_not_fit_its_columns_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw("{% data_table columns rows 'Things' %}", columns=["One", "Two"], rows=[["only one"]])


@pytest.mark.parametrize(("value", "maximum", "share"), [(0, 0, "0"), (3, 8, "38"), (9, 8, "100"), (-1, 8, "0")])
def test_progress_stays_between_nothing_and_all(value: int, maximum: int, share: str) -> None:
    bar = Page(draw("{% progress value maximum 'Done' %}", value=value, maximum=maximum)).all("progress")[0]
    assert bar["value"] == share


def test_a_post_button_carries_the_token_it_is_given() -> None:
    page = Page(draw("{% post_button 'Approve' action='/a/' %}", csrf_token="t0ken"))
    assert {"type": "hidden", "name": "csrfmiddlewaretoken", "value": "t0ken"} in page.all("input")
    assert page.all("form")[0]["method"] == "post"


def test_pages_keep_the_filter_and_drop_the_old_page() -> None:
    request = RequestFactory().get("/things/", {"state": "clean & new", "page": "3"})
    markup = draw("{% pagination page %}", page=Paginator(range(50), 10).get_page(3), request=request)
    links = [attrs["href"] for attrs in Page(markup).all("a")]
    assert "?state=clean+%26+new&page=4" in links
    assert all(link.count("page=") == 1 for link in links)


def test_one_page_needs_no_links() -> None:
    assert draw("{% pagination page %}", page=Paginator([1], 10).get_page(1)) == ""


def test_a_long_hash_is_short_to_the_eye_and_whole_to_others() -> None:
    whole = "9f86d081884c7d659a2feaa0c55ad015"
    markup = draw("{% digest whole %}", whole=whole)
    assert Page(markup).all("code")[0]["title"] == whole
    assert "9f86d08188…" in markup


def test_times_read_as_people_say_them_and_carry_the_exact_one() -> None:
    moment = timezone.now() - timedelta(minutes=5)
    page = Page(draw("{% when moment %}", moment=moment))
    assert page.text == "5 minutes ago"
    assert page.all("time")[0]["datetime"] == moment.isoformat()
    assert draw("{% when moment missing='never' %}", moment=None) == "never"
