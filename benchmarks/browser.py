"""The engine in a browser: seconds to start, files a second beside the native one, a thousand files looked through."""

import base64
import os
import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from benchmarks.ground.report import ROOT, Report, ratio
from benchmarks.ground.series import ct_series

ROUNDS, FILES, SCANNED = 3, 60, 1000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
STARTED = """async () => {
  const { Engine } = await import("/static/curation/engine.js");
  const began = performance.now();
  window.engine = new Engine();
  await window.engine.start();
  const took = performance.now() - began;
  const person = { given: "Ada", family: "Bench", previous: [], born: "1961-03-04" };
  await window.engine.ask("subject", { key: "07".repeat(32), person });
  return took / 1000;
}"""
CLEANED = """async (texts) => {
  const files = texts.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  for (const data of files) await window.engine.ask("survey", { data, whole: true });
  await window.engine.ask("clean", { data: files[0] });
  const began = performance.now();
  for (const data of files) await window.engine.ask("clean", { data });
  return (performance.now() - began) / files.length;
}"""
LOOKED = """async () => {
  const { scan } = await import("/static/registry/scan.js");
  const files = [...document.querySelector("input").files];
  const began = performance.now();
  const { scans } = await scan(files, () => {});
  if (scans.length !== files.length) throw new Error("not all were read");
  return (performance.now() - began) / 1000;
}"""


class Assets(SimpleHTTPRequestHandler):
    """Serves the apps' static files as the portal does, compressed where they were built so."""

    extensions_map = {
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        "": "text/plain",
    }

    def translate_path(self, path: str) -> str:
        """`/static/<app>/…` is `<app>/static/<app>/…`."""
        app, _, rest = path.removeprefix("/static/").partition("/")
        return str(ROOT / app / "static" / app / rest)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told of requests."""


@contextmanager
def opened() -> Iterator[Page]:
    """A page of the assets' own in a browser that was never here before."""
    program = shutil.which("chromium")
    assert program, "This needs a browser: sudo apt-get install chromium"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Assets)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright, TemporaryDirectory() as home:
        env: dict[str, str | float | bool] = {**os.environ, "HOME": home}
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, env=env)
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/static/registry/kinds.js")
        yield page
        browser.close()
    server.shutdown()


def native(files: list[bytes]) -> float:
    """Seconds a file by the clock, with what the files say gathered first, as in the browser."""
    from curation.deid import Deidentifier, SubjectKey
    from curation.deid.headers import Headers

    headers = Headers()
    for data in files:
        headers.add(data, whole=True)
    engine = Deidentifier(SubjectKey(bytes([7] * 32)), study=headers.facts)
    engine.clean(files[0])
    began = time.perf_counter()
    for data in files:
        _ = engine.clean(data).data  # type: ignore[union-attr]  # all of them are taken
    return (time.perf_counter() - began) / len(files)


def looked_through(page: Page, files: list[bytes]) -> float:
    """Seconds until a folder of a thousand files without extension is looked through."""
    with TemporaryDirectory() as place:
        for number in range(SCANNED):
            path = Path(place) / f"IM{number:04}"
            if number < len(files):
                path.write_bytes(files[number])
            else:
                path.hardlink_to(Path(place) / f"IM{number % len(files):04}")
        page.evaluate("""document.body.innerHTML = "<input type=file webkitdirectory>"; null""")
        page.locator("input").set_input_files(place)
        return statistics.median(page.evaluate(LOOKED) for _ in range(ROUNDS))


def main() -> None:
    """All of it in one run, turn by turn."""
    import django

    django.setup()
    from portal.story.cohort import make_cohort

    report = Report("browser")
    files = list(ct_series(next(iter(make_cohort(1))), FILES))
    texts = [base64.b64encode(data).decode() for data in files]
    with opened() as page:
        report.figure("start the engine, nothing of it known", page.evaluate(STARTED), "s")
        again = statistics.median(page.evaluate(STARTED) for _ in range(ROUNDS))
        report.figure("start the engine again, its files known", again, "s")
        there = statistics.median(page.evaluate(CLEANED, texts) / 1000 for _ in range(ROUNDS))
        here = statistics.median(native(files) for _ in range(ROUNDS))
        report.figure("clean a slice of 528 KB natively", 1 / here, "files a second")
        report.figure("clean it in the browser", 1 / there, "files a second", native=ratio(there, here))
        report.figure("look through 1,000 slices of 528 KB", looked_through(page, files), "s")
    report.write()


if __name__ == "__main__":
    main()
