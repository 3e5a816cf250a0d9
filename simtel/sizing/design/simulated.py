"""A site simulated whole, by the site kernel: trunks, IVR ports, seats, wrap-up, office extensions, and callers who
dial again after the time that they take for it. Durations have the laws of the demand.

All sites meet the same callers (replication by replication), so that they are compared in pairs, and each replication
is held against what its callers would bring in the mean (`simtel.sizing.design.controlled`), which leaves a tenth of
the variance of a service level. Intervals: `simtel.sizing.stopping`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf, sqrt
from typing import TYPE_CHECKING, Any

from simtel.profiles.law import Law as Stated
from simtel.sizing.design.need import Need, Targets
from simtel.sizing.design.survive import ALL, Case
from simtel.sizing.intervals import Interval, paired_difference
from simtel.sizing.stopping import Stage, Values, first_stage
from simtel.sizing.theory.settling import LEFT_OF_IT, settling_time

if TYPE_CHECKING:
    from simtel.sizing.design.controlled import Place, Tuned
    from simtel.sizing.kernels.draws import Law
    from simtel.sizing.kernels.quantiles import Quantiles
    from simtel.sizing.kernels.site_steady import Callers

# First attempts in a replication, beside those with which the site fills: of looks that choose a design, and of those
# of which figures are told (a share of few calls lies beside that of all by its spread squared).
LOOK_CALLS, CLOSE_CALLS = 2_000, 16_000
MEASURED = 10_000  # the first of the replications of which figures are told; those before choose designs
START = 12  # replications of a first look
FIRST, BLOCK, MOST = 24, 16, 1_500  # replications of a close look: at first, then so many at a time, at most
_SHARE = 0.1  # sites that differ by such a share of seats and trunks are alike
ITSELF, ALIKE, ANY = 0.0, 1.0, inf  # how near a site is that another is watched like
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
    the limit lies inside the interval. `replications` of `CLOSE_CALLS` first attempts each, from number `first` on."""

    case: Case
    intervals: Mapping[str, Interval]
    met: Mapping[str, bool | None]
    replications: int
    values: Values = field(repr=False, compare=False)
    first: int = MEASURED

    def missing(self, wanted: bool | None) -> list[str]:
        """The targets that are met, missed (False) or cannot be told from their limits (None)."""
        return [name for name in self.intervals if self.met[name] is wanted]


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
    like: "Tuned | None" = None  # sites are watched like this, though the callers are others
    made: int = 0  # first attempts so far
    _tuned: dict[tuple[float, float], list["Tuned"]] = field(default_factory=dict)
    _known: dict[tuple[object, ...], Values] = field(default_factory=dict)

    def callers(self, calls: float, threshold: float) -> "Callers":
        """Who calls, at that rate of first attempts a second, and within how long an answer is in time."""
        from simtel.sizing.kernels.draws import Law  # noqa: PLC0415  (numba takes a second to load)
        from simtel.sizing.kernels.site_steady import Callers  # noqa: PLC0415

        traffic, laws = self.need.traffic, self.laws
        return Callers(
            calls, _drawn(laws.talk, traffic.talk), _drawn(laws.wrap_up, traffic.wrap_up),
            _drawn(laws.ivr, traffic.ivr),
            Law.fixed(inf) if traffic.patience == inf else _drawn(laws.patience, traffic.patience),
            traffic.p_agent, self.need.redial, self.need.redial_after, threshold, traffic.extensions,
        )  # fmt: skip

    def values(self, case: Case, replications: range, calls: int = LOOK_CALLS, near: float = ANY) -> Values:
        """The measures of a case by replication of so many calls, watched as a site that is so `near`: the nearer, the
        less is left to chance, and the more pilot runs there are. ValueError, OverflowError: as for `simulate_site`."""
        if case.seats < 1 or case.trunks < 1:
            return {name: [float(name in {"abandonment", "blocking"})] * len(replications) for name in ALL}
        from simtel.sizing.design.controlled import controlled, watched  # noqa: PLC0415

        place = (case.seats, case.trunks, case.ports)
        if case.lasts < inf:
            key: tuple[object, ...] = (case.calls, case.lasts, case.targets.threshold, place, replications, calls)
            if key not in self._known:
                self._known[key] = self._surge(case, replications, calls)
                self.made += calls * len(replications)
            return self._known[key]
        how = self.how(case, near)
        key = (case.calls, case.targets.threshold, place, replications, calls, how.place)
        if key not in self._known:
            watch = watched(how.callers, how.fills, calls)
            self._known[key] = controlled(how, watch, place, replications, self.seed, self.spread)
            self.made += calls * len(replications)
        return self._known[key]

    def _surge(self, case: Case, replications: range, calls: int) -> Values:
        """The measures of a surge that does not last."""
        from simtel.sizing.design.surge import surged  # noqa: PLC0415

        usual = self.need.traffic.arrival_rate
        settles = self.how(replace(case, calls=usual, lasts=inf), ANY).fills
        return surged(
            self.callers(usual, case.targets.threshold), (case.seats, case.trunks, case.ports), case.calls, case.lasts,
            settles, calls=calls, replications=replications, seed=self.seed, spread=self.spread,
        )  # fmt: skip

    def how(self, case: Case, near: float) -> "Tuned":
        """How a site is watched: as the nearest that was, if it is so `near`, from when as many seats take as long to
        fill."""
        from simtel.sizing.design.controlled import tuned  # noqa: PLC0415

        callers = self.callers(case.calls, case.targets.threshold)
        place = (case.seats, case.trunks, case.ports)
        if self.like is not None:
            return replace(self.like, callers=callers)
        known = self._tuned.setdefault((case.calls, case.targets.threshold), [])
        settles = LEFT_OF_IT * self._settles(case)
        long = [how for how in known if settles <= how.fills and _apart(how.place[:1], place[:1]) <= ALIKE]
        nearest = min(long, key=lambda how: _from(how.place, place), default=None)
        if nearest is not None and _from(nearest.place, place) <= near:
            return nearest
        known.append(tuned(callers, place, self.seed, self.spread, nearest.fills if nearest else None))
        return known[-1]

    def _settles(self, case: Case) -> float:
        traffic = self.need.traffic
        load, places = case.calls * traffic.p_agent * traffic.aht, max(0, case.trunks - case.seats)
        return settling_time(load, case.seats, traffic.aht, patience=traffic.patience, places=places)

    def measure(
        self, case: Case, widths: Mapping[str, float], out_of_time: Callable[[], bool], first: int = MEASURED,
        near: float = ALIKE,
    ) -> Measured:  # fmt: skip
        """A case measured under the callers of the replications `first`, `first` + 1 ... until each measure that is
        judged is as close as `widths`, or the time runs out."""
        found = dict(self.values(case, range(first, first + FIRST), CLOSE_CALLS, near))
        stage = first_stage({name: found[name] for name in case.judged}, CONFIDENCE, tries(self.need, CLOSE_CALLS))
        wanted = min(stage.wanted({name: widths[name] for name in case.judged}), MOST)
        made = FIRST
        while made < wanted and not out_of_time():
            more = self.values(case, range(first + made, first + min(made + BLOCK, wanted)), CLOSE_CALLS, near)
            found = {name: [*found[name], *more[name]] for name in found}
            made = len(found["blocking"])
        return _judged(case, found, stage, first)

    def beside(
        self, case: Case, chosen: Measured, widths: Mapping[str, float], out_of_time: Callable[[], bool]
    ) -> tuple[Measured, dict[str, Interval]]:
        """Another site measured under the callers of `chosen`, and by how much it exceeds that in pairs."""
        near = ITSELF if widths == HALF_WIDTHS else ALIKE
        found = self.measure(case, widths, out_of_time, chosen.first, near)
        number = min(found.replications, chosen.replications)
        return found, {
            name: paired_difference(found.values[name][:number], chosen.values[name][:number])
            for name in chosen.case.judged
        }


