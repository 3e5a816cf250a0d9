"""From a call log to a demand: one pass that counts, the laws that follow from the counts, and the file.

What is kept is bounded by the time that the log spans and by fixed tables, never by the number of its calls. Rates of
the file are those of fresh calls: where callers are known, the share of calls that are second tries is taken off, for
whoever uses the file lets them dial again.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import isnan

import msgspec
import numpy as np

from simtel.core.clock import SECOND
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem
from simtel.profiles.columns import OUTCOMES
from simtel.profiles.demand import WEEK, Demand, read_demand
from simtel.profiles.law import LONGEST, Law
from simtel.run.calllog.outcomes import ABANDONED, ANSWERED, BLOCKED, IVR, Calls
from simtel.run.calllog.reader import CallLog, Dropped
from simtel.sizing.fitting import arrivals, laws, survival
from simtel.sizing.fitting.arrivals import Arrivals, DayType
from simtel.sizing.fitting.laws import Fitted
from simtel.sizing.fitting.redials import Callers, Redials
from simtel.sizing.fitting.survival import Patience
from simtel.sizing.fitting.tally import Tally
from simtel.sizing.theory.quadrature import Floats

INTERVALS = 1_000_000  # that a log may span, 28 years of quarters of an hour


class Counts:
    """What one pass over a log counts."""

    def __init__(self, interval: int) -> None:
        self.interval = interval
        self.calls = 0
        self.first, self.last = np.inf, -np.inf
        self.outcomes = np.zeros(len(OUTCOMES), dtype=np.int64)
        self.arrivals: dict[int, int] = {}
        self.talk, self.wrap_up, self.ivr = Tally(), Tally(), Tally()
        self.gave_up, self.answered = Tally(), Tally()  # waits
        self.callers = Callers()

    def add(self, calls: Calls) -> None:
        """Count a block of calls."""
        if not len(calls.start):
            return
        self.calls += len(calls.start)
        self.first, self.last = min(self.first, calls.start.min()), max(self.last, calls.start.max())
        self.outcomes += np.bincount(calls.outcome, minlength=len(OUTCOMES))
        intervals, numbers = np.unique((calls.start // self.interval).astype(np.int64), return_counts=True)
        for interval, number in zip(intervals.tolist(), numbers.tolist(), strict=True):
            self.arrivals[interval] = self.arrivals.get(interval, 0) + number
        for tally, lengths in ((self.talk, calls.talk), (self.wrap_up, calls.wrap_up), (self.ivr, calls.ivr)):
            tally.add(lengths[~np.isnan(lengths)])
        self.gave_up.add(calls.wait[calls.outcome == ABANDONED])
        self.answered.add(calls.wait[calls.outcome == ANSWERED])
        served = (calls.outcome == ANSWERED) | (calls.outcome == IVR)
        spent = np.nan_to_num(calls.ivr) + np.nan_to_num(calls.wait) + np.nan_to_num(calls.talk)
        self.callers.add(calls.caller, calls.start, calls.start + spent, served)


class Fit(msgspec.Struct, frozen=True):
    """What a log comes to. `ivr`, `wrap_up` and `redials` are None where the log says nothing of them."""

    calls: int
    first: float  # seconds since 1970, on the clock of the log
    last: float
    outcomes: dict[str, int]
    arrivals: Arrivals
    talk: Fitted
    talk_seen: tuple[Floats, Floats]  # durations, and for each the share that is shorter
    wrap_up: Fitted | None
    ivr: Fitted | None
    leaves: float  # share of calls, of those not blocked, that the IVR served
    patience: Patience
    hazard: list[tuple[float, float]]
    redials: Redials | None
    delay: Fitted | None  # of those who dial again

    def busiest(self, upper: bool = False) -> tuple[DayType, int]:
        """The interval with the most calls, by means or upper ends: the type of day, and its number in the day."""

        def calls(one: DayType) -> Floats:
            return one.high if upper else one.mean

        type_ = max(self.arrivals.types, key=lambda one: float(calls(one).max()))
        return type_, int(calls(type_).argmax())

    @property
    def fresh(self) -> float:
        """Share of calls that are no second tries."""
        return 1.0 if self.redials is None or self.delay is None else 1.0 - self.redials.repeats

    @property
    def untold(self) -> bool:
        """Whether callers are known, and who would have called again anyway is not."""
        return self.redials is not None and self.redials.share is None


def count(log: CallLog, interval: int, progress: Callable[[int, int], None] | None = None) -> Counts:
    """One pass. `progress` hears of bytes read and of all."""
    counts = Counts(interval)
    for calls in log:
        counts.add(calls)
        if progress is not None:
            progress(log.read, log.size)
    if progress is not None:
        progress(log.size, log.size)
    return counts


def fit(counts: Counts, path: str, dropped: Sequence[Dropped] = ()) -> Fit:
    """The laws that the counts follow. BadInput: too little to say; it tells what was `dropped`."""
    if counts.talk.number < laws.FEWEST:
        message = Message("holds {count} answered calls that can be used; {least} are the fewest that give a law",
                          count=counts.talk.number, least=laws.FEWEST)  # fmt: skip
        raise BadInput([Problem(path, 0, 0, told) for told in (message, *map(_left_out, dropped))])
    if (counts.last - counts.first) / counts.interval > INTERVALS:
        message = Message("spans {first} to {last}, which no log of one centre does: are all instants in one format?",
                          first=day(counts.first), last=day(counts.last))  # fmt: skip
        raise BadInput([Problem(path, 0, 0, message)])
    source = f"fitted to {counts.calls} calls, {day(counts.first)} to {day(counts.last)}"
    redials = counts.callers.redials()
    delay = None if redials is None else _fit(redials.delay, source)
    entered = counts.calls - int(counts.outcomes[BLOCKED])
    return Fit(
        counts.calls, float(counts.first), float(counts.last),
        {name: int(number) for name, number in zip(OUTCOMES, counts.outcomes, strict=True) if number},
        arrivals.count(counts.arrivals, counts.interval, counts.first, counts.last),
        laws.fit(counts.talk, source), counts.talk.points(), _fit(counts.wrap_up, source), _fit(counts.ivr, source),
        float(counts.outcomes[IVR]) / entered if entered else 0.0,
        survival.patience(counts.gave_up, counts.answered, source),
        survival.hazard(counts.gave_up, counts.answered, 10.0, 600.0), redials, delay,
    )  # fmt: skip


def _left_out(one: Dropped) -> Message:
    return Message("{rows} dropped: {reason} (lines {lines})", rows=one.rows, reason=one.reason, lines=one.where)


def _fit(tally: Tally, source: str) -> Fitted | None:
    """A law, of enough durations that are not all zero."""
    return laws.fit(tally, source) if tally.number >= laws.FEWEST and tally.total > 0 else None


def demand_file(found: Fit, name: str, upper: bool = False) -> bytes:
    """The demand as a file that says of each figure what it rests on. Its rates are means, or with `upper` the upper
    ends of their 95 % intervals."""
    source = found.talk.law.source
    lines = [
        "simtel: demand/1",
        f"id: {name}",
        f'title: {{en: "Demand of the call log {name}", zh: "由话单 {name} 得出的需求"}}',
        "arrivals:",
        "  basis: measured",
        f'  source: "{source}; {_rates(found, upper)}"',
        "  days:",
        *(line for type_ in found.arrivals.types for line in _days(found, type_, upper)),
        "service:",
        f"  talk: {_law(found.talk.law)}",
    ]
    if found.wrap_up is not None:
        lines.append(f"  wrap_up: {_law(found.wrap_up.law)}")
    else:
        lines.append('  wrap_up: {law: deterministic, mean: 0s, low: 0s, high: 60s, basis: assumed, source: '
                     '"the log does not tell it: state it"}')  # fmt: skip
    if found.ivr is not None:
        leaves = f'{{value: {_number(100 * found.leaves)}%, basis: measured, source: "{source}"}}'
        lines += ["ivr:", f"  time: {_law(found.ivr.law)}", f"  leaves: {leaves}"]
    if found.patience.law is not None:
        lines.append(f"patience: {_law(found.patience.law)}")
    if found.redials is not None and found.redials.share is not None and found.delay is not None:
        share = f'{{value: {_number(100 * found.redials.share)}%, basis: measured, source: "{source}"}}'
        lines += ["retrials:", f"  share: {share}", f"  delay: {_law(found.delay.law)}"]
    return ("\n".join(lines) + "\n").encode()


def _rates(found: Fit, upper: bool) -> str:
    """What the rates are: what they leave out, which end they are, and how much more than Poisson calls days differ."""
    tries = ("among them, callers are not known" if found.redials is None
             else "among them, untold from calls that come anyway" if found.untold
             else f"taken off: {1 - found.fresh:.2%}")  # fmt: skip
    seen = found.arrivals
    scatter = "" if seen.dispersion is None else f"; variance over mean among days: {_number(seen.dispersion)}"
    return f"second tries {tries}; {'upper ends of 95 % intervals' if upper else 'means'}{scatter}"


def demand_of(found: Fit, name: str, upper: bool = False) -> Demand:
    """The demand as whoever reads the file gets it."""
    return read_demand(demand_file(found, name, upper), name)


def _days(found: Fit, type_: DayType, upper: bool) -> list[str]:
    """One type of day: its intervals from the first with a call to the last."""
    interval = found.arrivals.interval
    busy = np.flatnonzero(type_.mean)
    start, end = int(busy[0]), int(busy[-1]) + 1
    clock = f"{start * interval // 3600:02}:{start * interval // 60 % 60:02}"
    calls = (type_.high if upper else type_.mean)[start:end]
    rates = ", ".join(f"{_number(number * found.fresh * 3600 / interval)}/h" for number in calls)
    weekdays = ", ".join(WEEK[number] for number in type_.weekdays)
    return [f'    - {{name: {type_.name}, weekdays: [{weekdays}], start: "{clock}", interval: {interval // 60}min,',
            f"       rates: [{rates}]}}"]  # fmt: skip


def _law(law: Law) -> str:
    figures = f"mean: {_seconds(law.mean)}"
    if law.kind == "log-normal":
        figures += f", deviation: {_seconds(law.deviation)}"
    elif law.kind == "hyperexponential":
        phases = (f"{{share: {_number(share * 100)}%, mean: {_seconds(mean)}}}" for share, mean in law.phases)
        figures = f"phases: [{', '.join(phases)}]"
    elif law.kind == "empirical":
        figures = f"quantiles: [{', '.join(map(_seconds, law.quantiles))}]"
        if law.upto < 1:
            figures += f", upto: {_number(law.upto * 100)}%, tail: {_seconds(law.tail)}"
    return f'{{law: {law.kind}, {figures}, basis: measured, source: "{law.source}"}}'


def _seconds(value: float) -> str:
    """A duration as a file may hold it: a day at most."""
    return f"{_number(min(value, LONGEST / SECOND))}s"


def _number(value: float) -> str:
    """Six decimals at most, no exponent."""
    if isnan(value):
        raise ValueError("no number to write")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def day(seconds: float) -> str:
    """A day on the log's own clock."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
