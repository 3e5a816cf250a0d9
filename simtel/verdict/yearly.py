"""What some years say of a year in the long run, against a limit."""

from collections.abc import Callable, Sequence

from simtel.core.events import Event
from simtel.core.log import Limit
from simtel.core.quantity import Unit, Value
from simtel.core.units import show, show_rough
from simtel.verdict.outages import Outages
from simtel.verdict.rare import weighted_sum
from simtel.verdict.verdict import Measured, Outcome, Text, Verdict, count, number_of, numbers, sampled, say


def yearly(
    id_: str,
    limit: Limit,
    found: Outages,
    weights: Sequence[float],
    events: Sequence[Event],
    beside: dict[str, Measured],
    reason_of: Callable[[dict[str, Value], bool], Text],
) -> Verdict:
    """`weights` (ns) of the incidents that were seen, judged by the interval of their sum in a year; `reason_of` puts
    into words what was seen and whether it decides."""
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
        "low": show_rough(low, most),
        "high": show_rough(high, most),
    }
    figures = {"outages": count(len(weights)), "faults": count(found.faults), **beside}
    measured = sampled(middle, low, high, Unit.TIME)
    return Verdict(
        id_, outcome, reason_of(args, outcome is not Outcome.INCONCLUSIVE), measured, limit, numbers(events), figures
    )
