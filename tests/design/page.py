"""Reads a page's markup, for tests that say what must hold of every page."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The elements of some markup, each a tag with its attributes, and all of its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of this tag."""
        return [attrs for name, attrs in self.elements if name == tag]

    def values(self, attribute: str) -> list[str]:
        """What this attribute says, wherever it stands."""
        return [attrs[attribute] for _, attrs in self.elements if attribute in attrs]


def faults(markup: str) -> list[str]:
    """What is wrong with a page under our content policy and for people who do not see it; empty is right."""
    page = Page(markup)
    ids = page.values("id")
    found = [f"id {one} stands twice" for one in set(ids) if ids.count(one) > 1]
    found += [f"inline style: {value}" for value in page.values("style")]
    found += [f"inline handler {name}" for _, attrs in page.elements for name in attrs if name.startswith("on")]
    found += ["inline <style>" for _ in page.all("style")]
    # A data block (HTML, section 4.12.1) is no script: nothing runs it, and the content policy knows that.
    scripts = [attrs for attrs in page.all("script") if attrs.get("type") != "application/json"]
    found += ["inline <script>" for attrs in scripts if "src" not in attrs]
    found += ["an <img> without alt" for attrs in page.all("img") if not attrs.get("alt")]
    for attribute in ("src", "href", "action"):
        found += [f"another host: {value}" for value in page.values(attribute) if "//" in value]
    targets = [
        word for name in ("for", "aria-describedby", "aria-labelledby") for word in " ".join(page.values(name)).split()
    ]
    targets += [value[1:] for value in page.values("href") if value.startswith("#") and value != "#"]
    return found + [f"nothing has the id {target}" for target in targets if target not in ids]
