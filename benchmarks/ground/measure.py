"""Clocks and rounds: contenders take turns in one run, so that a busy machine is as unkind to each of them."""

import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Deed = Callable[[], object]


@dataclass
class Times:
    """What one contender took, round by round, in seconds of processor time and by the clock on the wall."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median round in seconds of processor time."""
        return statistics.median(self.cpu)

    @property
    def median_wall(self) -> float:
        """The median round in seconds by the clock on the wall."""
        return statistics.median(self.wall)


def cpu_seconds() -> float:
    """Processor time of this process and of the children that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(deed: Deed, times: Times) -> None:
    """Does it once and notes what it took."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    deed()
    times.cpu.append(cpu_seconds() - cpu)
    times.wall.append(time.perf_counter() - wall)


def in_turns(contenders: Mapping[str, Deed], rounds: int) -> dict[str, Times]:
    """Each contender once unmeasured, then once a round; who comes first changes with the round."""
    for deed in contenders.values():
        deed()
    times = {name: Times() for name in contenders}
    order = list(contenders)
    for place in range(rounds):
        turn = place % len(order)
        for name in order[turn:] + order[:turn]:
            timed(contenders[name], times[name])
    return times
