"""Whatever is reported, decided, frozen and withdrawn: no way leads to an image while one report on it stands.

Every way that there is, by list and by object, is asked after every deed, and all of them must agree.
"""

import random
from collections.abc import Callable

import pytest

from core.accounts.models import Programme
from core.accounts.roles import Role
from core.due.run import drain
from core.errors import Conflict, Missing
from registry import actions, queries, work
from registry.models import Dataset, DatasetVersion, Grant, IdentityReport, Image, VersionEntry
from registry.queries.datasets import selected_images
from registry.queries.given import clean_back, sent_back
from registry.rules import selection
from registry.rules.leaving import Way
from registry.rules.recall import Scope, where_of
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
DEEDS = 14


class Play:
    """Three donors with two series each, one dataset, and people who do things at random."""

    def __init__(self, programme: Programme, seed: int) -> None:
        self.chance, self.programme = random.Random(seed), programme
        self.steward = core.user(programme, Role.STEWARD)
        self.donors = [consent.donor(programme) for _ in range(3)]
        for number, donor in enumerate(self.donors):
            for series in range(2):
                make.images(donor, 2, series_uid=f"2.25.{number}{series}")
        self.everybody = list(self.donors)
        self.dataset: Dataset = make.dataset(programme)
        self.grants = [make.grant(make.version(self.dataset))]

    def step(self) -> None:
        """One deed, by chance."""
        deeds: list[Callable[[], object]] = [self.report, self.report, self.decide, self.decide, self.freeze, drain]
        if self.chance.random() < 0.1:
            deeds = [self.withdraw]
        try:
            self.chance.choice(deeds)()
        except Conflict:
            return  # nothing to freeze, or decided already

    def report(self) -> None:
        image = self.chance.choice(list(Image.objects.order_by("pk")))
        actions.report_identity(
            programme=self.programme,
            where=where_of(self.chance.choice([image.sha256, image.sop_uid])),
            seen="name",
            description="",
            scope=self.chance.choice(list(Scope)),
            by=core.SETUP,
        )

    def decide(self) -> None:
        reports = list(IdentityReport.objects.filter(state="open").order_by("pk"))
        if not reports:
            return
        report = self.chance.choice(reports)
        if self.chance.random() < 0.3:
            actions.confirm_report(report=report, reason="face", by=self.steward)
        else:
            actions.dismiss_report(report=report, reason="nobody", by=self.steward)

    def freeze(self) -> None:
        self.grants[0].version.refresh_from_db()
        made = actions.freeze_version(dataset=self.dataset, bump="minor", by=self.steward)
        work.freeze(made.pk)

    def withdraw(self) -> None:
        donor = self.donors.pop() if len(self.donors) > 1 else None
        if donor is not None:
            consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))


def check(play: Play) -> None:
    """Every way to an image says the same, and none leads to one that a standing report names."""
    stopped = set(queries.stopped_images().values_list("pk", flat=True))
    available = set(Image.objects.filter(state="available").values_list("pk", flat=True))
    assert not stopped & available
    chosen = {image.pk for image in selected_images(selection.parse(play.dataset.rule), play.programme.pk)}
    assert chosen == available
    frozen = VersionEntry.objects.filter(version__state="frozen", tombstoned_at=None)
    assert set(frozen.values_list("image_id", flat=True)) <= available
    reached = {
        pk for grant in Grant.objects.all() for pk in queries.entries_for(grant).values_list("image_id", flat=True)
    }
    assert reached <= available
    for donor in play.everybody:
        assert set(clean_back(donor.pk).values_list("pk", flat=True)) <= available
        files = sent_back(donor.pk).values("pk")
        assert set(Image.objects.filter(file_id__in=files).values_list("pk", flat=True)) <= available
    for entry in VersionEntry.objects.select_related("image"):
        if entry.image_id in available:
            assert work.read_image(entry, way=Way.SANDBOX)
        else:
            with pytest.raises(Missing):
                work.read_image(entry, way=Way.SANDBOX)


@pytest.mark.parametrize("seed", [1, 2, *[pytest.param(seed, marks=pytest.mark.nightly) for seed in range(3, 20)]])
def test_no_deed_opens_a_way(programme: Programme, seed: int) -> None:
    play = Play(programme, seed)
    for _ in range(DEEDS):
        play.step()
        check(play)
    drain()
    check(play)
    free = Image.objects.filter(donor__in=[donor.pk for donor in play.donors]).exclude(
        pk__in=queries.stopped_images().values("pk")
    )
    assert set(free.values_list("state", flat=True)) <= {"available"}
    assert not DatasetVersion.objects.filter(state="freezing").exists()
