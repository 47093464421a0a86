"""The committed stylesheet asks nobody, shows no logo but ours, and its colours can be read."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "core/design/static/design"
CSS = (STATIC / "donara.css").read_text()
COLOURS = dict(
    re.findall(r"^\$([a-z-]+): (#[0-9a-f]{6});", (ROOT / "core/design/scss/_settings.scss").read_text(), re.MULTILINE)
)
#: Text on background, as the sheets use them.
PAIRS = [
    *[(text, ground) for text in ("ink", "ink-soft", "teal", "teal-deep", "coral") for ground in ("paper", "white")],
    *[("ink", ground) for ground in ("sand", "marigold", "marigold-mist", "leaf-mist", "brick-mist", "teal-mist")],
    *[("white", ground) for ground in ("teal", "teal-deep", "brick", "leaf", "coral", "plum")],
    *[("leaf", "leaf-mist"), ("brick", "brick-mist"), ("teal", "teal-mist"), ("ink-soft", "sand")],
    *[("marigold", "teal-deep"), ("teal-mist", "teal-deep"), ("brick", "paper"), ("leaf", "white")],
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2 (1 to 21)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


def test_it_loads_nothing_from_elsewhere_and_no_font() -> None:
    assert "@font-face" not in CSS
    assert "@import" not in CSS
    assert "frutiger" not in CSS.lower()
    addresses = set(re.findall(r"url\(\"?([^\")]+)", CSS))
    assert all((STATIC / address).is_file() for address in addresses), addresses


def test_no_header_or_logo_of_another_service_is_in_it() -> None:
    assert "nhsuk-header" not in CSS
    assert "nhsuk-footer" not in CSS
    marks = [path for path in (ROOT / "core/design/templates").rglob("*") if path.is_file()]
    assert [path.name for path in marks if re.search(r"\bNHS\b", path.read_text())] == []


def test_the_licences_of_what_is_inside_are_beside_it() -> None:
    notice = (STATIC / "LICENCES.txt").read_text()
    assert "nhsuk-frontend" in notice
    assert "htmx.org 2." in notice
    assert "2015 tus" in notice


def test_every_class_that_a_template_uses_is_in_the_stylesheet() -> None:
    used: set[str] = set()
    for path in (ROOT / "core/design/templates").rglob("*.[hs][tv][mg]*"):
        source = re.sub(r"{[{%].*?[%}]}", "§", path.read_text())
        for words in re.findall(r'class="([^"]*)"', source):
            used |= {word.strip("§") for word in words.split() if "§" not in word.strip("§")}
    missing = {word for word in used - {""} if f".{word}" not in CSS}
    assert missing == set(), missing


def test_only_a_cards_title_covers_the_card() -> None:
    covering = re.findall(r"([^{}]*\.d-card--link[^{}]*::after)\{", CSS)
    assert covering == [".d-card--link .d-card__title a::after"]  # a picture's link leads elsewhere
