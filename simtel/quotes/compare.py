"""Options laid side by side: each in its readings and sizes tried out, priced, ranked, and what would turn that.

Everything is data here: figures with their intervals, names and `Message`s; how it is told is for the report.

    sizes       the smallest one is what is priced and ranked. The demand is meant for it, unless it says for how many
                seats it is; a site of so many times as many has so many times its calls
    readings    the first of each option is ranked. Those that make the same site are tried out once; combinations that
                were not asked for are counted (`Option.left`)
    failover    every failover scenario that no chance decides, in every reading at the smallest size, and in the first
                one at every size; what shows requirements in the first one at the smallest size, and what speaks of all
                seats at the largest too
    outages     by the availability chain and, beside it, by a simulated year; by the buyer's log where there is one.
                Without a log the minutes rest on an MTBF that nobody knows: `downs.curve` has them over it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, nowhere
from simtel.core.quantity import Basis
from simtel.profiles.demand import Demand
from simtel.profiles.resolve import BEARERS, resolve
from simtel.profiles.spec import SiteSpec
from simtel.quotes.asked import KNOWN, LARGEST, shown
from simtel.quotes.buyer import Buyer
from simtel.quotes.costs import LOSSES, Cost, InUse, Step, channels_short, growth, per_avoided_hour, total
from simtel.quotes.jury import LOG, Contender, Jury, settings_of
from simtel.quotes.lost import Out, lost_calls
from simtel.quotes.options import CORE, Option, Reading, counts
from simtel.quotes.outage_log import Outage, unknown_causes
from simtel.quotes.outages import Fitted, Replayed, fit, replay, yearly
from simtel.quotes.ranged import Ranged
from simtel.quotes.ranking import Place, best_of, rank, score
from simtel.quotes.remedies import remedies
from simtel.quotes.trial import Downs, Lived, Met, Service, cut_off, fail_in_a_year, mean_calls, single_units
from simtel.quotes.turning import Bar, Chance, bar_of, chances, draws, tornado
from simtel.quotes.work import Done, Progress, Task, Work, each
from simtel.run.choose import scenarios_of
from simtel.scenario.spec import Scenario
from simtel.sizing.site_downtime import Crew
from simtel.verdict.outcome import Outcome

DRAWS = 400
CHUNK = 50  # draws in one piece of work
TODAY = "today"
FAILOVER = ("failover",)  # scenarios: all of that folder


@dataclass(frozen=True, slots=True)
class Sized:
    """A reading in one size. `met`: the failover scenarios, empty where they were not tried; `shown`: what shows
    requirements, with each value of what nobody knows. `cut`: calls cut off in a year, by failures as often as in the
    buyer's log, or as the profiles have them; None where no scenario told.
    `single`: kinds of unit, and other parts, of which there is one alone or none. `short`: core channels that lack if
    every port counts."""

    seats: int
    spec: SiteSpec
    service: Service
    downs: Downs
    met: tuple[Met, ...]
    single: tuple[str, ...]
    cut: float | None
    shown: tuple[Met, ...] = ()
    short: int = 0

    @property
    def tried(self) -> tuple[Met, ...]:
        """What shows requirements, and the failover scenarios that show none."""
        told = {one.scenario for one in self.shown}
        return (*self.shown, *(one for one in self.met if one.scenario not in told))


@dataclass(frozen=True, slots=True)
class Tried:
    """A reading that makes a site, in the `sizes` that it can have. The rest is of the smallest: `lived`, a simulated
    year; `alone`, a crash of the active call server and of nothing else in its box; `replayed`, the buyer's log, if
    there is one; `costs` over the years, and the `ends` of each with all rates at theirs; `outage` in minutes a year,
    and `weighed` by the share of calls that is lost in them; `paid` without what outages cost; `growth` from there to
    the largest; `channels` that lack if every port counts, and what they cost at list (None: no price is stated);
    `avoided`: money for a weighed hour of outage less than today's; `figures` of the criteria, and the `score`;
    `used`: what the costs are reckoned from; `unreached`: sizes asked for that it cannot have; growth is worth nothing
    then."""

    reading: Reading
    sizes: tuple[Sized, ...]
    lived: Lived | None
    alone: Met | None
    replayed: Replayed | None
    costs: tuple[Cost, ...]
    ends: Mapping[str, tuple[float, float]]
    outage: float
    weighed: float
    paid: float
    growth: tuple[Step, ...]
    channels: int
    channels_cost: float | None
    avoided: float | None
    figures: Mapping[str, float]
    score: float
    used: InUse
    unreached: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One option; the first of its readings is the one that it is ranked by. `lacking`: readings that make no site."""

    option: Option
    readings: tuple[Tried, ...]
    lacking: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """One option meant in another reading: who is first then."""

    option: int
    reading: str
    best: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it. `units`: of `figures`, by name; `unknown`: words of the log for a cause that says nothing -> the lines
    that they stand in; `varied`: scenarios were tried with every value of what is assumed or
    unknown, and not with the value in use alone; `kept`: their evidence lies in a folder;
    `dropped`: rows of the log."""

    options: tuple[Compared, ...]
    seats: tuple[int, ...]
    demand: Demand
    buyer: Buyer
    years: int
    fitted: Fitted | None
    places: tuple[Place, ...]
    figures: Mapping[str, Ranged]
    units: Mapping[str, str]
    bars: tuple[Bar, ...]
    chances: tuple[Chance, ...]
    swaps: tuple[Swap, ...]
    unknown: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    varied: bool = False
    kept: bool = False
    dropped: Sequence[Problem] = ()


def compare(
    options: Sequence[Option], demand: Demand, buyer: Buyer, seats: Sequence[int], log: Sequence[Outage] = (),
    seed: int = 1, jobs: int | None = None, progress: Progress | None = None, scenarios: Sequence[str] = FAILOVER,
    *, own: Sequence[Scenario] = (), vary: bool = False, out: Path | None = None, dropped: Sequence[Problem] = (),
) -> Comparison:  # fmt: skip
    """The comparison; of scenarios that show requirements those that are asked for, or all beside the whole failover
    suite. `own`: the buyer's, which show what he says; `vary`: scenarios with every value of what is assumed or
    unknown; `out`: the folder to keep their evidence in; `dropped`: rows of the log, which are told. BadInput: an
    option in
    another currency than the buyer's figures, or whose first reading makes no site of the smallest size, or two quotes
    of one name. CannotWriteError."""
    sizes = tuple(sorted(set(seats)))
    laid = [[_sites(reading, sizes) for reading in option.readings] for option in options]
    _fit(options, laid, buyer, sizes[0])
    showing = _showing(scenarios, own)
    work = Work(demand, crew_of(buyer), meant_for(demand, sizes), seed, scenarios, showing=showing, vary=vary, out=out)
    for option, readings in zip(options, laid, strict=True):
        for number, (reading, specs) in enumerate(zip(option.readings, readings, strict=True)):
            for size, spec in specs.items():
                small = size == sizes[0]
                shows = [one.id for one in showing if small or (size == sizes[-1] and _of_all_seats(one))]
                work.ask(spec, met=number == 0 or small, lived=small, shows=() if number else shows,
                         folder=f"{option.id}/{reading.name}")  # fmt: skip
    bench = _Bench(options, buyer, demand, log, sizes, work, showing, work.done(jobs, progress))
    contenders = [
        [bench.contender(option, reading, specs) for reading, specs in zip(option.readings, there, strict=True)]
        for option, there in zip(options, laid, strict=True)
    ]
    jury = Jury([first for first, *_ in contenders if first is not None], buyer.scales, buyer.years)
    today = next((first for option, (first, *_) in zip(options, contenders, strict=True) if option.id == TODAY), None)
    compared = tuple(
        Compared(
            option,
            tuple(bench.tried(option, reading, specs, one, jury, today)
                  for reading, specs, one in zip(option.readings, there, ones, strict=True) if one is not None),
            tuple(reading for reading, one in zip(option.readings, ones, strict=True) if one is None),
        ) for option, there, ones in zip(options, laid, contenders, strict=True)
    )  # fmt: skip
    bars, likely = _turned(jury, bench.figures, seed, jobs, progress)
    return Comparison(
        compared, sizes, demand, buyer, buyer.years, fit(log), rank([one.readings[0].figures for one in compared],
        buyer.scales), bench.figures, bench.units, bars, likely, _swaps(compared), unknown_causes(log),
        vary, out is not None, dropped,
    )  # fmt: skip


def _showing(scenarios: Sequence[str], own: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """What shows requirements: of the shipped ones those that are asked for, or all, and the buyer's own."""
    ids = shown()
    found = scenarios_of(ids if tuple(scenarios) == FAILOVER else scenarios)
    return (*(one for one in found if one.id in ids), *own)


