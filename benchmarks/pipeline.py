"""From upload to accepted: processor time a file in each stage, and how many files a second a worker cleans.

On the database and store that the environment names; both against the least that the same objects take there.
"""

import cProfile
import hashlib
import io
import pstats
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.ground.measure import Times, cpu_seconds, timed
from benchmarks.ground.registry import backends, fresh, with_donors
from benchmarks.ground.report import Report, ratio
from benchmarks.ground.series import ct_series, give, least

ROUNDS, DONORS_A_ROUND, SLICES = 5, 12, 100
STAGES = ("upload", "send", "clean", "accept", "settle")
#: What a stage's time is made of: the functions, by the end of their file's name, whose time is told together.
PARTS = {
    "de-identifying": ("curation/deid/engine.py", "clean"),
    "searching the output": ("curation/deid/engine.py", "_search"),
    "waiting for pictures": ("curation/work/examine.py", "judge"),
    "noting what was kept: rows, states, events": ("curation/work/keep.py", "_note"),
    "reading all headers first": ("curation/work/survey.py", "surveyed"),
    "reading the header at the door": ("registry/rules/header.py", "read_header"),
    "database": ("django/db/models/sql/compiler.py", "execute_sql"),
    "building queries": ("django/db/models/query.py", "_filter_or_exclude"),
}
#: The same for the cleaning of a series, by the clock on the wall, in the worker's main thread.
CLEANING = {
    "reading all headers first": ("curation/work/survey.py", "surveyed"),
    "cleaning and searching": ("curation/work/examine.py", "wash"),
    "waiting for pictures": ("curation/work/examine.py", "judge"),
    "reserving objects": ("core/storage/many.py", "reserve"),
    "waiting for objects to be written, and noting all": ("curation/work/keep.py", "complete"),
    "noting all: rows, states, events": ("curation/work/keep.py", "_note"),
    "database": ("django/db/backends/utils.py", "_execute"),
    "sealing events": ("core/audit/work.py", "seal"),
}


