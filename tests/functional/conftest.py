"""The portal on a port of its own, a small whole world in it, and a real browser that holds each page to the rules."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import pytest
from django.contrib.staticfiles import finders
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Playwright, sync_playwright

from registry.web import scan_words
from tests.factories import whole
from tests.functional.visitor import Visitor

#: Nothing that reaches for another host: no updates, no syncing, no look-up of names at the start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
PHONE, DESK = 375, 1280


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a functional test; one worker runs them all, in one world and one browser."""
    for item in items:
        if "/tests/functional/" in item.path.as_posix():
            item.add_marker("functional")
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[whole.World]:
    """One world for all journeys: it costs seconds, and each journey has people of its own in it."""
    with whole.standing(django_db_blocker) as made:
        yield made


@pytest.fixture
def db(world: whole.World) -> None:
    """In place of a transaction that is rolled back: the server's threads must see what the test writes."""


@pytest.fixture(scope="package")
def origin(world: whole.World) -> Iterator[str]:
    """The address of the portal, served by this process."""
    with served() as address:
        yield address


@pytest.fixture(scope="package")
def assets() -> Iterator[str]:
    """The address of the portal's assets alone: nobody is in it, so that it costs nothing."""
    with served() as address:
        yield address


@contextmanager
def served() -> Iterator[str]:
    """Serves the portal in a thread; its static files come from WhiteNoise as anywhere."""
    server = LiveServerThread("127.0.0.1", lambda application: application)  # type: ignore[arg-type]  # any wrapper does
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright keeps an event loop in this thread; Django is told that its queries may run beside it.

    It ends with these tests: beside a loop Django keeps other connections than without one, so that a later test that
    closes its connections before it forks would leave the wrong ones open, for its children to share.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    program = shutil.which("chromium")
    assert program, "These tests need a browser. Install it: sudo apt-get install chromium"
    with TemporaryDirectory() as home:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, env={**os.environ, "HOME": home})
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def engine_or_none(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes each page seconds to start: only tests that ask for `engine` find it built."""
    if "engine" not in request.fixturenames:
        monkeypatch.setattr(scan_words, "ENGINE", "curation/engine/not-here.zip")


@pytest.fixture
def engine() -> None:
    """The engine for browsers, which has to be built."""
    assert finders.find(scan_words.ENGINE), "The engine for browsers is not built. Run: scripts/build-engine"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def width(request: pytest.FixtureRequest) -> int:
    """The two widths, in CSS pixels, at which pages are looked at."""
    found: int = request.param
    return found


@pytest.fixture
def visitors(chromium: Browser, origin: str, db: None) -> Iterator[Callable[..., Visitor]]:
    """Opens browsers: `visitors(width=…, user=…, scripts=…)`; at the end nothing may have been amiss on any page."""
    opened: list[Visitor] = []

    def open_one(**kwargs: object) -> Visitor:
        opened.append(Visitor(chromium, origin, **kwargs))  # type: ignore[arg-type]  # passed on as they are
        return opened[-1]

    yield open_one
    amiss = [sentence for visitor in opened for sentence in visitor.close()]
    assert not amiss, "\n".join(amiss)