def _of_all_seats(scenario: Scenario) -> bool:
    """Whether it shows what a requirement says of all seats that are asked for; the buyer's own may."""
    return scenario.id in shown(LARGEST) or (scenario.id not in KNOWN and bool({*LARGEST} & {*scenario.requirement}))


def _sites(reading: Reading, sizes: Sequence[int]) -> dict[int, SiteSpec]:
    """Size -> the site; those sizes that it can have."""
    found: dict[int, SiteSpec] = {}
    for size in sizes:
        try:
            if reading.site is not None:
                found[size] = resolve(reading.site, size, "grown")
        except BadInput:  # more seats than it can have
            continue
    return found


def _fit(options: Sequence[Option], laid: Sequence[Sequence[Mapping[int, SiteSpec]]], buyer: Buyer, size: int) -> None:
    named = {option.id: option for option in reversed(options)}
    problems = [Message("two quotes are called {option}, and they differ", option=option.id)
                for option in options if named[option.id] != option]  # fmt: skip
    for option, (first, *_) in zip(options, laid, strict=True):
        if option.currency != buyer.currency:
            problems.append(Message("{option} is in {found}, and the buyer's figures in {wanted}", option=option.id,
                                    found=option.currency, wanted=buyer.currency))  # fmt: skip
        if size not in first:
            why = option.readings[0].why or Message("it cannot have {seats} seats", seats=size)
            problems.append(Message("{option} makes no site: {why}", option=option.id, why=why))
    if problems:
        raise BadInput([nowhere(problem) for problem in problems])


