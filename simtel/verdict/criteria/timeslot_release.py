"""timeslot-release: how long a timeslot stays busy after the call on it is over.

Counts: the calls that ended while they had a timeslot, until the load ended; from the end of the call on the public
side to the instant at which the timeslot is idle there. Fails: a timeslot that is busy longer than `within`, or that a
complete log never sees idle again. Inconclusive: no such call ended; a timeslot was still busy when a log that was cut
short broke off; the limit lies within the uncertainty of the observers.
"""

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import calls, end_of, outside
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import Outcome, Verdict, about, against, count, need, number_of, numbers, say, time

ID = "timeslot-release"


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The longest time against `within`."""
    limit = need(expect, "within")
    loaded = log.of(Kind.LOAD_ENDED)
    until = loaded[-1].t if loaded else end_of(log)
    found = calls(log)
    last: dict[str, Event] = {}  # call -> its last timeslot was seized, or freed
    for event in outside(log, Kind.TRUNK_SEIZED, Kind.TRUNK_FREED):
        if event.call is not None:
            last[event.call] = event
    outcome, worst, gap, off, judged, late, busy = Outcome.PASS, None, -1, 0, 0, 0, 0
    for name, event in last.items():
        end = found[name].end
        if end is None or end.t > until or (event.kind == Kind.TRUNK_FREED and event.t < end.t):
            continue
        judged += 1
        open_ = event.kind == Kind.TRUNK_SEIZED
        busy += open_
        lasted = (end_of(log) if open_ else event.t) - end.t
        spread = log.uncertainty(event) + (log.uncertainty(end) if end.observer != event.observer else 0)
        placed = against(lasted, spread, number_of(limit))
        if open_ and placed is not Outcome.FAIL:
            placed = Outcome.FAIL if log.complete else Outcome.INCONCLUSIVE
        late += placed is Outcome.FAIL
        outcome = max(outcome, placed)
        if lasted > gap:
            worst, gap, off = event, lasted, spread
    if worst is None:
        reason = say("No call ended that had a timeslot")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    figures = {"ended": count(judged), "late": count(late), "busy": count(busy)}
    reason = say(
        "Of the timeslots of {ended} calls, {late} stayed busy too long after the call, {busy} of them to the end; the "
        "longest {gap} (off by at most {off}): timeslot {slot} of {span}",
        ended=judged,
        late=late,
        busy=busy,
        slot=str(worst.data.get("slot")),
        span=worst.subject,
        **about(gap, off),
    )
    end = found[worst.call or ""].end
    return Verdict(ID, outcome, reason, time(gap, off), limit, numbers([end, worst]), figures)


CRITERION = Criterion(
    ID,
    say("Timeslots busy after their call"),
    frozenset({Kind.CALL_ENDED, Kind.TRUNK_SEIZED, Kind.TRUNK_FREED}),
    {"within": LimitSpec(Unit.TIME)},
    judge,
)
