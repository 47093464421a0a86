"""The visitor notices what is amiss: otherwise the other tests here would hold for any page."""

from collections.abc import Callable

from tests.functional.visitor import Visitor

BAD_PARTS = {
    "picture": "<img src='/static/design/logo.svg'>",
    "host": "<img alt='A cat' src='http://127.0.0.2:9/cat.png'>",
    "style": "<p style='color: red'>Red</p>",
    "width": "<canvas width='900' height='10'></canvas>",
}


def test_what_is_amiss_is_noticed(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(width=375).go("/help/")
    for part in BAD_PARTS.values():
        visitor.page.evaluate("part => document.querySelector('main').insertAdjacentHTML('beforeend', part)", part)
    visitor.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'boom()'}))")
    visitor.page.wait_for_timeout(200)
    visitor.look()
    noted, visitor.amiss = "\n".join(visitor.amiss), []
    for sentence in (
        "image-alt",
        "asks another host: http://127.0.0.2:9/cat.png",
        "pixels too wide",
        "Content Security",
    ):
        assert sentence in noted, noted
