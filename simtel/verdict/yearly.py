"""What some years say of a year in the long run, against a limit."""

from collections.abc import Sequence

from simtel.core.clock import SECOND, show_duration
from simtel.core.events import Event
from simtel.core.log import Limit
from simtel.core.quantity import Unit, Value
from simtel.core.units import show
from simtel.verdict.outages import Outages
from simtel.verdict.rare import weighted_sum
from simtel.verdict.verdict import Measured, Outcome, Verdict, count, number_of, numbers, say, time


def yearly(
    id_: str,
    limit: Limit,
    found: Outages,
    weights: Sequence[float],
    events: Sequence[Event],
    beside: dict[str, Measured],
) -> Verdict:
    """`weights` (ns) of the incidents that were seen, judged by the interval of their sum in a year."""
    if not found.faults or found.years <= 0:
        reason = say("No unit failed in the time that was seen: it says nothing about outages")
        return Verdict(id_, Outcome.INCONCLUSIVE, reason, limit=limit)
    low, high = weighted_sum(weights, max([*weights, found.longest_fault]))
    low, high, middle = low / found.years, high / found.years, sum(weights) / found.years
    most = number_of(limit)
    outcome = Outcome.PASS if high <= most else Outcome.FAIL if low > most else Outcome.INCONCLUSIVE
    args: dict[str, Value] = {
        "n": len(weights),
        "years": show(round(found.years), Unit.COUNT),
        "faults": found.faults,
        "low": show_duration(_rounded(low)),
        "high": show_duration(_rounded(high)),
    }
    if outcome is Outcome.INCONCLUSIVE:
        reason = say(
            "outages longer than 30 s: {n}; years seen: {years}; faults: {faults}. A year brings between {low} and "
            "{high} in the long run, and the limit lies between: too few years to say",
            **args,
        )
    else:
        reason = say(
            "outages longer than 30 s: {n}; years seen: {years}; faults: {faults}. A year brings between {low} and "
            "{high} in the long run",
            **args,
        )
    figures = {
        "low": time(low), "high": time(high), "outages": count(len(weights)), "faults": count(found.faults), **beside
    }  # fmt: skip
    measured = time(middle, max(high - middle, middle - low))
    return Verdict(id_, outcome, reason, measured, limit, numbers(events), figures)


def _rounded(value: float) -> int:
    """Whole seconds: the survey is no more exact."""
    return round(value / SECOND) * SECOND
