"""From upload to accepted: processor time a file in each stage, against the least that keeping a file takes."""

import cProfile
import hashlib
import io
import pstats
from collections.abc import Callable
from typing import Any

from benchmarks.ground.measure import Times, cpu_seconds, timed
from benchmarks.ground.registry import fresh, with_donors
from benchmarks.ground.report import Report, ratio

ROUNDS, DONORS_A_ROUND = 5, 12
STAGES = ("upload", "send", "clean", "accept", "settle")
#: What a stage's time is made of: the functions, by the end of their file's name, whose time is told together.
PARTS = {
    "de-identifying": ("curation/deid/engine.py", "deidentify"),
    "searching the output": ("curation/deid/residual.py", "residual_search"),
    "gathering what to search for": ("curation/deid/subject.py", "subject_values"),
    "handing the file to the drawing child": ("curation/work/render/client.py", "draw"),
    "storing bytes": ("core/storage/folder.py", "put"),
    "reading the header at the door": ("registry/rules/header.py", "read_header"),
    "database": ("django/db/models/sql/compiler.py", "execute_sql"),
    "building queries": ("django/db/models/query.py", "_filter_or_exclude"),
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
        """The curator accepts every series."""
        from core.accounts.roles import Role
        from curation.actions import accept_series
        from curation.queries import worklist

        curator = self.stage.cast.one(Role.CURATOR)
        for series in list(worklist(curator)):
            accept_series(series=series, finding="none", by=curator)

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
    found: Any = pstats.Stats(profile)
    whole = found.total_tt
    for name, (file, function) in PARTS.items():
        spent = sum(
            row[3] for (where, _, called), row in found.stats.items() if where.endswith(file) and called == function
        )
        report.figure(f"part of upload and cleaning: {name}", 100 * spent / whole, "% of CPU, profiled")


def drawing_child() -> float:
    """Ends the child that draws, and says how much processor time it and its forks took, in seconds."""
    from curation.work.render.client import drawer

    before = cpu_seconds()
    drawer().stop()
    return cpu_seconds() - before


def main() -> None:
    """Rounds of a few donors each, one after another in one registry, with the floor between them."""
    fresh()
    report = Report("pipeline")
    stage = with_donors((ROUNDS + 2) * DONORS_A_ROUND)
    members = [stage.cast.members[n :: ROUNDS + 2] for n in range(ROUNDS + 2)]
    for deed in deeds(Round(stage, members[0])).values():
        deed()
    drawing_child()
    times = {name: Times() for name in (*STAGES, "least")}
    drawn = 0.0
    files = 0
    for some in members[1:-1]:
        made = Round(stage, some)
        files += len(made.files)
        for name, deed in (*deeds(made).items(), ("least", made.least)):
            timed(deed, times[name])
    drawn = drawing_child()
    breakdown(report, Round(stage, members[-1]))
    tell(report, times, files, drawn)
    report.write()


def tell(report: Report, times: dict[str, Times], files: int, drawn: float) -> None:
    """The figures a file; `files` is how many all rounds had, `drawn` the drawing child's seconds for them."""
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
