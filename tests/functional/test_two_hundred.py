"""A curator with 200 series to clear: how many keys, how many bytes, how long the next page takes (`-s` shows it)."""

import os
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import generate_uid

from core.accounts.roles import Role
from core.due.run import drain
from curation.models import Reading, Series
from curation.rules.lifecycle import SeriesState
from tests.factories import consent, core, curation
from tests.factories.whole import World
from tests.functional.visitor import Visitor

pytestmark = pytest.mark.nightly
SERIES, IMAGES, ONE_BY_ONE = 200, 2, 30


def as_large_as_ct(dataset: Dataset) -> None:
    """512 x 512 pixels, as scanners make them."""
    pixels = np.tile(dataset.pixel_array, (4, 4))
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.PixelData = pixels.tobytes()


def test_two_hundred_series(visitors: Callable[..., Visitor], world: World) -> None:
    donor = consent.donor(world.programme)
    files = [
        curation.image(donor, series=uid, change=as_large_as_ct)
        for uid in (generate_uid() for _ in range(SERIES))
        for _ in range(IMAGES)
    ]
    given = curation.donation(donor, *files)
    drain()
    mine = Series.objects.filter(donation_id=given.pk, state=SeriesState.WAITING)
    assert mine.count() == SERIES
    curator = core.user(world.programme, Role.CURATOR, name="Quick Curator")
    visitor = visitors(user=curator)
    page = visitor.page
    weight = {"bytes": 0}
    network = visitor.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on(
        "Network.loadingFinished", lambda event: weight.update(bytes=weight["bytes"] + event["encodedDataLength"])
    )

    def steps(count: int) -> tuple[list[float], int]:
        """Accepts so many series with one key each; milliseconds until the next one is there, and bytes."""
        taken, before = [], weight["bytes"]
        for _ in range(count):
            page.wait_for_timeout(400)  # somebody looks, and what comes next is fetched
            began = time.perf_counter()
            with page.expect_navigation(wait_until="load"):
                page.keyboard.press("a")
            taken.append((time.perf_counter() - began) * 1000)
        return taken, weight["bytes"] - before

    visitor.go(f"/curation/{mine.order_by('pk')[0].pk}/")
    single, single_bytes = steps(ONE_BY_ONE)
    visitor.go("/curation/sheets/")
    sheets, sheet_bytes = steps(ONE_BY_ONE)
    assert Reading.objects.filter(curator=curator).count() == 2 * ONE_BY_ONE  # one key each, and no other
    for name, taken, size in (("one a page", single, single_bytes), ("contact sheets", sheets, sheet_bytes)):
        print(
            f"{name}: {len(taken)} series, {len(taken)} keys; {median(taken):.0f} ms until the next is there "
            f"(90 of 100: {sorted(taken)[int(len(taken) * 0.9)]:.0f}); {size / len(taken) / 1000:.0f} KB a series; "
            f"load {os.getloadavg()[0]:.1f}"
        )
    Series.objects.filter(donation_id=given.pk).update(state=SeriesState.WITHDRAWN)