class _Bench:
    """What is known of every figure, gathered while contenders are made."""

    def __init__(
        self,
        options: Sequence[Option],
        buyer: Buyer,
        demand: Demand,
        log: Sequence[Outage],
        sizes: Sequence[int],
        work: Work,
        showing: Sequence[Scenario],
        done: Mapping[str, Done],
    ) -> None:
        self._buyer = buyer
        self._demand = demand
        self._log = log
        self._seats, self._sizes = sizes[0], sizes
        self._judged, self._key = work.judged, work.key
        self._showing = showing
        self._done = done
        self._crew = crew_of(buyer)
        self._of: dict[tuple[str, Ranged], set[str]] = {}
        for option in options:
            for kind, one in [pair for reading in option.readings for pair in _money(option, reading).items()]:
                self._of.setdefault((kind, one), set()).add(option.id)
        self._lost: dict[str, dict[Out, float]] = {}
        self.figures: dict[str, Ranged] = dict(buyer.figures)
        self.units: dict[str, str] = buyer.units
        now = replay(log, {})
        if now is not None:
            middle = now.minutes.value  # none: outages that are all too short to count
            low, high = (end / middle if middle else 1.0 for end in (now.minutes.low, now.minutes.high))
            self._add(LOG, Ranged(1.0, low, high, Basis.MEASURED, interval=True), "")

    def _add(self, name: str, one: Ranged, unit: str, beside: str = "") -> str:
        """Have a figure known; where another of that name is known already, by a name of its own."""
        if self.figures.get(name, one) != one:
            name = f"{name} ({beside})"
        self.figures[name], self.units[name] = one, unit
        return name

    def _known(self, option: Option, reading: Reading) -> dict[str, str]:
        """What an option comes to -> the name that the figure goes by: options in which it is the same share it."""
        return {
            kind: self._add(f"{', '.join(sorted(self._of[kind, one]))}: {kind}", one,
                            "years" if kind == "warranty" else option.currency, f"{option.id}: {reading.name}")
            for kind, one in _money(option, reading).items()
        }  # fmt: skip

    def contender(self, option: Option, reading: Reading, specs: Mapping[int, SiteSpec]) -> Contender | None:
        """A reading in the smallest size; None where it makes no site of that."""
        if self._seats not in specs:
            return None
        spec = specs[self._seats]
        done, lines = self._done[self._key(spec)], spec.layout.loops and spec.count("loops.ports.lines")
        replayed = self._replayed(spec)
        settings = {
            path: self._add(name, one, unit, f"{option.id}: {reading.name}")
            for path, (name, one, unit) in settings_of(spec).items() if replayed is None
        }  # fmt: skip
        money = self._known(option, reading)
        used = InUse(
            reading.offer.value, reading.listed.value, reading.owned.value, 0.0, 0.0, sum(spec.layout.spans),
            spec.layout.loops * lines, 0.0, 0.0,
        )  # fmt: skip
        applying = [one for name, one in done.met.items() if one.applies and name in self._judged]
        still = {
            "failover": sum(one.outcome is Outcome.PASS for one in applying) / max(1, len(applying)),
            "service": done.service.measures["service_level"].value,
            "blocking": done.service.measures["blocking"].value,
            "single": float(len(_single(spec, reading))),
            "growth": inf if self._unreached(specs) else sum(step.offered for step in _growth(option, reading, specs)),
        }
        return Contender(
            self._key(spec), spec, settings, used, money["offer"], money.get("warranty", "warranty"),
            None if replayed is None else (replayed.minutes.value, replayed.weighed),
            None if replayed is None or replayed.lost is None else replayed.lost.value,
            3600 * mean_calls(self._demand), self._lost_with(spec), still, money["owned"], money["needed"],
            money["listed"],
        )  # fmt: skip

    def _unreached(self, specs: Mapping[int, SiteSpec]) -> tuple[int, ...]:
        return tuple(size for size in self._sizes if size not in specs)

    def _lost_with(self, spec: SiteSpec) -> dict[Out, float]:
        """Share of calls lost, by what is out; sites that are built alike lose alike."""
        key = self._key(spec)
        if key not in self._lost:
            self._lost[key] = lost_calls(spec, self._demand)
        return self._lost[key]

    def _replayed(self, spec: SiteSpec) -> Replayed | None:
        return replay(self._log, remedies(spec, self._crew, self._lost_with(spec)))

    def tried(
        self, option: Option, reading: Reading, specs: Mapping[int, SiteSpec], one: Contender, jury: Jury,
        today: Contender | None,
    ) -> Tried:  # fmt: skip
        """All that is told about a reading."""
        values = {name: figure.value for name, figure in self.figures.items()}
        done, years = self._done[one.site], self._buyer.years
        costs, (outage, weighed) = jury.costs(one, values), jury.outage(one, values)
        paid, avoided = total(costs, LOSSES), None
        if today is not None:
            before = total(jury.costs(today, values), LOSSES), jury.outage(today, values)[1]
            avoided = per_avoided_hour(paid, weighed / 60, before[0], before[1] / 60, years)
        short = _short(one.spec)
        price = option.prices.get(CORE)
        figures = jury.criteria(one, values)
        return Tried(
            reading, tuple(self._sized(reading, spec, reading is option.readings[0]) for spec in specs.values()),
            done.lived, done.alone,
            self._replayed(one.spec), costs, jury.ends(one, self.figures), outage, weighed, paid,
            _growth(option, reading, specs), short, None if price is None else price.value * short, avoided, figures,
            score(figures, self._buyer.scales), jury.used(one, values), self._unreached(specs),
        )  # fmt: skip

    def _sized(self, reading: Reading, spec: SiteSpec, first: bool) -> Sized:
        done = self._done[self._key(spec)]
        small = spec.seats == self._seats
        met = tuple(one for name, one in done.met.items() if name in self._judged and (first or small))
        proof = tuple(done.shown[one.id] for one in self._showing
                      if first and one.id in done.shown and (small or _of_all_seats(one)))  # fmt: skip
        peak = self._demand.number("arrivals.rate")
        loaded = done.service.loaded * (mean_calls(self._demand) / peak if peak else 0.0)
        return Sized(
            spec.seats,
            spec,
            done.service,
            done.downs,
            met,
            _single(spec, reading),
            cut_off(yearly(self._log) or fail_in_a_year(done.downs), done.downs, done.met.values(), done.alone, loaded),
            proof,
            _short(spec),
        )


