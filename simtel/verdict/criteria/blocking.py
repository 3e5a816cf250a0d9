"""blocking: the share of call attempts that were refused or failed, by cause.

Counts: every attempt, redials included. The share is a sample, so its 95 % interval (Wilson) is compared
with `at_most`: wholly below it passes, wholly above it fails, else too few attempts were made to say. A
limit of 0 is about this run alone: any blocked attempt fails it. `with_free_resources_at_most` bounds
attempts that a circuit had carried to the door (a timeslot was seized for them) and that were then refused
for want of neither a trunk nor a seat; the cause names what was wanting. Whether a trunk was free for an
attempt without a circuit is not guessed.

A pass says how many attempts had a free trunk and a free seat behind them: a circuit was seized for them,
and a seat was rung before they had to wait, or they were dialled at a seat and answered. Who waited first
shows only that a seat became free. With `with_free_resources_at_most` fewer than `ENOUGH` of them say too little.

Where calls were sought that the switching fabric refuses (`fabric.searched`), only its figures can pass it: by them it
refuses none. Else it is inconclusive: a bounded search may miss what exists, and what it found on paper did not happen.

A call that is cut after it was answered was let in and is no blocked attempt: cut-off-ratio counts it.
Inconclusive besides: no attempt, attempts without an end, or none that was answered: what is dead refuses nobody.
"""

from collections import Counter

from simtel.core.causes import Lack, lacked
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit, Value
from simtel.core.units import show
from simtel.sizing.shares import wilson
from simtel.verdict.census import Call, calls, text, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.statistics import placed
from simtel.verdict.verdict import (
    Outcome,
    Text,
    Verdict,
    against,
    count,
    limit_of,
    need,
    number_of,
    numbers,
    sampled,
    say,
    share,
    tally,
)

ID = "blocking"

# Fewer attempts than this behind which a trunk and a seat were free prove nothing about all; our own figure. Ten
# without a refusal leave room for one in four (rule of three).
ENOUGH = 10


def _was_free(call: Call) -> bool:
    """Whether the evidence shows that a trunk and a seat were free for this attempt when it was made."""
    if call.seized is None:
        return False
    if text(call.offered[0], "direction") == "out":
        return call.connected is not None
    rung = min((event.seq for event in (*call.rung, *(talk.begun for talk in call.talks))), default=None)
    return rung is not None and (call.queued is None or rung < call.queued.seq)


def _judged(hits: int, tries: int, most: float) -> Outcome:
    if most == 0:
        return against(hits, 0, 0)
    return placed(*wilson(hits, tries), most)


def _doubt(log: EvidenceLog) -> Text | None:
    """Why calls that all went through prove nothing about the switching fabric."""
    for searched in log.of(Kind.FABRIC_SEARCHED):
        if searched.data.get("never", False):
            continue
        if searched.data.get("found", False):
            return say(
                "The last of {calls} calls is refused by the switching fabric on paper, and none was: they came in "
                "another order",
                calls=whole(searched, "calls") or 0,
            )
        return say(
            "By its figures the switching fabric may refuse a call whose ends are free; a search found no calls in an "
            "order that shows it"
        )
    return None


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of attempts blocked against `at_most`."""
    limit, free = need(expect, "at_most"), limit_of(expect, "with_free_resources_at_most")
    offered = [call for call in calls(log).values() if call.attempted]
    if not offered:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("No call was offered"), limit=limit)
    blocked = [call for call in offered if call.disposition in ("refused", "failed")]
    open_ = sum(call.end is None and call.connected is None for call in offered)
    needless = [call for call in blocked if call.seized is not None and not lacked(call.trouble, Lack.TRUNK, Lack.SEAT)]
    free_behind = sum(map(_was_free, offered))
    causes = Counter(call.trouble for call in blocked)
    low, high = wilson(len(blocked), len(offered))
    outcome = _judged(len(blocked), len(offered), number_of(limit))
    figures = {
        "offered": count(len(offered)),
        "blocked": count(len(blocked)),
        "with-free-resources": count(len(needless)),
        "trunk-and-seat-free": count(free_behind),
    }
    figures |= {f"cause.{cause}": count(n) for cause, n in sorted(causes.items())}
    args: dict[str, Value] = {
        "blocked": len(blocked),
        "offered": len(offered),
        "causes": tally(causes) or "-",
        "low": show(low, Unit.SHARE),
        "high": show(high, Unit.SHARE),
    }
    if free is not None and len(needless) > number_of(free):
        outcome = Outcome.FAIL
        reason = say(
            "{needless} of {offered} attempts had a circuit and were refused for want of neither trunk "
            "nor seat: {causes}",
            needless=len(needless),
            offered=len(offered),
            causes=tally(Counter(call.trouble for call in needless)),
        )
    elif open_ and outcome is not Outcome.FAIL:
        outcome = Outcome.INCONCLUSIVE
        reason = say("{open} of {offered} attempts have neither answer nor end", open=open_, offered=len(offered))
    elif outcome is Outcome.PASS and not any(call.connected for call in offered):
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "None of {offered} attempts was answered; {blocked} were refused",
            offered=len(offered),
            blocked=len(blocked),
        )
    elif outcome is Outcome.INCONCLUSIVE:
        reason = say(
            "{blocked} of {offered} attempts were blocked ({causes}); the limit lies between {low} "
            "and {high}, too few attempts to say",
            **args,
        )
    elif outcome is Outcome.FAIL:
        reason = say(
            "{blocked} of {offered} attempts were blocked ({causes}); between {low} and {high} in the long run",
            **args,
        )
    elif free is not None and free_behind < ENOUGH:
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "Only {free} of {offered} attempts had a free trunk and a free seat behind them, too few to say",
            free=free_behind,
            offered=len(offered),
        )
    elif (doubt := _doubt(log)) is not None:
        outcome, reason = Outcome.INCONCLUSIVE, doubt
    else:
        reason = say(
            "{blocked} of {offered} attempts were blocked ({causes}); between {low} and {high} in the long run; {free} "
            "had a free trunk and a free seat behind them",
            **args,
            free=free_behind,
        )
    middle = len(blocked) / len(offered)
    measured = sampled(middle, low, high, Unit.SHARE) if number_of(limit) else share(middle)
    return Verdict(ID, outcome, reason, measured, limit, numbers(call.refused or call.end for call in blocked), figures)


CRITERION = Criterion(
    ID,
    say("Attempts that were blocked"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_REFUSED, Kind.CALL_ENDED}),
    {"at_most": LimitSpec(Unit.SHARE), "with_free_resources_at_most": LimitSpec(Unit.COUNT, required=False)},
    judge,
)
