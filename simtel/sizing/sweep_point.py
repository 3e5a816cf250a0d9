"""One point of a sweep: what so many seats give of a demand, by formula and simulated, each share with its interval.

The callers are those who leave the IVR and want a seat; with any number of trunks they are as random as those who came
(the output of an M/G/infinity system is Poisson: Mirasol, Operations Research 11, 1963). Nobody dials again. A seat is
held for talk and wrap-up together, drawn from one law: the talk's own if there is no wrap-up, else a log-normal law of
their joint mean and deviation. The formula is M/M/n+M with the same means.

Before replications count, each runs until the house has filled: pilot runs of other callers show how the service level
settles over stretches of one mean service each (`intervals.warm_up_of_runs`). Then come as many replications as were
asked for, or as many as bring every share within a half-width. The intervals of one point cover all at once.

A point is computed from what it is asked and nothing else, so that it is the same wherever that happens.
"""

from math import ceil, inf, isclose, sqrt
from typing import Final

import msgspec
import numpy as np

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem
from simtel.profiles.demand import Demand
from simtel.profiles.law import Law as Stated
from simtel.sizing import arguments
from simtel.sizing.arguments import Unstable
from simtel.sizing.draws import Law
from simtel.sizing.erlang_a import erlang_a_queue
from simtel.sizing.intervals import warm_up_of_runs
from simtel.sizing.queue_runs import QueueRuns, simulate_queue
from simtel.sizing.stopping import Values, replicate_until

MEASURES: Final = ("service_level", "abandonment", "occupancy")
STRETCHES: Final = 24  # of a pilot run, each as long as a service is in the mean
PILOTS: Final = range(1_000_000, 1_000_064)  # replications that no point has
MOST: Final = 10_000  # replications of a point


class Question(msgspec.Struct, frozen=True):
    """What every point of a sweep is asked. Rates per second, times in seconds, shares from 0 to 1.

    `half_width`: bring every share of a point within it, from `replications` on (at least 2); None: `replications` and
    no more. `calls` count in each replication.
    """

    rate: float
    service: Law
    patience: Law
    threshold: float
    replications: int
    calls: int
    seed: int
    confidence: float = 0.95
    half_width: float | None = None


class Share(msgspec.Struct, frozen=True):
    """A simulated share and the ends of its interval, and what the formula says."""

    mean: float
    low: float
    high: float
    formula: float


class Point(msgspec.Struct, frozen=True):
    """What so many seats give. `replications` of `calls` each, after `warm_up` calls that do not count. `shares` by the
    names in `MEASURES`; empty when nobody gives up and the seats cannot do the work: then there is no steady state."""

    seats: int
    replications: int
    calls: int
    warm_up: int
    shares: dict[str, Share]


def question(
    demand: Demand, replications: int, calls: int, seed: int, half_width: float | None = None, confidence: float = 0.95
) -> Question:
    """What a demand file asks. BadInput: a law that cannot be drawn, or a demand of no calls."""
    rate = demand.number("arrivals.rate") * (1 - (demand.number("ivr.leaves") if "ivr.leaves" in demand else 0.0))
    if rate <= 0:
        raise BadInput([Problem(demand.path, 0, 0, Message("nobody asks for a seat"))])
    return Question(
        rate,
        _together(demand),
        Law.fixed(inf) if demand.patience is None else _drawn(demand.path, "patience", demand.patience),
        demand.seconds("targets.threshold") if "targets.threshold" in demand else 20.0,
        arguments.whole("replications", replications, 2),
        arguments.whole("calls", calls),
        arguments.count("seed", seed, 0),
        arguments.inner_share("confidence", confidence),
        half_width if half_width is None else arguments.positive("half_width", half_width),
    )


