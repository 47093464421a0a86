"""The engine in a donor's browser: from this server's files alone, and the same bytes as on the server."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from curation.deid import Cleaned, Deidentifier, derive_subject_key
from curation.deid.headers import Headers
from curation.deid.source import says_where
from curation.deid.texts.facts import facts_about
from tests.deid.corpus import files
from tests.functional.visitor import Visitor

KEY = derive_subject_key(bytes(range(32)), "donor")
PERSON = {"given": "Zoë", "family": "Müller", "previous": ["Meier"], "born": "1961-03-04"}
START = """async ({ key, person }) => {
  const { Engine } = await import("/static/curation/engine.js");
  const engine = new Engine();
  await engine.start();
  await engine.ask("subject", { key, person });
  window.engine = engine;
}"""
ASK = """async ([deed, given]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const answer = await window.engine.ask(deed, { ...given, data: bytes(given.data ?? "") });
  if (answer.data) delete answer.data;
  return answer;
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, assets: str) -> Iterator[Page]:
    """A page on which the engine was started once."""
    assert finders.find("curation/engine/engine.zip"), "The engine for browsers is not built. Run: scripts/build-engine"
    visitor = Visitor(chromium, assets)
    visitor.context.route(
        "**/favicon.ico", lambda route: route.fulfill(status=204)
    )  # asked for where no page names one
    visitor.go("/static/curation/engine.js")
    visitor.page.evaluate(START, {"key": bytes(KEY).hex(), "person": PERSON})
    yield visitor.page
    assert visitor.close() == []


def ask(page: Page, deed: str, data: bytes = b"", **given: object) -> Any:
    return page.evaluate(ASK, [deed, {**given, "data": base64.b64encode(data).decode()}])


def native(surveyed: list[bytes]) -> Deidentifier:
    """The engine as the server's worker makes it for the same donor and files."""
    headers = Headers(facts_about("Zoë", ["Müller", "Meier"], "19610304"))
    for data in surveyed:
        headers.add(data, whole=True)
    return Deidentifier(KEY, study=headers.facts)


def same(page: Page, paths: list[Path]) -> int:
    """Cleans the files here and there and holds the digests against each other; says how many came out clean."""
    corpus = [path.read_bytes() for path in paths]
    for data in corpus:
        ask(page, "survey", data, whole=True)
    here = native(corpus)
    clean = 0
    for path, data in zip(paths, corpus, strict=True):
        mine, theirs = here.clean(data), ask(page, "clean", data)
        if isinstance(mine, Cleaned) and not says_where(here.read(data)):
            assert theirs == {"reason": "missing_identifier"}, (
                path.name
            )  # as the worker does (curation/work/examine.py)
        elif isinstance(mine, Cleaned):
            assert (theirs["sha256"], theirs["risk"]) == (mine.output_sha256, mine.pixel_risk), path.name
            clean += 1
        else:
            assert theirs == {"reason": mine.reason}, path.name
    return clean


SMALL = (
    "CT_small.dcm",
    "MR_small_bigendian.dcm",
    "JPEG2000.dcm",
    "rtplan.dcm",
    "chrH31.dcm",
    "DICOMDIR",
    "image_dfl.dcm",
)


def test_a_file_comes_out_of_the_browser_as_it_does_on_the_server(page: Page) -> None:
    assert same(page, [path for path in files() if path.name in SMALL and path.stat().st_size < 200_000]) >= 4


@pytest.mark.nightly
def test_so_does_every_real_file(page: Page) -> None:
    assert same(page, [path for path in files() if path.stat().st_size < 8_000_000]) > 200


@pytest.mark.parametrize(
    ("name", "born", "outcome"),
    [("MULLER^ZOE", "19610304", "match"), ("Müller^Karl", "19610304", "different"), ("", "", "unknown")],
)
def test_whose_it_is_is_judged_by_the_servers_own_rule(page: Page, name: str, born: str, outcome: str) -> None:
    assert (
        page.evaluate("given => window.engine.ask('compare', given)", {"name": name, "born": born, "person": PERSON})
        == outcome
    )


def test_a_preview_shows_what_goes_and_what_stays(page: Page) -> None:
    data = next(path for path in files() if path.name == "CT_small.dcm").read_bytes()
    found = ask(page, "preview", data)
    rows = {row[1]: row[2:] for row in found["rows"]}
    assert rows["Patient's Name"][0] == "CompressedSamples^CT1"
    assert rows["Patient's Name"][1].startswith("D-")
    assert rows["Modality"] == ["CT", "CT"]
    assert rows["Patient's Weight"][0] == "0.000000"
    assert rows["Station Name"] == ["CT01_OC0", None] or rows["Station Name"][1] != "CT01_OC0"


def test_a_worker_may_do_what_it_needs_and_no_more(page: Page) -> None:
    """The policy of the page that starts a worker does not hold in it: only that of the worker's own script does."""
    for script, allowed, refused in (
        ("curation/engine-worker.js", "'wasm-unsafe-eval'; connect-src 'self'", "unsafe-inline"),
        ("registry/scan-worker.js", "default-src 'none'; script-src 'self'", "connect-src"),
    ):
        policy = page.request.get(f"{page.url.split('/static/')[0]}/static/{script}").headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert allowed in policy
        assert refused not in policy


@pytest.mark.parametrize("data", [b"", b"MZ" + bytes(300), bytes(128) + b"DICM" + b"\xff" * 60])
def test_what_is_no_scan_gets_a_reason_and_breaks_nothing(page: Page, data: bytes) -> None:
    assert set(ask(page, "clean", data)) == set(ask(page, "preview", data)) == {"reason"}
    assert page.evaluate("() => window.engine.ask('no such deed').catch(() => 'failed')") == "failed"