class Round:
    """One round's donors and their files, and what people and workers do with them."""

    def __init__(self, stage: Any, members: list[Any]) -> None:
        from portal.story.cohort import studies

        self.stage = stage
        self.gifts = [(member, [file.data for file in studies(member.person)]) for member in members]
        self.files = [data for _, files in self.gifts for data in files]
        self.donations: list[Any] = []

    def upload(self) -> None:
        """Each donor begins a donation and adds their files."""
        from consent.queries import donors_of
        from registry.actions import add_upload, start_donation

        for member, files in self.gifts:
            donation = start_donation(donor=donors_of(member.user).get(), by=member.user)
            self.donations.append((member.user, donation))
            for data in files:
                add_upload(donation=donation, stream=io.BytesIO(data), by=member.user)

    def send(self) -> None:
        """Each donor sends it off."""
        from registry.actions import submit_donation

        for user, donation in self.donations:
            submit_donation(donation=donation, by=user)

    def accept(self) -> None:
        """Curators accept every series, two of them where there is a risk."""
        from core.accounts.roles import Role
        from curation.actions import accept_series
        from curation.queries import unread_words, worklist

        for curator in (self.stage.cast.one(Role.CURATOR, place) for place in (0, 1)):
            for series in list(worklist(curator)):
                accept_series(series=series, finding="none", words=unread_words(series), by=curator)

    def least(self) -> None:
        """What three stored objects a file take at the very least: hashed and written to the same folder store."""
        from core.ids import new_id
        from core.storage.store import store
        from core.storage.zones import Zone

        for data in self.files:
            for zone, part in ((Zone.QUARANTINE, data), (Zone.CLEAN, data), (Zone.REVIEW, data[: len(data) // 2])):
                hashlib.sha256(part).hexdigest()
                store().put(zone, str(new_id()), io.BytesIO(part))


def deeds(made: Round) -> dict[str, Callable[[], object]]:
    """The stages of one round, in order."""
    from core.due.run import drain

    return dict(zip(STAGES, (made.upload, made.send, drain, made.accept, drain), strict=True))


def breakdown(report: Report, made: Round) -> None:
    """One round more under the profiler: which parts the time of upload and cleaning is made of (they may overlap)."""
    profile = cProfile.Profile(cpu_seconds)
    for stage in ("upload", "send", "clean"):
        profile.runcall(deeds(made)[stage])
    shares(report, profile, PARTS, "part of upload and cleaning", "% of CPU, profiled")


def shares(report: Report, profile: cProfile.Profile, parts: dict[str, tuple[str, str]], of: str, unit: str) -> None:
    """How much of the profiled time each part took."""
    found: Any = pstats.Stats(profile)
    for name, (file, function) in parts.items():
        spent = sum(
            row[3] for (where, _, called), row in found.stats.items() if where.endswith(file) and called == function
        )
        report.figure(f"{of}: {name}", 100 * spent / found.total_tt, unit)


def cleaning(report: Report, stage: Any) -> None:
    """A scanner's series from quarantine to clean by one worker, in turns with the floor; then once profiled."""
    from core.audit.work import seal
    from core.due.run import drain

    givers = [member for member in stage.cast.members if member.person.modality == "CT"][: ROUNDS + 2]
    times = {"clean": Times(), "least": Times()}
    for number, giver in enumerate(givers):
        donation = give(giver, ct_series(giver.person, SLICES))
        while seal():
            continue
        if number == 0:
            drain()  # starts the drawing children
        elif number <= ROUNDS:
            timed(drain, times["clean"])
            timed(partial(least, donation), times["least"])
    drawn = drawing_children()
    profile = cProfile.Profile()
    profile.runcall(drain)
    wall, floor = (times[name].median_wall / SLICES for name in ("clean", "least"))
    report.figure("a series, cleaned", 1 / wall, "files a second", files=SLICES)
    report.figure("a series, cleaned: a file", 1000 * wall, "ms", floor=ratio(wall, floor))
    report.figure("a series, cleaned: the worker", 1000 * times["clean"].median / SLICES, "ms CPU a file")
    report.figure("a series, cleaned: its drawing children", 1000 * drawn / SLICES / (ROUNDS + 1), "ms CPU a file")
    report.figure("floor: a file's objects read, hashed, written one by one", 1000 * floor, "ms")
    shares(report, profile, CLEANING, "part of cleaning a series", "% of the worker's time, profiled")


def drawing_children() -> float:
    """Ends the children that draw, and says how much processor time they and their forks took, in seconds."""
    from curation.work.child import children

    before = cpu_seconds()
    children().stop()
    return cpu_seconds() - before


def main() -> None:
    """Rounds of a few donors each, one after another in one registry, with the floor between them."""
    fresh()
    report = Report("pipeline" if backends() == "SQLite and a folder" else "pipeline-servers")
    stage = with_donors((ROUNDS + 2) * DONORS_A_ROUND)
    members = [stage.cast.members[n :: ROUNDS + 2] for n in range(ROUNDS + 2)]
    for deed in deeds(Round(stage, members[0])).values():
        deed()
    drawing_children()
    times = {name: Times() for name in (*STAGES, "least")}
    drawn = 0.0
    files = 0
    for some in members[1:-1]:
        made = Round(stage, some)
        files += len(made.files)
        for name, deed in (*deeds(made).items(), ("least", made.least)):
            timed(deed, times[name])
    drawn = drawing_children()
    breakdown(report, Round(stage, members[-1]))
    tell(report, times, files, drawn)
    cleaning(report, stage)
    report.write()


def tell(report: Report, times: dict[str, Times], files: int, drawn: float) -> None:
    """The figures a file; `files` is how many all rounds had, `drawn` the drawing children's seconds for them."""
    each = files / ROUNDS
    floor = 1000 * times["least"].median / each
    spent = {name: 1000 * times[name].median / each for name in STAGES} | {"draw": 1000 * drawn / files}
    for name, value in spent.items():
        report.figure(name, value, "ms CPU a file", floor=ratio(value, floor))
    whole = sum(spent.values())
    report.figure("all of it, from upload to accepted", whole, "ms CPU a file", floor=ratio(whole, floor), files=files)
    report.figure("files from upload to accepted", 1000 / whole, "a second of one core")
    report.figure("floor: three objects hashed and stored", floor, "ms CPU a file")


if __name__ == "__main__":
    main()
