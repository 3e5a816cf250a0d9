"""timeslot-release: how long a timeslot stays busy after the call on it is over.

Counts: the calls that ended while they had a timeslot, until the load ended; from the end of the call on the public
side to the instant at which the timeslot is idle there. Fails: a timeslot that is busy longer than `within`, or that a
complete log never sees idle again. Inconclusive: no such call ended; a timeslot was still busy when a log that was cut
short broke off; the limit lies within the uncertainty of the observers. A note tells how many timeslots went out of
service, as nobody confirmed that they were reset; all thirty of a span that was reset as a whole.
"""

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import calls, end_of, outside, text, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import Outcome, Verdict, about, against, count, need, number_of, numbers, say, time

ID = "timeslot-release"
CHANNELS = 30  # of an E1
ALL = 0  # instead of a timeslot: the whole span


def _out(log: EvidenceLog, until: int) -> int:
    """How many timeslots went out of service."""
    found: dict[str, set[int | None]] = {}
    for event in outside(log, Kind.CHANNEL_STATE):
        if text(event, "state") == "out-of-service" and event.t <= until:
            found.setdefault(event.subject, set()).add(whole(event, "slot"))
    return sum(CHANNELS if ALL in slots else len(slots) for slots in found.values())


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
    out = _out(log, until)
    figures = {"ended": count(judged), "late": count(late), "busy": count(busy), "out-of-service": count(out)}
    notes = (say("{out} timeslots went out of service: nobody confirmed that they were reset", out=out),) if out else ()
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
    return Verdict(ID, outcome, reason, time(gap, off), limit, numbers([end, worst]), figures, notes=notes)


CRITERION = Criterion(
    ID,
    say("Timeslots busy after their call"),
    frozenset({Kind.CALL_ENDED, Kind.TRUNK_SEIZED, Kind.TRUNK_FREED}),
    {"within": LimitSpec(Unit.TIME)},
    judge,
)
