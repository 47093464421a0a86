"""No template has words of its own that no translation reaches, whoever reads it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from core.design.tones import TONES

TEMPLATES = Path(settings.BASE_DIR)
#: The classes of a button: no words.
NO_TEXT = {"core/design/templates/design/button_class.html"}
DONE = sorted(
    name
    for app in ("consent", "core/design", "curation", "portal", "registry", "training_jobs")
    for path in (TEMPLATES / app / "templates").rglob("*.html")
    if (name := str(path.relative_to(TEMPLATES))) not in NO_TEXT
)
#: Parts of a template that are no words: comments, tags, values, style and the names of elements and attributes.
NO_WORDS = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<style.*?</style>|"
    r"\{% blocktranslate.*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<code>.*?</code>|<[^<>]*>|&\w+;",
    re.DOTALL,
)
#: Words given to one of our components as they stand.
BARE = re.compile(
    r"\{% (?:page_header|hero|button|post_button|card|callout|details|row|panel|inset|figure|tag|state_tag|empty_state|"
    r"table|cell|back_link|breadcrumbs|progress|timeline|when|bar_chart|line_chart|step_of|data_table|thumbnails|"
    r"filter_form)\b[^%]*%\}"
)

#: The last is a label on My data, which is translated with the rest of that page.
SAFE = {"?next=", "complete", *TONES, "The way of these images"}
SAME = re.compile(r"Donara|SHA-256|UTC|PDF|JSON")


@pytest.mark.parametrize("name", DONE)
def test_a_template_has_no_words_of_its_own(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    given = [re.sub(r'_\("[^"]*"\)|\w+="(?![^"]* )[^"]*"', "", tag) for tag in BARE.findall(text)]
    literal = re.compile(r'"([^"]*[A-Za-z]{2}[^"]*)"')
    bare = [found for tag in given for found in literal.findall(tag) if found not in SAFE]
    bare += re.findall(r'(?:alt|aria-label|placeholder)="([^"{]*[A-Za-z]{2}[^"{]*)"', text)
    words = [part for part in NO_WORDS.split(text) if re.search(r"[A-Za-z]{2,}", SAME.sub("", part))]
    assert bare + words == []
