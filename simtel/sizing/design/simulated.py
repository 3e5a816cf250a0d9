"""The seats of a plan simulated: callers wait for agents, first come, first served, and durations have their own law.

The queue kernel knows no trunks: offered are the calls that the formula's trunks let in and that want an agent, taken
as Poisson. So what it gives differs from the formula for two reasons, which are told apart by the formula itself, once
with the trunks and once without: the rest is the law of the durations. All numbers of agents meet the same callers,
closer together where more of them dial again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from simtel.profiles.law import Law as Stated
from simtel.sizing.design.need import Need, Parts, queued
from simtel.sizing.intervals import Interval, mean_interval, paired_difference
from simtel.sizing.stopping import replicate_until
from simtel.sizing.theory.erlang_a import erlang_a_queue

MEASURES = ("service_level", "abandonment", "occupancy")
HALF_WIDTH = 0.001  # of service level, for the chosen number of agents
REPLICATIONS, MOST_REPLICATIONS = 64, 2_560
WARM_UP, FEW, MANY = 1_000, 4_000, 25_000  # calls a replication: left out, for a point of the picture, for the chosen


@dataclass(frozen=True, slots=True)
class Service:
    """Mean and spread of talk and wrap-up together, in seconds."""

    mean: float
    deviation: float

    @property
    def variation(self) -> float:
        """The spread by the mean."""
        return self.deviation / self.mean


@dataclass(frozen=True, slots=True)
class Point:
    """So many agents: the interval of each of `MEASURES`."""

    agents: int
    intervals: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class Simulated:
    """Points in the order of agents, and the service level of the `chosen` number of them, known more closely.

    `fewer`: how much service level one agent fewer costs, the same callers on both; None where there is no such queue.
    Of the distance between simulation and formula, in shares of service level, `by_trunks` comes from the trunks that
    the simulation leaves out, `by_law` from the law of the durations.
    """

    points: tuple[Point, ...]
    chosen: int
    level: Interval
    fewer: Interval | None
    by_trunks: float
    by_law: float
    service: Service


def service_of(talk: Stated, wrap_up: Stated) -> Service:
    """Talk and wrap-up one after the other, independent of each other."""
    return Service(talk.mean + wrap_up.mean, sqrt(_variance(talk) + _variance(wrap_up)))


def exponential_service(need: Need) -> Service:
    """Both exponential, as the formula has them one by one."""
    traffic = need.traffic
    return Service(traffic.aht, sqrt(traffic.talk**2 + traffic.wrap_up**2))


def _variance(law: Stated) -> float:
    if law.kind == "exponential":
        return law.mean**2
    if law.kind == "log-normal":
        return law.deviation**2
    if law.kind == "hyperexponential":
        return sum(2 * share * mean**2 for share, mean in law.phases) - law.mean**2
    if law.kind == "deterministic":
        return 0.0
    steps = list(zip(law.quantiles, law.quantiles[1:], strict=False))
    inner = sum((a * a + a * b + b * b) / 3 for a, b in steps) / len(steps)  # a straight line from a to b
    last = law.quantiles[-1]
    beyond = last * last + 2 * last * law.tail + 2 * law.tail**2
    return law.upto * inner + (1 - law.upto) * beyond - law.mean**2


def simulate(need: Need, parts: Parts, agents: Sequence[int], service: Service, seed: int = 1) -> Simulated | None:
    """Points for so many agents, and closely for the number that works in `parts`, and for one fewer.

    None where nothing can be simulated: no seat works, or the queue would grow without end. Takes some seconds, and on
    a machine's first time some 10 s more to compile. ValueError: a number of agents below 1.
    """
    from simtel.sizing.kernels.draws import Law  # noqa: PLC0415  (numba takes a second to load)
    from simtel.sizing.kernels.queue_runs import QueueRuns, simulate_queue  # noqa: PLC0415

    chosen, trunks = parts.working_seats(need), parts.working_trunks(need)
    if chosen < 1 or trunks < 1 or not need.traffic.p_agent:
        return None
    endless = need.traffic.patience == inf
    patience = Law.fixed(inf) if endless else Law.exponential(need.traffic.patience)
    law = Law.lognormal(service.mean, service.variation) if service.deviation else Law.fixed(service.mean)

    def rate(n: int) -> float:
        """Calls per second that want an agent, redials among them."""
        found = queued(need, n, trunks, parts.ivr_ports)
        return found.attempts * (1 - found.blocking) * need.traffic.p_agent

    def runs(n: int, calls: int, replications: range) -> QueueRuns:
        return simulate_queue(
            Law.exponential(1 / rate(n)), law, patience, n, threshold=need.targets.threshold, calls=calls,
            warm_up=WARM_UP, replications=replications, seed=seed,
        )  # fmt: skip

    def level(n: int) -> Callable[[range], dict[str, list[float]]]:
        return lambda replications: {"service_level": list(runs(n, MANY, replications).service_level)}

    sound = [n for n in sorted({*agents, chosen, max(1, chosen - 1)}) if not endless or rate(n) * service.mean < n]
    if chosen not in sound:
        return None
    stopped = replicate_until(level(chosen), {"service_level": HALF_WIDTH}, start=REPLICATIONS, most=MOST_REPLICATIONS)
    here = stopped.values["service_level"]
    fewer = None
    if chosen - 1 in sound:
        fewer = paired_difference(here, level(chosen - 1)(range(len(here)))["service_level"])
    points = []
    for n in sound:
        made = runs(n, FEW, range(REPLICATIONS))
        intervals = {name: mean_interval(list(getattr(made, name))) for name in MEASURES}
        points.append(Point(n, intervals))
    traffic, threshold = need.traffic, need.targets.threshold
    alone = erlang_a_queue(rate(chosen), traffic.aht, traffic.patience, chosen, threshold=threshold).service_level
    formula = queued(need, chosen, trunks, parts.ivr_ports)
    exact = stopped.intervals["service_level"]
    return Simulated(
        tuple(points), chosen, exact, fewer, by_trunks=alone - formula.service_level, by_law=exact.mean - alone,
        service=service,
    )  # fmt: skip