def meant_for(demand: Demand, sizes: Sequence[int]) -> int:
    """The seats that a demand is meant for: what it says, else the smallest size."""
    return int(demand.number("seats")) if "seats" in demand else min(sizes)


def crew_of(buyer: Buyer) -> Crew:
    """Who repairs, by the buyer's figures."""
    return Crew(buyer.figures["travel"].value, buyer.figures["notice"].value)


def _single(spec: SiteSpec, reading: Reading) -> tuple[str, ...]:
    """Kinds of unit, and other parts, of which there is one alone or none."""
    return (*single_units(spec), *(() if reading.site is None else reading.site.others), *reading.missing)


def _short(spec: SiteSpec) -> int:
    """Core channels that lack if every port counts."""
    lines = spec.layout.loops and spec.layout.loops * spec.count("loops.ports.lines")
    return channels_short(BEARERS * sum(spec.layout.spans) + lines, spec.seats, spec.licences["core-channel"])


def _money(option: Option, reading: Reading) -> dict[str, Ranged]:
    """What an option in a reading comes to, as far as it may be off."""
    found = {"offer": reading.offer, "owned": reading.owned, "needed": reading.needed,
             "listed": reading.listed}  # fmt: skip
    return found if option.warranty is None else found | {"warranty": option.warranty}


