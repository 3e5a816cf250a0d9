"""handled-attempts: the share of call attempts that the centre took in and answered in some way, under overload too.

Counts: attempts (redials too) that were offered from `since` (default: the start) to `until` (default: the end of the
load). One is not handled when a server refused it for want of processing (cause attempts), when no server answered it,
or when it failed. No free circuit, no free seat and a caller out of patience are no loss of processing: blocking and
agent-capacity are about them. How many attempts reached an agent is told beside it. The share is a sample: its 95 %
interval (Wilson) is compared with `at_least`. Inconclusive: no attempt, too few, or none that reached an agent.
Reference: GB 50339-2013 asks that 99 % of local calls be completed, 95 % at 20 % overload (hardware-facts 4: the order
of its figures is reconstructed); inadequately handled attempts in ITU-T Q.543.
"""

from simtel.core.causes import SILENCE, Lack, lacked
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Unit, Value
from simtel.core.units import show
from simtel.sizing.shares import wilson
from simtel.verdict.census import Call, calls, end_of
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.statistics import placed
from simtel.verdict.verdict import (
    Outcome,
    Verdict,
    count,
    limit_of,
    need,
    number_of,
    numbers,
    sampled,
    say,
    share,
)

ID = "handled-attempts"
_START = Limit("since", 0, Unit.TIME, "assumed", "from the start")


def refused_early(call: Call) -> bool:
    """Whether a server or a gateway refused the attempt at once for want of processing."""
    return lacked(call.trouble, Lack.PACE)


def without_answer(call: Call) -> bool:
    """Whether the attempt was taken in and lost, or no server answered it."""
    return call.disposition == "failed" or call.trouble in SILENCE


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of attempts handled against `at_least`."""
    limit, since, until = need(expect, "at_least"), need(expect, "since"), limit_of(expect, "until")
    ended = log.of(Kind.LOAD_ENDED)
    end = number_of(until) if until is not None else ended[-1].t if ended else end_of(log)
    offered = [c for c in calls(log).values() if c.attempted and number_of(since) <= c.offered[0].t < end]
    if not offered:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("No call was offered in this time"), limit=limit)
    early, late = ([call for call in offered if lost(call)] for lost in (refused_early, without_answer))
    handled, reached = len(offered) - len(early) - len(late), sum(bool(call.talks) for call in offered)
    low, high = wilson(handled, len(offered))
    outcome = placed(low, high, float(number_of(limit)), at_most=False)
    args: dict[str, Value] = {
        "handled": handled, "offered": len(offered), "low": show(low, Unit.SHARE), "high": show(high, Unit.SHARE),
        "early": len(early), "late": len(late), "reached": show(reached / len(offered), Unit.SHARE),
    }  # fmt: skip
    if outcome is Outcome.PASS and not reached:
        outcome = Outcome.INCONCLUSIVE
        reason = say("None of {offered} attempts reached an agent", offered=len(offered))
    elif outcome is Outcome.INCONCLUSIVE:
        reason = say(
            "{handled} of {offered} attempts were handled ({early} refused for want of processing, {late} without an "
            "answer); the limit lies between {low} and {high}, too few attempts to say; {reached} reached an agent",
            **args,
        )
    else:
        reason = say(
            "{handled} of {offered} attempts were handled ({early} refused for want of processing, {late} without an "
            "answer), between {low} and {high} in the long run; {reached} reached an agent",
            **args,
        )
    figures = {
        "attempts": count(len(offered)), "refused-early": count(len(early)), "without-answer": count(len(late)),
        "reached": share(reached / len(offered)),
    }  # fmt: skip
    measured = sampled(handled / len(offered), low, high, Unit.SHARE)
    lost_ = numbers((call.end for call in late), (call.refused or call.end for call in early))
    return Verdict(ID, outcome, reason, measured, limit, lost_, figures)


CRITERION = Criterion(
    ID,
    say("Call attempts that were handled"),
    frozenset({Kind.CALL_OFFERED, Kind.SEAT_TALKING, Kind.CALL_REFUSED, Kind.CALL_ENDED}),
    {
        "at_least": LimitSpec(Unit.SHARE),
        "since": LimitSpec(Unit.TIME, required=False, default=_START),
        "until": LimitSpec(Unit.TIME, required=False),
    },
    judge,
)
