"""One point of a sweep: what so many seats give of a demand, by formula and simulated, each share with its interval.

With a number of trunks the whole site is simulated (`site_steady`), redialling, office extensions and all, and the
formula is that of `site_queue` with slow redialling. Without one, trunks and IVR ports suffice and nobody dials again:
the callers are those who leave the IVR and want a seat, as random as those who came (the output of an M/G/infinity
system is Poisson: Mirasol, Operations Research 11, 1963). A seat is then held for talk and wrap-up together, drawn from
one law: the talk's own if there is no wrap-up, else a log-normal law of their joint mean and deviation; the formula is
M/M/n+M.

Before replications count, each runs until the house has filled: pilot runs of other callers show how the service level
settles over stretches of one mean service each (`intervals.warm_up_of_runs`). Then come as many replications as were
asked for, or as many as bring every share within a half-width. The intervals of one point cover all at once.

A point is computed from what it is asked and nothing else, so that it is the same wherever that happens.
"""

from math import ceil, inf
from typing import Final

import msgspec
import numpy as np

from simtel.profiles.demand import Demand
from simtel.sizing.design.need import Need, Targets, queued
from simtel.sizing.design.simulated import service_of
from simtel.sizing.intervals import warm_up_of_runs
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.queue_runs import QueueRuns, simulate_queue
from simtel.sizing.kernels.site_steady import Callers, callers_of, drawn, fills_in, steady
from simtel.sizing.stopping import Replicate, Values, replicate_until
from simtel.sizing.theory import arguments
from simtel.sizing.theory.arguments import Unstable
from simtel.sizing.theory.erlang_a import erlang_a_queue
from simtel.sizing.theory.site_queue import Traffic

MEASURES: Final = ("service_level", "abandonment", "occupancy", "blocking")  # the last with a number of trunks only
STRETCHES: Final = 24  # of a pilot run, each as long as a service is in the mean
PILOTS: Final = range(1_000_000, 1_000_064)  # replications that no point has
MOST: Final = 10_000  # replications of a point


class Question(msgspec.Struct, frozen=True):
    """What every point of a sweep is asked. Rates per second, times in seconds, shares from 0 to 1.

    `half_width`: bring every share of a point within it, from `replications` on (at least 2); None: `replications` and
    no more. `calls` count in each replication. `trunks`: simulate the whole site, with `ports` of the IVR.
    """

    callers: Callers
    service: Law
    replications: int
    calls: int
    seed: int
    confidence: float = 0.95
    half_width: float | None = None
    trunks: int | None = None
    ports: int = 0

    @property
    def measures(self) -> tuple[str, ...]:
        """What a point has figures of."""
        return MEASURES if self.trunks is not None else MEASURES[:-1]


class Share(msgspec.Struct, frozen=True):
    """A simulated share and the ends of its interval, and what the formula says."""

    mean: float
    low: float
    high: float
    formula: float


class Point(msgspec.Struct, frozen=True):
    """What so many seats give. `replications` of `calls` each, after about `warm_up` calls that do not count. `shares`
    by the names in `MEASURES`; empty when nobody gives up or is refused and the seats cannot do the work: then there is
    no steady state."""

    seats: int
    replications: int
    calls: int
    warm_up: int
    shares: dict[str, Share]


def question(
    demand: Demand,
    replications: int,
    calls: int,
    seed: int,
    half_width: float | None = None,
    trunks: int | None = None,
    ports: int | None = None,
    confidence: float = 0.95,
) -> Question:
    """What a demand file asks. `ports`: of the IVR, as many as trunks if not given.

    BadInput: a law that cannot be drawn, or a demand of no calls.
    """
    return Question(
        callers_of(demand),
        _together(demand),
        arguments.whole("replications", replications, 2),
        arguments.whole("calls", calls),
        arguments.count("seed", seed, 0),
        arguments.inner_share("confidence", confidence),
        half_width if half_width is None else arguments.positive("half_width", half_width),
        trunks if trunks is None else arguments.whole("trunks", trunks),
        0 if trunks is None else arguments.whole("ports", trunks if ports is None else ports),
    )


