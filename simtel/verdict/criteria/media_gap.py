"""media-gap: the longest silence that either end of a call heard after the (first) fault, of the calls up then.

Counts: the interruptions that either end heard, with their times, and what the public end (call.ended) and each seat
that talked (seat.left) report as longest silence and as silence still lasting when they hung up. A silence that was
over before the fault is not charged to it; one that was open at the fault counts from the fault on. A longest silence
that no interruption dates may have lain before, and is as uncertain as that. Fails: a silence over the limit, or a
call that was cut: its sound never came back. Inconclusive: no call was up; an end of some call reports nothing; the
limit lies within the uncertainty of the observer.
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit, Value
from simtel.verdict.census import first_fault, heard, unheard, up_at_fault
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import (
    Measured,
    Outcome,
    Verdict,
    about,
    against,
    count,
    need,
    number_of,
    numbers,
    say,
    time,
)

ID = "media-gap"
# A call that was up and is refused or fails was cut, whatever the observer calls it.
_CUT = ("cut", "failed", "refused")


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The longest silence against `at_most`."""
    limit = need(expect, "at_most")
    fault, census = first_fault(log), up_at_fault(log)
    if fault is None:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("No fault was injected, so no gap could come of it"), limit=limit)
    if not census:
        reason = say("No call was up when the fault struck")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit, events=numbers([fault]))
    reports = [report for call in census for report in heard(log, call, fault.t)]
    cut = [call.end for call in census if call.disposition in _CUT]
    mute = sum(unheard(log, call, fault.t) for call in census)
    figures: dict[str, Measured] = {"up": count(len(census)), "cut": count(len(cut)), "unheard": count(mute)}
    if not reports:
        reason = say("None of the {up} calls that were up reports what it heard", up=len(census))
        return Verdict(
            ID,
            Outcome.FAIL if cut else Outcome.INCONCLUSIVE,
            reason,
            limit=limit,
            figures=figures,
            events=numbers([fault], cut),
        )
    # The report that reaches furthest decides, so that a short but coarse one is not overlooked.
    worst, gap, off = max(reports, key=lambda report: (report[1] + report[2], -report[0].seq))
    outcome = max(against(silence, spread, number_of(limit)) for _, silence, spread in reports)
    args: dict[str, Value] = {**about(gap, off), "up": len(census)}
    if cut:
        outcome = Outcome.FAIL
        reason = say(
            "{cut} of {up} calls that were up were cut, their sound never came back; longest silence "
            "reported {gap} (off by at most {off})",
            cut=len(cut),
            **args,
        )
    elif outcome is not Outcome.FAIL and mute:
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "{mute} of {up} calls have an end that does not report what it heard; longest silence "
            "reported {gap} (off by at most {off})",
            mute=mute,
            **args,
        )
    else:
        reason = say("The longest silence on {up} calls that were up was {gap} (off by at most {off})", **args)
    return Verdict(ID, outcome, reason, time(gap, off), limit, numbers([fault, worst], cut), figures)


CRITERION = Criterion(
    ID,
    say("Longest silence on calls that were up"),
    frozenset({Kind.CALL_CONNECTED, Kind.CALL_ENDED, Kind.SEAT_TALKING, Kind.SEAT_LEFT}),
    {"at_most": LimitSpec(Unit.TIME)},
    judge,
)
