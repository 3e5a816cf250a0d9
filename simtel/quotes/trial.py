"""What one site does, tried out: what it gives of a demand, what its failures do, how long it is down. Nothing is
modelled here: sizing, scenarios and the availability chain answer, and their answers are laid side by side.

Each function is one piece of work for a process of its own: it takes what is plain, and gives it back. Scenarios run on
`virtual` with every figure at the value in use. What proves a requirement runs with each other value of what nobody
knows too, unless the item is to be varied in all: then an outcome that such a figure turns, or an assumed one, is
INCONCLUSIVE, as `simtel run` has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec

from simtel.core.clock import HOUR, SECOND
from simtel.profiles.demand import Demand
from simtel.profiles.spec import SiteSpec
from simtel.profiles.told import unknown_figures
from simtel.run.once import lacks, to_memory, without
from simtel.run.plan import Item
from simtel.run.targets import make_target
from simtel.run.variants import to_vary, vary
from simtel.sizing.design.asked import laws_of, need, of_demand, of_site
from simtel.sizing.design.need import Need, Parts, analog_seats, got, shortfalls
from simtel.sizing.design.plan import Given, most_calls, plan
from simtel.sizing.design.simulated import COARSE, HALF_WIDTHS, Simulation
from simtel.sizing.design.survive import cases
from simtel.sizing.site_downtime import Crew, Share, minutes_down, site_downtime
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.variants import apply_variants

PRESERVED, OUTAGE = "stable-calls-preserved", "outage-seconds-system"
MTBFS = (1_000, 2_000, 4_000, 8_760, 20_000, 50_000)  # hours of a server, of the curve
MTBF = "servers.failure.mtbf_hours"
YEARS = "failover.a-year-of-the-centre"
# Kind of unit -> the scenarios that show what its failure cuts off; of a second unit the second.
CUTS = {
    "servers": ("failover.active-server-crash", "failover.standby-crash"),
    "gateways": ("failover.gateway-crash",), "spans": ("trunks.e1-cut-long",), "boards": ("seats.board-crash",),
    "switches": ("failover.lan-switch-crash",), "feeds": ("failover.power-feed-lost",),
}  # fmt: skip
SOFTWARE = "software"  # a cause of outages: a call server that stops by itself
_A_YEAR = 365 * 86_400.0  # seconds


@dataclass(frozen=True, slots=True)
class Met:
    """What a scenario came to: `missed` names the criteria that failed, `cut` is the share of established calls that
    were cut off, None where nothing of that was judged. `struck`: roles of what failed; `rests`: figures that may turn
    the outcome: those that do where others were tried, else all that are unknown; `run`: folder of its evidence, empty
    where none is kept; `seats` of the site; `varied`: other values were tried; `left`: criteria that stay open, and
    `turned`: what each criterion rests on, where others were tried."""

    scenario: str
    outcome: Outcome
    applies: bool
    missed: tuple[str, ...]
    cut: float | None
    digest: str
    struck: tuple[str, ...] = ()
    rests: tuple[str, ...] = ()
    run: str = ""
    seats: int = 0
    varied: bool = False
    left: tuple[str, ...] = ()
    turned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether what nobody knows may turn it, and nothing else was tried for it."""
        return self.applies and bool(self.rests) and not self.varied


@dataclass(frozen=True, slots=True)
class Held:
    """A measure with its interval, and whether its target is met: None where the limit lies inside."""

    value: float
    low: float
    high: float
    met: bool | None


@dataclass(frozen=True, slots=True)
class Service:
    """What a site gives of a demand. `seats` and `trunks` that work, and which limit is the lowest for each; `measures`
    by simulation; `most` calls per second up to which every target is met by formula, and the target that is `first`
    missed beyond. `loaded`: calls up in the busiest interval, in the mean (erlang)."""

    calls: float
    seats: int
    seats_by: str
    trunks: int
    trunks_by: str
    measures: dict[str, Held]
    most: float
    first: str
    loaded: float


