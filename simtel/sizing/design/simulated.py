"""A site simulated whole, by the site kernel: trunks, IVR ports, seats, wrap-up, office extensions, and callers who
dial again after the time that they take for it. Durations have the laws of the demand.

All sites meet the same callers (replication by replication), so that they are compared in pairs, and each replication
is held against what its callers would bring in the mean (`simtel.sizing.design.controlled`), which halves the variance
of a service level or better. Intervals: `simtel.sizing.stopping`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, inf, sqrt
from typing import TYPE_CHECKING, Any

from simtel.profiles.law import Law as Stated
from simtel.sizing.design.need import Need, Targets
from simtel.sizing.design.survive import ALL, Case
from simtel.sizing.intervals import Interval, paired_difference
from simtel.sizing.stopping import Stage, Values, first_stage

if TYPE_CHECKING:
    from simtel.sizing.design.controlled import Tuned
    from simtel.sizing.kernels.draws import Law
    from simtel.sizing.kernels.quantiles import Quantiles
    from simtel.sizing.kernels.site_steady import Callers

FIRST_ATTEMPTS = 8_000  # first attempts in a replication, beside those with which the site fills
MEASURED = 10_000  # the first of the replications of which figures are told; those before choose designs
START = 24  # replications of a first look
FIRST, BLOCK, MOST = 96, 24, 3_000  # replications of a close look: at first, then so many at a time, at most
HALF_WIDTHS = {"service_level": 0.001, "abandonment": 0.001, "occupancy": 0.005, "blocking": 0.001}
COARSE = 5.0  # what is told beside the chosen design may be so many times wider
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Laws:
    """The laws of durations; None: exponential, with the mean of the need (of patience: endless, if that is)."""

    talk: Stated | None = None
    wrap_up: Stated | None = None
    ivr: Stated | None = None
    patience: Stated | None = None


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
class Measured:
    """What a case gives, all intervals at once with `CONFIDENCE`, and whether each of its targets is met: None where
    the limit lies inside the interval. `replications` of `FIRST_ATTEMPTS` first attempts each."""

    case: Case
    intervals: Mapping[str, Interval]
    met: Mapping[str, bool | None]
    replications: int
    values: Values = field(repr=False, compare=False)


def service_of(talk: Stated, wrap_up: Stated) -> Service:
    """Talk and wrap-up one after the other, independent of each other."""
    return Service(talk.mean + wrap_up.mean, sqrt(_variance(talk) + _variance(wrap_up)))


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


def met(targets: Targets, name: str, found: Interval) -> bool | None:
    """Whether a target is met; None where its limit lies inside the interval."""
    limit, sign = getattr(targets, name), 1 if name == "service_level" else -1
    low, high = sorted((sign * found.low, sign * found.high))
    return True if low >= sign * limit else False if high < sign * limit else None


@dataclass
class Simulation:
    """Sites under the callers of one need. `spread` does work side by side, and changes no figure."""

    need: Need
    laws: Laws = Laws()
    seed: int = 1
    spread: Callable[..., Iterable[Any]] = map  # or that of an Executor
    made: int = 0  # replications so far
    _tuned: dict[str, "Tuned"] = field(default_factory=dict)
    _known: dict[tuple[object, ...], Values] = field(default_factory=dict)

    def callers(self, calls: float) -> "Callers":
        """Who calls, at that rate of first attempts a second."""
        from simtel.sizing.kernels.draws import Law  # noqa: PLC0415  (numba takes a second to load)
        from simtel.sizing.kernels.site_steady import Callers  # noqa: PLC0415

        traffic, laws = self.need.traffic, self.laws
        return Callers(
            calls, _drawn(laws.talk, traffic.talk), _drawn(laws.wrap_up, traffic.wrap_up),
            _drawn(laws.ivr, traffic.ivr),
            Law.fixed(inf) if traffic.patience == inf else _drawn(laws.patience, traffic.patience),
            traffic.p_agent, self.need.redial, self.need.redial_after, self.need.targets.threshold, traffic.extensions,
        )  # fmt: skip

    def values(self, case: Case, replications: range) -> Values:
        """The measures of a case by replication. ValueError, OverflowError: as for `simulate_site`."""
        if case.seats < 1 or case.trunks < 1:
            return {name: [float(name in {"abandonment", "blocking"})] * len(replications) for name in ALL}
        from simtel.sizing.design.controlled import controlled, tuned  # noqa: PLC0415

        kind = str(case.name)
        place = (case.seats, case.trunks, case.ports)
        key = (kind, place, replications)
        if key not in self._known:
            if kind not in self._tuned:
                self._tuned[kind] = tuned(self.callers(case.calls), place, FIRST_ATTEMPTS, self.seed, self.spread)
            self._known[key] = controlled(self._tuned[kind], place, replications, self.seed, self.spread)
            self.made += len(replications)
        return self._known[key]

    def measure(self, case: Case, widths: Mapping[str, float], out_of_time: Callable[[], bool]) -> Measured:
        """A case measured on callers of its own until each measure that is judged is as close as `widths`, or known to
        be on one side of its limit, or the time runs out."""
        found = dict(self.values(case, range(MEASURED, MEASURED + FIRST)))
        stage = first_stage({name: found[name] for name in case.judged}, CONFIDENCE, tries(self.need))
        wanted = min(stage.wanted({name: widths[name] for name in case.judged}), MOST)
        made = FIRST
        while made < wanted and not out_of_time():
            more = self.values(case, range(MEASURED + made, MEASURED + min(made + BLOCK, wanted)))
            found = {name: [*found[name], *more[name]] for name in found}
            made = len(found["blocking"])
        return _judged(case, found, stage)

    def beside(self, case: Case, chosen: Measured, share: float) -> tuple[Measured, dict[str, Interval]]:
        """Another site under a share of the replications of `chosen`, and by how much it exceeds that in pairs."""
        number = max(START, ceil(share * chosen.replications / BLOCK) * BLOCK)
        number = min(number, chosen.replications)
        found: Values = self.values(case, range(MEASURED, MEASURED + number))
        there = {name: chosen.values[name][:number] for name in chosen.case.judged}
        stage = first_stage({name: found[name] for name in case.judged}, CONFIDENCE, tries(self.need))
        return _judged(case, found, stage), {name: paired_difference(found[name], there[name]) for name in there}


def _drawn(law: Stated | None, mean: float) -> "Law | Quantiles":
    """A law as the kernels draw it."""
    from simtel.sizing.kernels.draws import Law  # noqa: PLC0415
    from simtel.sizing.kernels.site_steady import drawn  # noqa: PLC0415

    if law is not None:
        return drawn(law)
    return Law.exponential(mean) if mean else Law.fixed(0.0)


def tries(need: Need) -> dict[str, int]:
    """Calls behind each measure that is a share of calls, in one replication, at the least."""
    asking = int(FIRST_ATTEMPTS * need.traffic.p_agent)
    return {"service_level": asking, "abandonment": asking, "blocking": FIRST_ATTEMPTS}


def _judged(case: Case, values: Values, stage: Stage) -> Measured:
    intervals = stage.intervals({name: values[name] for name in case.judged})
    decided = {name: met(case.targets, name, one) for name, one in intervals.items()}
    return Measured(case, intervals, decided, len(values["blocking"]), values)