def point(asked: Question, seats: int) -> Point:
    """Simulate so many seats, and compute the formula beside it."""
    try:
        formula = _formula(asked, seats)
    except Unstable:
        return Point(seats, 0, asked.calls, 0, {})
    warm, replicate = _queue(asked, seats) if asked.trunks is None else _site(asked, seats, asked.trunks)
    width, most = (inf, asked.replications) if asked.half_width is None else (asked.half_width, MOST)
    widths = dict.fromkeys(asked.measures, min(width, 1e9))
    found = replicate_until(replicate, widths, asked.confidence, asked.replications, max(most, asked.replications))
    shares = {
        name: Share(one.mean, max(one.low, 0.0), min(one.high, 1.0), formula[name])
        for name, one in found.intervals.items()
    }
    return Point(seats, found.replications, asked.calls, warm, shares)


def _formula(asked: Question, seats: int) -> dict[str, float]:
    callers = asked.callers
    if asked.trunks is None:
        rate, aht = callers.rate * callers.wants_agent, asked.service.mean
        queue = erlang_a_queue(rate, aht, callers.patience.mean, seats, None, callers.threshold)
        return dict(zip(MEASURES, (queue.service_level, queue.p_abandon, queue.occupancy), strict=False))
    traffic = Traffic(
        callers.rate, callers.talk.mean, callers.wrap_up.mean, callers.menu.mean, callers.wants_agent,
        callers.patience.mean, callers.office,
    )  # fmt: skip
    need = Need(traffic, Targets(0.8, callers.threshold, 0.01), redial=callers.redials)  # its shares do not matter
    got = queued(need, seats, asked.trunks, min(asked.ports, asked.trunks))
    return {name: getattr(got, name) for name in MEASURES}


def _site(asked: Question, seats: int, trunks: int) -> tuple[int, Replicate]:
    """Calls until the site has filled, and its replications."""
    ports = min(asked.ports, trunks)
    fills = fills_in(asked.callers, seats, trunks, ports, asked.seed)

    def replicate(those: range) -> Values:
        return steady(
            asked.callers, seats, trunks, ports, calls=asked.calls, fills=fills, replications=those, seed=asked.seed
        )

    return ceil(asked.callers.rate * fills), replicate


def _queue(asked: Question, seats: int) -> tuple[int, Replicate]:
    """The same of the seats alone."""
    warm = _warm_up(asked, seats)

    def replicate(those: range) -> Values:
        found = _run(asked, seats, asked.calls, warm, those)
        return {name: getattr(found, name) for name in asked.measures}

    return warm, replicate


def _run(asked: Question, seats: int, calls: int, warm_up: int, those: range) -> QueueRuns:
    callers = asked.callers
    return simulate_queue(
        Law.exponential(1 / (callers.rate * callers.wants_agent)), asked.service, callers.patience, seats,
        threshold=callers.threshold, calls=calls, warm_up=warm_up, replications=those, seed=asked.seed,
    )  # fmt: skip


def _warm_up(asked: Question, seats: int) -> int:
    """Calls after which the service level has settled, but at least those of two services."""
    stretch = 8 * ceil(asked.callers.rate * asked.callers.wants_agent * asked.service.mean / 8)
    levels = [_run(asked, seats, stretch, stretch * k, PILOTS).service_level for k in range(STRETCHES)]
    return stretch * max(2, warm_up_of_runs(list(np.transpose(levels))))


def _together(demand: Demand) -> Law:
    """The law for which a call holds its seat."""
    talk, wrap_up = demand.talk, demand.wrap_up
    if wrap_up.mean == 0:
        return drawn(demand.path, "service.talk", talk)
    if talk.mean == 0:
        return drawn(demand.path, "service.wrap_up", wrap_up)
    both = service_of(talk, wrap_up)
    return Law.fixed(both.mean) if both.deviation == 0 else Law.lognormal(both.mean, both.variation)
