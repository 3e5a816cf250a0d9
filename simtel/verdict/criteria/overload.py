"""overload: when attempts rise beyond what the site is rated for, it goes on completing calls at its rated pace.

A throughput, not a share of the attempts: handled-attempts judges that.

Counts: calls to which an agent spoke for the first time within a phase (completed), and attempts that were offered in
it. The overloaded phase is from `overloaded_from` to `overloaded_until` (default: the end of the load). The rated pace
is what was completed per second from `rated_from` (default: the start) to `overloaded_from` of the same log, or the
stated `rated`. Callers who dial for the first time must be `load_beyond` more per second than in the rated phase, and
attempts with their redials `attempts_beyond` more (against a stated pace: than that), or the phase was no overload.
Completed calls are a sample: the 95 % interval of their ratio to the rated pace is compared with `at_least`. Wholly
above it passes, wholly below it fails. An attempt that is refused at once for want of processing (cause attempts) is an
early rejection; one that ends without any answer was taken in and lost: many of them are a collapse, and are named.
Inconclusive: too few calls, no overload, nothing completed at rated load, or more than RATED_LOSS of the attempts of
the rated phase refused or failed: a pace that the site could not keep is no rated one. Nor is one that the site more
than doubles (RATED_MOST) under overload: it could fall to half of what it can do and still pass.
Reference: that 20 % more load brings half as many attempts again is a Chinese acceptance figure (hardware-facts 4);
which part of the rated pace must remain is the project's own.
"""

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Unit, Value
from simtel.core.units import show
from simtel.sizing.shares import wilson
from simtel.verdict.census import Call, calls, end_of, whole
from simtel.verdict.criteria.handled_attempts import refused_early, without_answer
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.statistics import placed, rate_interval, rate_ratio
from simtel.verdict.verdict import (
    Measured,
    Outcome,
    Text,
    Verdict,
    count,
    limit_of,
    need,
    number_of,
    numbers,
    sampled,
    say,
)

ID = "overload"
RATED_LOSS = 0.05  # our own figure
RATED_MOST = 2.0  # the same
_SOURCE = "20 % more load brings half as many attempts again (Chinese acceptance figure)"
_BEYOND = Limit("attempts_beyond", 0.5, Unit.SHARE, "standard", _SOURCE)
_MORE = Limit("load_beyond", 0.2, Unit.SHARE, "standard", _SOURCE)
_START = Limit("rated_from", 0, Unit.TIME, "assumed", "from the start")


class _Phase:
    """What was offered and completed from `begin` to `end`."""

    def __init__(self, found: list[Call], begin: int, end: int) -> None:
        self.seconds = max(0, end - begin) / SECOND
        self.offered = [call for call in found if call.attempted and begin <= call.offered[0].t < end]
        self.fresh = sum((whole(call.offered[0], "attempt") or 1) == 1 for call in self.offered)
        self.completed = [call for call in found if call.talks and begin <= call.talks[0].begun.t < end]

    def rate(self, number: int) -> float:
        """So many in this phase, per second."""
        return number / self.seconds if self.seconds else 0.0


def _rate(value: float) -> Measured:
    return Measured(value, Unit.RATE)