def _growth(option: Option, reading: Reading, specs: Mapping[int, SiteSpec]) -> tuple[Step, ...]:
    """Parts for each size from the one before, by the site's own rules of growth."""
    listed = reading.listed.value
    paid = reading.offer.value / listed if listed else 1.0
    prices = {part: price.value for part, price in option.prices.items()}
    return growth({size: counts(spec) for size, spec in specs.items()}, prices, paid)


def _turned(
    jury: Jury, figures: Mapping[str, Ranged], seed: int, jobs: int | None, progress: Progress | None
) -> tuple[tuple[Bar, ...], tuple[Chance, ...]]:
    """What each figure does to the ranking, and all of them together."""
    drawn = draws(figures, DRAWS, seed)
    names = [name for name, one in figures.items() if one.law != "fixed"]
    chunks = [drawn[start : start + CHUNK] for start in range(0, DRAWS, CHUNK)]
    tasks: list[Task] = [(bar_of, (jury, figures, name)) for name in names]
    made = each([*tasks, *((_scores, (jury, chunk)) for chunk in chunks)], [*names, *["draws"] * len(chunks)], jobs,
                progress)  # fmt: skip
    return tornado(made[: len(names)]), chances([one for chunk in made[len(names) :] for one in chunk])


def _scores(jury: Jury, chunk: Sequence[Mapping[str, float]]) -> list[list[float]]:
    return [jury(one) for one in chunk]


def _swaps(compared: Sequence[Compared]) -> tuple[Swap, ...]:
    """Each option in each of its other readings, the others as they are."""
    scores = [one.readings[0].score for one in compared]
    return tuple(
        Swap(number, other.reading.name, best_of([*scores[:number], other.score, *scores[number + 1 :]]))
        for number, one in enumerate(compared) for other in one.readings[1:]
    )  # fmt: skip
