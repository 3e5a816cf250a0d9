"""One point of a sweep: what so many seats give of a demand, by formula and simulated, each share with its interval.

With a number of trunks the whole site is simulated (`site_steady`), redialling, office extensions and all, and the
formula is that of `site_queue` with slow redialling. Without one, trunks and IVR ports suffice and nobody dials again:
the callers are those who leave the IVR and want a seat, as random as those who came (the output of an M/G/infinity
system is Poisson: Mirasol, Operations Research 11, 1963). A seat is then held for talk and wrap-up together, drawn from
one law: the talk's own if there is no wrap-up, else a log-normal law of their joint mean and deviation; the formula is
M/M/n+M.

Where talk, wrap-up or patience follows quantiles, or a mixture that scatters much more than an exponential law
(`WILD`), there is no formula: one that knows the mean alone would stand for other callers. Talk and wrap-up are then
drawn one after the other, on a site whose trunks suffice if no number of them is given.

Before replications count, each runs until the house has filled: pilot runs of other callers show how the service level
settles over stretches of one mean service each (`intervals.warm_up_of_runs`), and theory how long a queue near
saturation takes (`settling`), which may be longer than any pilot. Then come as many replications as were
asked for, or as many as bring every share within a half-width. The intervals of one point cover all at once.

A point is computed from what it is asked and nothing else, so that it is the same wherever that happens.
"""

from math import ceil, floor, inf
from typing import Final

import msgspec
import numpy as np

from simtel.core.quantity import Basis
from simtel.profiles.demand import Demand
from simtel.profiles.law import Law as Stated
from simtel.sizing.design.need import Need, Targets, queued
from simtel.sizing.design.simulated import service_of
from simtel.sizing.intervals import warm_up_of_runs
from simtel.sizing.kernels.draws import EXPONENTIAL, Law
from simtel.sizing.kernels.quantiles import Quantiles, kernels
from simtel.sizing.kernels.queue_runs import QueueRuns, simulate_queue
from simtel.sizing.kernels.site_steady import Callers, callers_of, drawn, fills_in, steady
from simtel.sizing.kernels.site_world import TRUNKS
from simtel.sizing.stopping import Replicate, Values, replicate_until
from simtel.sizing.theory import arguments
from simtel.sizing.theory.arguments import Unstable
from simtel.sizing.theory.erlang_a import erlang_a_queue
from simtel.sizing.theory.settling import LEFT_OF_IT, settling_time
from simtel.sizing.theory.site_queue import Traffic

MEASURES: Final = ("service_level", "abandonment", "occupancy", "blocking")  # the last with a number of trunks only
STRETCHES: Final = 24  # of a pilot run, each as long as a service is in the mean
PILOTS: Final = range(1_000_000, 1_000_064)  # replications that no point has
MOST: Final = 10_000  # replications of a point
WILD: Final = 2.0  # variance over mean squared; 1 of an exponential law


class Question(msgspec.Struct, frozen=True):
    """What every point of a sweep is asked. Rates per second, times in seconds, shares from 0 to 1.

    `half_width`: bring every share of a point within it, from `replications` on (at least 2); None: `replications` and
    no more. `calls` count in each replication. `service`: talk and wrap-up as one law; None: drawn apart, and there is
    no formula. `trunks`: simulate the whole site, with `ports` of the IVR.
    """

    callers: Callers
    service: Law | None
    replications: int
    calls: int
    seed: int
    confidence: float = 0.95
    half_width: float | None = None
    trunks: int | None = None
    ports: int = 0

    @property
    def apart(self) -> tuple[str, ...]:
        """Why formula and simulation differ, by names that `simtel.report.sweep` has in words; none where the formula
        is exact, or there is none."""
        callers = self.callers
        found = {
            "patience": callers.patience.mean < inf and not _exponential(callers.patience),
            "redials": self.trunks is not None and callers.redials > 0,
            "ports": self.trunks is not None and callers.menu.mean > 0 and self.ports < self.trunks,
            "wrap_up": self.trunks is not None and callers.wrap_up.mean > 0,
            "talk": self.trunks is not None and not _exponential(callers.talk),
            "wrap_up_law": self.trunks is not None and callers.wrap_up.mean > 0 and not _exponential(callers.wrap_up),
            "service": self.trunks is None and self.service is not None and not _exponential(self.service),
        }
        return tuple(key for key, holds in found.items() if holds) if self.service is not None else ()

    @property
    def measures(self) -> tuple[str, ...]:
        """What a point has figures of."""
        return MEASURES if self.trunks is not None else MEASURES[:-1]