def point(asked: Question, seats: int) -> Point:
    """Simulate so many seats, and compute the formula beside it."""
    try:
        formula = erlang_a_queue(asked.rate, asked.service.mean, asked.patience.mean, seats, None, asked.threshold)
    except Unstable:
        return Point(seats, 0, asked.calls, 0, {})
    warm = _warm_up(asked, seats)

    def replicate(those: range) -> Values:
        found = _run(asked, seats, asked.calls, warm, those)
        return {name: getattr(found, name) for name in MEASURES}

    width, most = (inf, asked.replications) if asked.half_width is None else (asked.half_width, MOST)
    widths = dict.fromkeys(MEASURES, min(width, 1e9))
    found = replicate_until(replicate, widths, asked.confidence, asked.replications, max(most, asked.replications))
    expected = (formula.service_level, formula.p_abandon, formula.occupancy)
    shares = {
        name: Share(one.mean, max(one.low, 0.0), min(one.high, 1.0), right)
        for (name, one), right in zip(found.intervals.items(), expected, strict=True)
    }
    return Point(seats, found.replications, asked.calls, warm, shares)


def _run(asked: Question, seats: int, calls: int, warm_up: int, those: range) -> QueueRuns:
    return simulate_queue(
        Law.exponential(1 / asked.rate), asked.service, asked.patience, seats, threshold=asked.threshold, calls=calls,
        warm_up=warm_up, replications=those, seed=asked.seed,
    )  # fmt: skip


def _warm_up(asked: Question, seats: int) -> int:
    """Calls after which the service level has settled, but at least those of two services."""
    stretch = 8 * ceil(asked.rate * asked.service.mean / 8)
    levels = [_run(asked, seats, stretch, stretch * k, PILOTS).service_level for k in range(STRETCHES)]
    return stretch * max(2, warm_up_of_runs(list(np.transpose(levels))))


def _together(demand: Demand) -> Law:
    """The law for which a call holds its seat."""
    talk, wrap_up = demand.talk, demand.wrap_up
    if wrap_up.mean == 0:
        return _drawn(demand.path, "service.talk", talk)
    if talk.mean == 0:
        return _drawn(demand.path, "service.wrap_up", wrap_up)
    mean = talk.mean + wrap_up.mean
    deviation = sqrt(deviation_of(talk) ** 2 + deviation_of(wrap_up) ** 2)
    return Law.fixed(mean) if deviation == 0 else Law.lognormal(mean, deviation / mean)


def deviation_of(law: Stated) -> float:
    """Standard deviation of a law of a demand file, in seconds."""
    if law.kind == "deterministic":
        return 0.0
    if law.kind == "exponential":
        return law.mean
    if law.kind == "log-normal":
        return law.deviation
    if law.kind == "hyperexponential":
        return sqrt(sum(share * 2 * mean**2 for share, mean in law.phases) - law.mean**2)
    quantiles = np.array(law.quantiles)
    left, right = quantiles[:-1], quantiles[1:]
    inner = float(((left**2 + left * right + right**2) / 3).mean())  # straight lines between the quantiles
    beyond = quantiles[-1] ** 2 + 2 * quantiles[-1] * law.tail + 2 * law.tail**2
    return sqrt(law.upto * inner + (1 - law.upto) * float(beyond) - law.mean**2)


def _drawn(path: str, where: str, law: Stated) -> Law:
    """The same law as the kernel draws it. BadInput: it cannot."""
    if law.kind == "deterministic":
        return Law.fixed(law.mean)
    if law.kind == "exponential":
        return Law.exponential(law.mean)
    if law.kind == "log-normal":
        return Law.lognormal(law.mean, law.deviation / law.mean)
    if law.kind == "hyperexponential" and len(law.phases) == 2 and isclose(sum(s for s, _ in law.phases), 1):
        (share, first), (_, second) = law.phases
        return Law.hyperexponential(share, first, second)
    message = Message("{where}: a law of this kind is not simulated: {kind}", where=where, kind=law.kind)
    raise BadInput([Problem(path, 0, 0, message)])
