"""The gallery shows every component, the document names each, and all of their markup keeps the rules."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template.loader import get_template
from django.test import RequestFactory

from core.design.gallery.samples import sample_context
from core.design.gallery.views import gallery
from core.design.tags.library import register
from core.design.templatetags import design
from tests.design.page import Page, faults

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "core/design/templates/design/gallery.html").read_text()
DOCUMENT = (ROOT / "docs/reference/components.md").read_text()


@pytest.fixture
def shown() -> str:
    return get_template("design/gallery.html").render(sample_context())


def test_its_markup_has_no_fault(shown: str) -> None:
    assert faults(shown) == []


def test_the_check_would_find_faults() -> None:
    wrong = '<p id="a" style="x" onclick="y"><i id="a"></i><script>1</script><img src="https://x.test/"><a href="#b">'
    assert len(faults(wrong)) == 7


@pytest.mark.parametrize("name", sorted(design.register.tags))
def test_every_tag_is_shown_and_documented(name: str) -> None:
    assert re.search(rf"{{% {name}\b", SOURCE), "the gallery does not show it"
    assert re.search(rf"{{% {name}\b", DOCUMENT), "docs/reference/components.md does not say how to use it"


def test_every_filter_is_documented() -> None:
    assert [name for name in register.filters if f"|{name}" not in DOCUMENT] == []


def test_every_icon_and_picture_that_is_documented_is_drawn() -> None:
    icons = re.search(r'icon "check" %}`.*?`([a-z ]+)`', DOCUMENT)
    assert icons is not None
    drawn = (ROOT / "core/design/templates/design/icon.html").read_text()
    assert [name for name in icons[1].split() if f'"{name}"' not in drawn] == []
    pictures = {path.stem for path in (ROOT / "core/design/templates/design/pictures").iterdir()}
    assert pictures == set(sample_context()["pictures"])


def test_charts_say_their_numbers_in_words(shown: str) -> None:
    text = Page(shown).text
    assert "Cancer research only 96 donors" in text
    assert "0.699" in text  # the first training loss, in the table under the lines


@pytest.mark.parametrize(("debug", "demo", "there"), [(False, False, False), (True, False, True), (False, True, True)])
def test_it_exists_only_in_development_and_the_demo(
    settings: LazySettings, debug: bool, demo: bool, there: bool
) -> None:
    settings.DEBUG, settings.DEMO = debug, demo
    request = RequestFactory().get("/design/")
    request.user = AnonymousUser()
    if there:
        assert gallery(request).status_code == 200
    else:
        with pytest.raises(Http404):
            gallery(request)