class Share(msgspec.Struct, frozen=True):
    """A simulated share and the ends of its interval, and what the formula says; None: there is none."""

    mean: float
    low: float
    high: float
    formula: float | None

    @property
    def off(self) -> float:
        """How far the formula lies outside the interval; 0 within it, or without a formula."""
        return 0.0 if self.formula is None else max(self.low - self.formula, self.formula - self.high, 0.0)


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

    BadInput: a demand of no calls.
    """
    return Question(
        callers_of(demand),
        None if any(map(_wild, (demand.talk, demand.wrap_up, demand.patience))) else _together(demand),
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
    if asked.service is None or asked.trunks is not None:
        warm, replicate = _site(asked, seats)
    else:
        warm, replicate = _queue(asked, asked.service, seats)
    width, most = (inf, asked.replications) if asked.half_width is None else (asked.half_width, MOST)
    widths = dict.fromkeys(asked.measures, min(width, 1e9))
    asking = floor(asked.calls * asked.callers.wants_agent)
    tries = {"service_level": asking, "abandonment": asking, "blocking": asked.calls}
    found = replicate_until(
        replicate, widths, asked.confidence, asked.replications, max(most, asked.replications), tries
    )
    shares = {
        name: Share(one.mean, max(one.low, 0.0), min(one.high, 1.0), None if asked.service is None else formula[name])
        for name, one in found.intervals.items()
    }
    return Point(seats, found.replications, asked.calls, warm, shares)


def _formula(asked: Question, seats: int) -> dict[str, float]:
    callers = asked.callers
    if asked.trunks is None:
        rate, aht = callers.rate * callers.wants_agent, callers.talk.mean + callers.wrap_up.mean
        queue = erlang_a_queue(rate, aht, callers.patience.mean, seats, None, callers.threshold)
        return dict(zip(MEASURES, (queue.service_level, queue.p_abandon, queue.occupancy), strict=False))
    traffic = Traffic(
        callers.rate, callers.talk.mean, callers.wrap_up.mean, callers.menu.mean, callers.wants_agent,
        callers.patience.mean, callers.office,
    )  # fmt: skip
    need = Need(traffic, Targets(0.8, callers.threshold, 0.01), redial=callers.redials)  # its shares do not matter
    got = queued(need, seats, asked.trunks, min(asked.ports, asked.trunks))
    return {name: getattr(got, name) for name in MEASURES}


def _site(asked: Question, seats: int) -> tuple[int, Replicate]:
    """Calls until the site has filled, and its replications."""
    callers, trunks, ports = asked.callers, TRUNKS, TRUNKS
    if asked.trunks is None:
        callers = msgspec.structs.replace(callers, redials=0.0, office=0.0)
    else:
        trunks, ports = asked.trunks, min(asked.ports, asked.trunks)
    fills = fills_in(callers, seats, trunks, ports, asked.seed)

    def replicate(those: range) -> Values:
        found = steady(
            callers, seats, trunks, ports, calls=asked.calls, fills=fills, replications=those, seed=asked.seed
        )
        return {name: found[name] for name in asked.measures}

    return ceil(callers.rate * fills), replicate


def _queue(asked: Question, service: Law, seats: int) -> tuple[int, Replicate]:
    """The same of the seats alone."""
    warm = _warm_up(asked, service, seats)

    def replicate(those: range) -> Values:
        found = _run(asked, service, seats, asked.calls, warm, those)
        return {name: getattr(found, name) for name in asked.measures}

    return warm, replicate


def _run(asked: Question, service: Law, seats: int, calls: int, warm_up: int, those: range) -> QueueRuns:
    callers = asked.callers
    return simulate_queue(
        Law.exponential(1 / (callers.rate * callers.wants_agent)), service, kernels(callers.patience), seats,
        threshold=callers.threshold, calls=calls, warm_up=warm_up, replications=those, seed=asked.seed,
    )  # fmt: skip


def _warm_up(asked: Question, service: Law, seats: int) -> int:
    """Calls after which the service level has settled, by pilot runs and by theory."""
    callers = asked.callers
    load = callers.rate * callers.wants_agent * service.mean
    settles = LEFT_OF_IT * settling_time(load, seats, service.mean, patience=callers.patience.mean)
    stretch = 8 * ceil(asked.callers.rate * asked.callers.wants_agent * service.mean / 8)
    levels = [_run(asked, service, seats, stretch, stretch * k, PILOTS).service_level for k in range(STRETCHES)]
    return max(stretch * warm_up_of_runs(list(np.transpose(levels))), ceil(load * settles / service.mean))


_NOTHING: Final = Stated("deterministic", 0.0, Basis.ASSUMED, "")


def _exponential(law: Law | Quantiles) -> bool:
    return isinstance(law, Law) and law.kind == EXPONENTIAL


def _wild(law: Stated | None) -> bool:
    """Whether a formula that knows its mean alone would stand for other callers."""
    if law is None:
        return False
    return law.kind == "empirical" or (
        law.kind == "hyperexponential" and service_of(law, _NOTHING).variation ** 2 > WILD
    )


def _together(demand: Demand) -> Law:
    """The law for which a call holds its seat."""
    talk, wrap_up = demand.talk, demand.wrap_up
    if not (talk.mean and wrap_up.mean):
        return kernels(drawn(talk if talk.mean else wrap_up))
    both = service_of(talk, wrap_up)
    return Law.fixed(both.mean) if both.deviation == 0 else Law.lognormal(both.mean, both.variation)
