"""slip-rate: how often frames slip because the two ends of an E1 do not keep one clock.

Counts: the controlled slips that each end of each span told, from the start until the load ended; the end with most of
them is judged. The 95 % interval of its rate (Poisson) is compared with `at_most`: wholly below it passes, wholly above
it fails. Five a day are proved by nineteen hours without a slip, and refuted by three slips within an hour.
Inconclusive: what was seen is too short for the limit. The class that G.822 gives to the rate is told beside it: (a)
five in 24 hours at most, (b) thirty in an hour at most, (c) more.
"""

from collections import Counter

from simtel.core.clock import HOUR, SECOND
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.verdict.census import end_of, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.statistics import placed, rate_interval
from simtel.verdict.verdict import Outcome, Verdict, count, need, number_of, numbers, sampled, say

ID = "slip-rate"
# G.822: (a) has a page that was read; (b) is from memory, no text that could be opened shows it.
CLASS_A = 5 / (24 * HOUR / SECOND)
CLASS_B = 30 / (HOUR / SECOND)


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Slips per second at the worst end against `at_most`."""
    limit = need(expect, "at_most")
    ended = log.of(Kind.LOAD_ENDED)
    end = ended[-1].t if ended else end_of(log)
    seconds = end / SECOND
    if not seconds:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("Nothing was watched"), limit=limit)
    told = [event for event in log.of(Kind.SPAN_SLIP) if event.t <= end]
    slips: Counter[tuple[str, str]] = Counter()
    for event in told:
        slips[event.subject, event.observer] += whole(event, "slips") or 0
    worst, number = max(slips.items(), key=lambda item: (item[1], item[0]), default=(("", ""), 0))
    low, high = rate_interval(number, seconds)
    outcome = placed(low, high, float(number_of(limit)))
    rate = number / seconds
    length = show(end, Unit.TIME)
    bounds = {"low": show(low, Unit.RATE), "high": show(high, Unit.RATE)}
    if not number:
        reason = say("No frame slipped in {length}; at most {high} in the long run", length=length, high=bounds["high"])
    else:
        reason = say(
            "Slips at {end} of {span} in {length}: {slips}, class {name} of G.822; between {low} and {high} in the "
            "long run",
            slips=number,
            length=length,
            span=worst[0],
            end=worst[1],
            name="a" if rate <= CLASS_A else "b" if rate <= CLASS_B else "c",
            **bounds,
        )
    measured = sampled(rate, low, high, Unit.RATE)
    rests = numbers(event for event in told if (event.subject, event.observer) == worst)
    return Verdict(ID, outcome, reason, measured, limit, rests, {"slips": count(number)})


CRITERION = Criterion(
    ID,
    say("Frames that slip between two clocks"),
    frozenset({Kind.SPAN_SLIP, Kind.LOAD_ENDED}),
    {"at_most": LimitSpec(Unit.RATE)},
    judge,
)