def _no_overload(rated: _Phase, pace: float | None, over: _Phase, more: float, beyond: float) -> Text | None:
    """Why the phase cannot be judged as an overload; None when it can."""
    if not over.seconds or not over.offered:
        return say("No call was offered in the overloaded phase")
    load = rated.rate(rated.fresh) if pace is None else pace
    attempts = rated.rate(len(rated.offered)) if pace is None else pace
    if pace is None:
        if not rated.completed:
            return say("No call was completed at rated load")
        lost = sum(call.disposition in ("refused", "failed") for call in rated.offered)
        if wilson(lost, max(1, len(rated.offered)))[0] > RATED_LOSS:
            return say(
                "{lost} of {offered} attempts at rated load were refused or failed: that was an overload already",
                lost=lost,
                offered=len(rated.offered),
            )
    for what, now, before, wanted in (
        ("load", over.rate(over.fresh), load, more),
        ("attempts", over.rate(len(over.offered)), attempts, beyond),
    ):
        if now < before * (1 + wanted):
            args: dict[str, Value] = {"now": show(now, Unit.RATE), "before": show(before, Unit.RATE)}
            args["wanted"] = show(wanted, Unit.SHARE)
            if what == "load":
                return say("Callers came at {now}, not {wanted} more than the {before} at rated load", **args)
            return say("Attempts were {now}, not {wanted} more than the {before} at rated load", **args)
    return None


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Completed calls per second under overload, as a share of the rated pace, against `at_least`."""
    limit, begin = need(expect, "at_least"), round(number_of(need(expect, "overloaded_from")))
    ended = log.of(Kind.LOAD_ENDED)
    until, stated = limit_of(expect, "overloaded_until"), limit_of(expect, "rated")
    end = round(number_of(until)) if until is not None else ended[-1].t if ended else end_of(log)
    found = list(calls(log).values())
    rated = _Phase(found, round(number_of(need(expect, "rated_from"))), begin)
    over = _Phase(found, begin, end)
    pace = float(number_of(stated)) if stated is not None else None
    early = [call for call in over.offered if refused_early(call)]
    late = [call for call in over.offered if without_answer(call)]
    figures = {
        "rated": _rate(rated.rate(len(rated.completed)) if pace is None else pace),
        "completed": _rate(over.rate(len(over.completed))),
        "attempts": _rate(over.rate(len(over.offered))),
        "refused-early": count(len(early)),
        "without-answer": count(len(late)),
    }
    why = _no_overload(
        rated, pace, over, float(number_of(need(expect, "load_beyond"))),
        float(number_of(need(expect, "attempts_beyond"))),
    )  # fmt: skip
    if why is not None:
        return Verdict(ID, Outcome.INCONCLUSIVE, why, limit=limit, figures=figures)
    done = len(over.completed)
    if pace is None:
        middle = over.rate(done) / rated.rate(len(rated.completed))
        low, high = rate_ratio(done, over.seconds, len(rated.completed), rated.seconds)
        if low > RATED_MOST:
            why = say(
                "Under overload {kept} as many calls were completed as at rated load (at least {low}): it was no rated "
                "load, for most agents were idle",
                kept=show(middle, Unit.SHARE),
                low=show(low, Unit.SHARE),
            )
            return Verdict(ID, Outcome.INCONCLUSIVE, why, limit=limit, figures=figures)
    else:
        middle = over.rate(done) / pace
        low, high = (bound / pace for bound in rate_interval(done, over.seconds))
    outcome = placed(low, high, float(number_of(limit)), at_most=False)
    args: dict[str, Value] = {
        "kept": show(middle, Unit.SHARE), "low": show(low, Unit.SHARE), "high": show(high, Unit.SHARE),
        "attempts": show(over.rate(len(over.offered)), Unit.RATE),
        "rated": show(float(figures["rated"].value), Unit.RATE), "early": len(early), "late": len(late),
    }  # fmt: skip
    if outcome is Outcome.FAIL and len(late) > len(early):
        reason = say(
            "Collapse: at {attempts} attempts {kept} (between {low} and {high}) of the rated {rated} were completed; "
            "{late} attempts were taken in and got no answer, {early} were refused at once",
            **args,
        )
    elif outcome is Outcome.INCONCLUSIVE:
        reason = say(
            "At {attempts} attempts {kept} of the rated {rated} were completed; the limit lies between {low} and "
            "{high}, too few calls to say ({early} refused at once, {late} without an answer)",
            **args,
        )
    else:
        reason = say(
            "At {attempts} attempts {kept} (between {low} and {high}) of the rated {rated} were completed; "
            "{early} attempts were refused at once, {late} got no answer",
            **args,
        )
    shown = numbers((call.end for call in late), (call.refused for call in early))
    return Verdict(ID, outcome, reason, sampled(middle, low, high, Unit.SHARE), limit, shown, figures)


CRITERION = Criterion(
    ID,
    say("Pace of completed calls under overload"),
    frozenset({Kind.CALL_OFFERED, Kind.SEAT_TALKING, Kind.CALL_REFUSED, Kind.CALL_ENDED}),
    {
        "at_least": LimitSpec(Unit.SHARE),
        "overloaded_from": LimitSpec(Unit.TIME),
        "overloaded_until": LimitSpec(Unit.TIME, required=False),
        "rated_from": LimitSpec(Unit.TIME, required=False, default=_START),
        "rated": LimitSpec(Unit.RATE, required=False),
        "load_beyond": LimitSpec(Unit.SHARE, required=False, default=_MORE),
        "attempts_beyond": LimitSpec(Unit.SHARE, required=False, default=_BEYOND),
    },
    judge,
)