@dataclass(frozen=True, slots=True)
class Downs:
    """Minutes a year in outages of more than 30 s, of the system and the worst seat; `ends`: with every figure about
    failures at its good and at its bad end; `curve`: the system's with other servers, by their MTBF in hours."""

    system: float
    system_ends: tuple[float, float]
    user: float
    user_ends: tuple[float, float]
    curve: tuple[tuple[float, float], ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Lived:
    """Minutes a year of the system, as simulated years have them, with the 95 % interval; None: nothing failed, or the
    site lacks what is asked."""

    minutes: float | None
    low: float | None
    high: float | None
    outcome: Outcome


class Both(NamedTuple):
    """What a scenario came to: `told` beside others, with the values in use or with all that was tried; and `shown` for
    a requirement, with other values of what nobody knows, where they were tried."""

    told: Met
    shown: Met


def meet(item: Item) -> Both:
    """Run one scenario on one site, with the evidence in memory."""
    target = make_target(item.target)
    missing = lacks(item, target)
    if missing is not None:
        nothing = without(item, target, missing)
        return both_of(item, nothing, nothing)
    judgement = judge(to_memory(item, target))
    return both_of(
        item, judgement, apply_variants(judgement, vary(item, target, judgement)) if item.vary else judgement
    )


def both_of(item: Item, nominal: Judgement, varied: Judgement, run: str = "") -> Both:
    """Of a judgement with the values in use, and of the same with those that were tried."""
    plain = msgspec.structs.replace(item, vary=False)
    if not (item.vary and to_vary(item)):
        told = met_of(plain, nominal, run)
        return Both(told, told)
    shown = met_of(item, varied, run)
    return Both(met_of(plain, nominal, run) if item.unknown_alone else shown, shown)


def met_of(item: Item, judgement: Judgement, run: str = "") -> Met:
    """What a judgement of an item comes to."""
    cut = next((
        1 - float(one.measured.value) for one in judgement.verdicts
        if one.criterion == PRESERVED and one.measured is not None
    ), None)  # fmt: skip
    applies = any(one.applies for one in judgement.verdicts)
    if item.vary:
        rests = {figure for one in judgement.verdicts for figure in one.rests_on}
    else:
        rests = {one.path for one in unknown_figures(item.site) if one.alternatives} if applies else set()
    return Met(
        item.scenario.id, judgement.outcome, applies,
        tuple(one.key for one in judgement.verdicts if one.outcome is Outcome.FAIL), cut, judgement.digest,
        tuple(sorted({fault.subject.partition(".")[0] for fault in item.scenario.faults})), tuple(sorted(rests)), run,
        item.site.seats, item.vary, tuple(one.key for one in judgement.verdicts if one.outcome is Outcome.INCONCLUSIVE),
        {one.key: one.rests_on for one in judgement.verdicts if one.rests_on} if item.vary else {},
    )  # fmt: skip


def live(item: Item) -> Lived:
    """Live through years of failures that come by themselves."""
    target = make_target(item.target)
    if lacks(item, target) is not None:
        return Lived(None, None, None, Outcome.INCONCLUSIVE)
    verdict = next(one for one in judge(to_memory(item, target)).verdicts if one.criterion == OUTAGE)
    measured = verdict.measured
    if measured is None or measured.low is None or measured.high is None:
        return Lived(None, None, None, verdict.outcome)
    value, low, high = (float(one) / SECOND / 60 for one in (measured.value, measured.low, measured.high))
    return Lived(value, low, high, verdict.outcome)


def serve(spec: SiteSpec, demand: Demand, times: float) -> Service:
    """What a site gives of a demand with so many times its calls."""
    asked = of_demand(demand)
    what, given = of_site(need({**asked, "calls": asked["calls"] * times}), spec)
    parts = plan(what, given)
    measures: dict[str, Held] = {}
    (works, *_) = cases(what, parts)
    widths = {name: COARSE * width for name, width in HALF_WIDTHS.items()}
    if works.seats and works.trunks:
        measured = Simulation(what, laws_of(demand)).measure(works, widths, lambda: False)
        measures = {name: Held(one.mean, max(0.0, one.low), min(1.0, one.high), measured.met[name])
                    for name, one in measured.intervals.items()}  # fmt: skip
    else:
        measures = {name: Held(worst, worst, worst, met=False)
                    for name, worst in (("service_level", 0.0), ("blocking", 1.0))}  # fmt: skip
    most = most_calls(what, parts)
    traffic = what.traffic
    return Service(
        traffic.arrival_rate, *_seats(what, parts, given), *_trunks(what, parts), measures, most,
        _first(what, parts, most), traffic.arrival_rate * (traffic.ivr + traffic.p_agent * traffic.talk),
    )  # fmt: skip


def _seats(what: Need, parts: Parts, given: Given) -> tuple[int, str]:
    """Seats that work, and what there is least of."""
    telephones = min(analog_seats(what, parts.seats), given.stations * parts.boards)
    limits = {
        "seats": parts.seats, "agent licences": parts.agent_licences,
        "telephone ports": telephones + parts.seats - analog_seats(what, parts.seats),
    }  # fmt: skip
    return parts.working_seats(what), min(limits, key=lambda name: limits[name])


def _trunks(what: Need, parts: Parts) -> tuple[int, str]:
    taken = parts.working_seats(what) if what.channels_count_seats else 0
    core = parts.core_channels - taken
    return parts.working_trunks(what), "core channels" if core < parts.timeslots else "timeslots"


def _first(what: Need, parts: Parts, most: float) -> str:
    """The target that is missed first with more calls than that; without any, those that are missed now."""
    rate = max(most * 1.02, 1e-6)
    missed = shortfalls(what.targets, got(replace(what, traffic=replace(what.traffic, arrival_rate=rate)), parts))
    return next((name for name, _ in missed), "")


def down(spec: SiteSpec, crew: Crew) -> Downs:
    """How long a site is down, by formula."""
    found = site_downtime(spec, crew)
    curve = tuple((float(hours), minutes_down(spec.with_figure(MTBF, hours), crew)[0]) for hours in MTBFS
                  if MTBF in spec.figures)  # fmt: skip
    return Downs(found.system, found.system_ends, found.user, found.user_ends, curve, found.shares)


def single_units(spec: SiteSpec) -> tuple[str, ...]:
    """Kinds of unit of which one alone serves every call or every seat."""
    layout = spec.layout
    there = {
        "servers": layout.servers, "gateways": sum(spans > 0 for spans in layout.spans), "spans": sum(layout.spans),
        "boards": layout.boards if layout.phone == "board" else 0, "switches": layout.switches, "feeds": layout.feeds,
    }  # fmt: skip
    return tuple(kind for kind, count in there.items() if count == 1)


def fail_in_a_year(downs: Downs) -> dict[str, float]:
    """Kind of unit -> how often one of them fails, as their profiles say."""
    return {unit.kind: unit.count * _A_YEAR / (unit.mtbf + unit.away) for unit in downs.shares}


def cut_off(
    yearly: Mapping[str, float], downs: Downs, told: Iterable[Met], alone: Met | None, loaded: float
) -> float | None:
    """Calls that are cut off in a year: how often what fails `yearly`, times the share of calls that the scenario of it
    cuts off, times the calls that are `loaded` in the mean (erlang). Of two servers one is active as often as the
    other; `alone`: software stops, and its box goes on. None: no scenario told of any."""
    shares = {one.scenario: one.cut for one in told if one.applies and one.cut is not None}
    counts = {unit.kind: unit.count for unit in downs.shares}
    found = []
    for kind, often in yearly.items():
        cuts = [shares[name] for name in CUTS.get(kind, ())[: counts.get(kind, 0)] if name in shares]
        if kind == SOFTWARE and alone is not None and alone.cut is not None:
            cuts = [alone.cut]
        if cuts:
            found.append(often * sum(cuts) / len(cuts))
    return loaded * sum(found) if found else None


def mean_calls(demand: Demand) -> float:
    """Calls a second, over the hours of a week."""
    if not demand.days:
        return demand.number("arrivals.rate")
    hours = 7 * 24 * HOUR / SECOND
    return sum(len(day.weekdays) * sum(day.rates) * day.interval for day in demand.days) / hours
