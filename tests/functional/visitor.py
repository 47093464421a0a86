"""Someone at a browser: opens pages, presses what is on them, and notes whatever is amiss with a page."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from core.accounts.models import User
from core.canonical import sha256_hex
from portal.story.browser import session_of
from tests.functional.pictures import take

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK_AXE = """tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found =>
    found.violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join('; ')})`))"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = """(() => { const at = document.activeElement;
    return ((at.labels && at.labels[0]) || at).innerText.trim().replace(/ \\(optional\\)$/, ''); })()"""
PHONE = 375
DESK, HEIGHT = 1280, 900
#: What differs between two answers with the same page: ids, and tokens of forms.
OTHERS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{64}")
_seen: set[str] = set()


class Visitor:
    """A browser window of one person. After each step the page is looked at; `amiss` gathers what is wrong."""

    def __init__(
        self,
        browser: Browser,
        origin: str,
        *,
        width: int = DESK,
        zoom: int = 1,
        user: User | None = None,
        scripts: bool = True,
    ) -> None:
        """`zoom`: how many times larger than usual everything is drawn, so that less fits (WCAG 1.4.10: 4 times)."""
        self.origin, self.width, self.scripts = origin, width // zoom, scripts
        self.amiss: list[str] = []
        self.context = browser.new_context(
            viewport={"width": self.width, "height": HEIGHT // zoom if width > 600 else 740},
            device_scale_factor=zoom,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            locale="en-GB",
        )
        if scripts:
            self.context.add_init_script(AXE)
        if user is not None:
            self.sign_in(user)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)  # only keeps a failure from lasting for ever
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._note(f"a script failed: {error}"))
        self.page.on("request", self._request)

    def sign_in(self, user: User) -> None:
        """As if they had typed their password; the sign-in page itself is a journey's step."""
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": self.origin}
        self.context.add_cookies([cookie])

    @property
    def path(self) -> str:
        """Where the visitor is."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """What the page's main part says."""
        return self.page.inner_text("main")

    def go(self, path: str, status: int = 200) -> "Visitor":
        """Opens an address of the portal and looks at it."""
        # A page that follows a job opens itself anew; where it does so at this moment, nothing is answered.
        answer = self.page.goto(self.origin + path) or self.page.reload()
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.look()

    def press(self, name: str, *, exact: bool = False) -> "Visitor":
        """Presses the button, or follows the link, with this name in the main part, and looks at what comes."""
        main = self.page.locator("main")
        found = main.get_by_role("button", name=name, exact=exact).or_(main.get_by_role("link", name=name, exact=exact))
        with self.page.expect_navigation():
            found.first.click()
        return self.look()

    def choose(self, label: str, *, within: str = "") -> "Visitor":
        """Ticks a box or a radio button by its label, inside the group called `within` where labels repeat."""
        place = self.page.get_by_role("group", name=within) if within else self.page.locator("main")
        place.get_by_label(label, exact=True).check()
        return self

    def write(self, label: str, text: str) -> "Visitor":
        """Types into the field with this label."""
        named = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
        self.page.locator("main").get_by_label(named).fill(text)
        return self

    def tab_to(self, name: str) -> "Visitor":
        """Moves the focus with the Tab key, always onwards, until it is on what has this label or text."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED) == name:
                return self
        raise AssertionError(f"{self.path}: the Tab key never comes to {name!r}")

    def key(self, key: str) -> "Visitor":
        """Presses one key."""
        self.page.keyboard.press(key)
        return self

    def keys(self, text: str) -> "Visitor":
        """Types."""
        self.page.keyboard.type(text)
        return self

    def enter(self) -> "Visitor":
        """Presses Enter and looks at the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.look()

    def picture(self, name: str) -> "Visitor":
        """A picture for the documents, where they are asked for."""
        if self.width >= PHONE:
            take(self.page, name if self.width > 600 else f"{name}-phone")
        return self

    def look(self) -> "Visitor":
        """Notes accessibility violations and what does not fit; a page that was seen before is not looked at again."""
        if "text/html" not in self.page.evaluate("document.contentType"):
            return self
        if self.width < 600 and (wide := self.page.evaluate(TOO_WIDE)) > 0:
            self._note(f"is {wide} pixels too wide")
        seen = sha256_hex(f"{self.width} {OTHERS.sub('x', self.page.content())}")
        if self.scripts and seen not in _seen:
            _seen.add(seen)
            for violation in self.page.evaluate(ASK_AXE, TAGS):
                self._note(violation)
        return self

    def narrow(self) -> "Visitor":
        """Looks at the same page on a phone, and goes back to the desk."""
        self.page.set_viewport_size({"width": PHONE, "height": 740})
        if (wide := self.page.evaluate(TOO_WIDE)) > 0:
            self._note(f"is {wide} pixels too wide on a phone")
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})
        return self

    def close(self) -> list[str]:
        """Closes the window; returns what was amiss."""
        self.context.close()
        return self.amiss

    def _note(self, sentence: str) -> None:
        self.amiss.append(f"{self.path} at {self.width}: {sentence}")

    def _console(self, message: ConsoleMessage) -> None:
        # A browser also logs the page's own status when that is a refusal (404, 409, 422): that is an answer.
        own = message.location.get("url", "") == self.page.url and message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not own:
            self._note(f"the console says: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self._note(f"asks another host: {request.url}")
