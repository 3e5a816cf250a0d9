"""A simulated queue: agents who answer first come, first served, and callers who give up, in replications.

What search and statistics ask: so many replications of so many calls, each with its own figures. A replication is told
by the seed and its number alone: it meets the same callers on every design, beside whatever other replications it runs
and on any number of workers, so that two designs can be compared in pairs (`intervals.paired_difference`).

Memory does not grow with the number of calls. The first call of a process compiles the kernel, some seconds of
processor time once on a machine; later processes load it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from simtel.sizing.kernels.draws import SECOND, Float, Int, Law, keys
from simtel.sizing.kernels.lanes import LANES, rows
from simtel.sizing.kernels.queue_kernel import BLOCK, NEVER, run
from simtel.sizing.theory import arguments

SORTED_UP_TO: Final = 200  # agents, for which the sorted form pays with eight replications; with fewer, it is in vain
LONGEST_RUN: Final = 5e8  # seconds, 15 years: instants beyond 146 years would not fit

Made = tuple[Int, Float]


@dataclass(frozen=True)
class QueueRuns:
    """What each replication came to once it was warm; arrays [replications], times in seconds."""

    agents: int
    offered: int  # calls that count, as many in each replication
    answered: Int
    abandoned: Int
    within: Int  # answered within the threshold
    waited: Float  # sum over the answered
    busy: Float  # sum of the services begun
    length: Float  # from the last call that does not count to the last of all

    @property
    def service_level(self) -> Float:
        """Share of all calls that is answered within the threshold."""
        return self.within / self.offered

    @property
    def abandonment(self) -> Float:
        """Share of all calls that is given up."""
        return self.abandoned / self.offered

    @property
    def asa(self) -> Float:
        """Mean wait of the answered, s; no number where nobody was."""
        with np.errstate(invalid="ignore"):
            mean: Float = self.waited / self.answered
            return mean

    @property
    def occupancy(self) -> Float:
        """Work begun by time of all agents: the busy share, but for services that end behind the last call."""
        return self.busy / (self.length * self.agents)


def simulate_queue(
    gap: Law,
    service: Law,
    patience: Law,
    agents: int,
    *,
    threshold: float = 20.0,
    calls: int = 100_000,
    warm_up: int = 0,
    replications: range = range(8 * LANES),
    seed: int = 1,
    each: Callable[[Callable[[range], Made], list[range]], Iterable[Made]] = map,
) -> QueueRuns:
    """G/G/n+G from empty: `warm_up` calls that do not count and `calls` that do, in each replication.

    `gap` is the law of the time between calls; `threshold` in seconds. `each` plays chunks of eight replications: the
    `map` of a `ThreadPoolExecutor` does so on as many processors, with the same result. ValueError: no agent, no call,
    a threshold or seed below zero, or a run of more than 15 years.
    """
    agents = arguments.whole("agents", agents)
    counted = arguments.count("calls", calls)
    left_out = arguments.count("warm_up", warm_up, 0)
    seed = arguments.count("seed", seed, 0)
    limit = round(min(arguments.duration("threshold", threshold), LONGEST_RUN) * SECOND)
    if not len(replications) or min(replications) < 0:
        raise ValueError(f"replications must be one or more, numbered from 0, not {replications!r}")
    length = (counted + left_out) * max(gap.mean, service.mean / agents)
    if not length <= LONGEST_RUN:
        raise ValueError(
            f"{counted + left_out:,} calls in one replication take {length:.3g} s, more than {LONGEST_RUN:.3g} s: "
            "ask for fewer calls in more replications"
        )

    def made(chunk: range) -> Made:
        """Counts and times [of each kind, replications of a chunk]."""
        numbers = [*chunk, *[chunk[-1]] * (LANES - len(chunk))]  # lanes left over do as the last one does
        streams = np.stack([keys(seed, purpose, numbers) for purpose in ("arrivals", "service", "patience")])
        heap = agents * LANES > SORTED_UP_TO * len(chunk)
        free = np.zeros((len(chunk), agents), np.int64) if heap else rows(agents + 1)
        if not heap:
            free[-1] = NEVER
        room = rows(6 + 4 * BLOCK)
        run((gap, service, patience), streams, free, heap, counted + left_out, left_out, limit, room)
        lanes = room[:, : len(chunk)]
        return lanes[:2], np.stack([*lanes[2:4].view(np.float64), (lanes[5] - lanes[4]).astype(np.float64)])

    chunks = [replications[i : i + LANES] for i in range(0, len(replications), LANES)]
    counts, times = zip(*each(made, chunks), strict=True)
    abandoned, within = np.concatenate(counts, axis=1)
    waited, busy, lasted = np.concatenate(times, axis=1) / SECOND
    return QueueRuns(agents, counted, counted - abandoned, abandoned, within, waited, busy, lasted)
