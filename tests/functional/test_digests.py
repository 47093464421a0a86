"""Files are told apart by digests that a worker takes, however large they are; and how long sending takes is told."""

import hashlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.functional.visitor import Visitor

STREAMED = """async (sizes) => {
  const { Sha256 } = await import("/static/registry/sha256.js");
  return sizes.map((size) => {
    const bytes = Uint8Array.from({ length: size }, (_, number) => number % 251), digest = new Sha256();
    for (let at = 0; at < size; at += 37) digest.add(bytes.subarray(at, at + 37));
    return digest.hex();
  });
}"""
DIGESTED = """async (sizes) => {
  const { digested } = await import("/static/registry/digest.js");
  const packed = async (blob) => new Response(blob.stream().pipeThrough(new CompressionStream("deflate-raw"))).blob();
  const items = [];
  for (const size of sizes) {
    const blob = new Blob([new Uint8Array(size).fill(7)]);
    items.push({ source: { blob, size } }, { source: { blob: await packed(blob), size, packed: true } });
  }
  items.push({ source: { blob: new Blob(["no stream of this kind"]), size: 9, packed: true } });
  let told = 0;
  await digested(items, (n) => { told = n; });
  return [told, items.map(({ sha256, size, over }) => [sha256 ?? null, size ?? null, over ?? null])];
}"""

LEFT = """async (seen) => {
  const { Pace, roughly } = await import("/static/registry/pace.js");
  const pace = new Pace();
  return seen.map(([seconds, done]) => {
    const left = pace.left(done, 1000, seconds * 1000);
    return left === null ? null : roughly(left);
  });
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, assets: str) -> Iterator[Page]:
    """A page on which the scripts can be asked."""
    visitor = Visitor(chromium, assets)
    visitor.context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    visitor.go("/static/registry/kinds.js")
    yield visitor.page
    assert visitor.close() == []


def test_a_digest_in_pieces_is_the_digest(page: Page) -> None:
    sizes = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 70_000]
    expected = [hashlib.sha256(bytes(number % 251 for number in range(size))).hexdigest() for size in sizes]
    assert page.evaluate(STREAMED, sizes) == expected


def test_files_and_what_is_in_zips_are_digested_whatever_their_size(page: Page) -> None:
    sizes = [5, (16 << 20) + 1]  # the second is too large to be held
    told, items = page.evaluate(DIGESTED, sizes)
    expected = [[hashlib.sha256(b"\7" * size).hexdigest(), size, None] for size in sizes for _ in range(2)]
    assert (told, items) == (5, [*expected, [None, None, "unread"]])


def test_how_long_it_takes_is_told_from_how_it_went_lately(page: Page) -> None:
    seen = [(0, 0), (1, 10), (4, 40), (10, 100), (41, 110), (75, 111), (80, 1000)]
    told = page.evaluate(LEFT, seen)
    assert told[:2] == [None, None], "nobody can say yet"
    assert told[2] == ["send_minutes", {"n": 2}]  # 96 seconds
    assert told[3] == ["send_minutes", {"n": 2}]  # 90
    assert told[4][0] == "send_minutes"
    assert told[5][0] == "send_hours"
    assert told[6] == ["send_moment", {}]
