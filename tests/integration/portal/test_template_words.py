"""No template has words of its own that no translation reaches, whoever reads it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from core.design.tones import TONES

TEMPLATES = Path(settings.BASE_DIR)
#: Pages that only staff, reviewers and researchers read, in English still.
FOR_STAFF = {
    *(f"core/design/templates/design/{name}.html" for name in ("bar_chart", "button_class", "gallery", "line_chart")),
    *(f"portal/templates/portal/{name}.html" for name in ("audit", "people")),
    *(f"registry/templates/registry/{name}.html" for name in (
        "_facts", "_numbers", "_requests", "catalogue", "dataset", "dataset_new", "evidence", "grant", "report",
        "reports", "request", "request_new", "requests", "version",
    )),
}  # fmt: skip
DONE = sorted(
    name
    for app in ("consent", "core/design", "curation", "portal", "registry", "training_jobs")
    for path in (TEMPLATES / app / "templates").rglob("*.html")
    if (name := str(path.relative_to(TEMPLATES))) not in FOR_STAFF
    and f"{path.parent.relative_to(TEMPLATES)}/" not in FOR_STAFF
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
    r"table|cell|back_link|breadcrumbs|progress|timeline|when)\b[^%]*%\}"
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