def _from(one: "Place", other: "Place") -> float:
    """How far a site is from another: by seats and trunks, and whether there are ports for all trunks or for few."""
    return _apart(one, other) + ((one[2] < one[1]) != (other[2] < other[1]))


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    return max(abs(a - b) / max(4, _SHARE * a) for a, b in zip(one, other, strict=True))


def _drawn(law: Stated | None, mean: float) -> "Law | Quantiles":
    """A law as the kernels draw it."""
    from simtel.sizing.kernels.draws import Law  # noqa: PLC0415
    from simtel.sizing.kernels.site_steady import drawn  # noqa: PLC0415

    if law is not None:
        return drawn(law)
    return Law.exponential(mean) if mean else Law.fixed(0.0)


def tries(need: Need, calls: int = LOOK_CALLS) -> dict[str, int]:
    """Calls behind each measure that is a share of calls, in one replication of so many, at the least."""
    asking = int(calls * need.traffic.p_agent)
    return {"service_level": asking, "abandonment": asking, "blocking": calls}


def _judged(case: Case, values: Values, stage: Stage, first: int) -> Measured:
    intervals = stage.intervals({name: values[name] for name in case.judged})
    decided = {name: met(case.targets, name, one) for name, one in intervals.items()}
    return Measured(case, intervals, decided, len(values["blocking"]), values, first)
