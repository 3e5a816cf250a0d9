"""new-calls-after: some time after a fault, new calls get through.

Counts: calls offered later than `within` after the (latest preceding) fault; redials are calls of their
own. Blocked is a call that ended refused, failed or cut, one whose caller gave up before anybody talked to
him and not for his own impatience in the queue, and one that in a complete log neither connected nor ended.
Who still waits in the queue when the run is over is as one who lost patience then.
Impatience is nobody's own while not one seat talks with anybody for as long as he waits: nobody is served then.
Fails: more blocked than `blocked_at_most`. Inconclusive: no fault, fewer than `ENOUGH` calls offered after
that instant, or none that reached a seat: an IVR that answers and a queue that nobody serves show nothing.
So also when a caller gave up in the queue while a seat that serves his group had been ready for `READY`.
Calls offered between a fault and the end of `within` are figures apart.
"""

from collections import Counter

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Unit
from simtel.verdict.census import UNSERVED, Call, breakages, calls, end_of, outside, text
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import (
    Outcome,
    Text,
    Verdict,
    against,
    count,
    need,
    number_of,
    numbers,
    say,
    show_duration,
    tally,
    time,
)

ID = "new-calls-after"
_NONE = Limit("blocked_at_most", 0, Unit.COUNT, "assumed", "no call is to be blocked any more")
# Fewer calls than this prove nothing about all calls; our own figure.
ENOUGH = 5
# A seat that has been ready for so long beside a waiting caller is not given to him; our own figure.
READY = 5 * SECOND


def _blocked(log: EvidenceLog, call: Call) -> bool:
    lost = call.end is None and call.connected is None and log.complete
    own = call.disposition == "waiting" or text(call.end, "cause") == "patience"
    impatient = call.queued is not None and own and _anybody_served(log, call)
    gave_up = call.disposition in UNSERVED and not call.talks and not impatient
    return lost or gave_up or call.disposition in ("refused", "failed", "cut")


def _anybody_served(log: EvidenceLog, waiting: Call) -> bool:
    """Whether some seat talked with somebody while this caller waited in the queue."""
    if waiting.queued is None or waiting.end is None:
        return True
    since, until = waiting.queued.t, waiting.end.t
    for call in calls(log).values():
        for talk in call.talks:
            left = talk.left or call.end
            if talk.begun.t < until and (left is None or left.t > since):
                return True
    return False


def _ready(log: EvidenceLog) -> dict[str, list[tuple[int, int]]]:
    """For each skill group, when seats that ever talked for it stood ready, by their own word."""
    stood: dict[str, list[tuple[int, int]]] = {}
    since: dict[str, int] = {}
    for event in outside(log, Kind.AGENT_STATE):
        begun = since.pop(event.subject, None)
        if begun is not None:
            stood.setdefault(event.subject, []).append((begun, event.t))
        if text(event, "state") == "ready":
            since[event.subject] = event.t
    for seat, begun in since.items():
        stood.setdefault(seat, []).append((begun, end_of(log)))
    serve: dict[str, set[str]] = {}
    for call in calls(log).values():
        if call.offered and text(call.offered[0], "direction") == "in":
            serve.setdefault(call.skill, set()).update(talk.seat for talk in call.talks)
    return {skill: [span for seat in sorted(seats) for span in stood.get(seat, [])] for skill, seats in serve.items()}


def _unserved(late: list[Call], ready: dict[str, list[tuple[int, int]]]) -> list[Call]:
    """Those who gave up in the queue although a seat of their group had been ready for long enough."""
    found: list[Call] = []
    for call in late:
        if call.queued is None or call.end is None or call.talks or call.disposition not in UNSERVED:
            continue
        since, until = call.queued.t, call.end.t
        if any(min(until, end) - max(since, begun) > READY for begun, end in ready.get(call.skill, [])):
            found.append(call)
    return found


def _few(late: list[Call], after: str) -> Text:
    return say("Only {offered} calls were offered later than {after} after the fault", offered=len(late), after=after)


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Calls blocked after the recovery time against `blocked_at_most`."""
    within, limit = need(expect, "within"), need(expect, "blocked_at_most")
    injected = breakages(log)
    if not injected:
        reason = say("No fault was injected, so there is no time after it")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    offered = [call for call in calls(log).values() if call.attempted and call.offered[0].t >= injected[0].t]
    late: list[Call] = []
    early: list[Call] = []
    for call in offered:
        since = [call.offered[0].t - fault.t for fault in injected if fault.t <= call.offered[0].t]
        (late if min(since) > number_of(within) else early).append(call)
    blocked = [call for call in late if _blocked(log, call)]
    unserved = _unserved(late, _ready(log))
    talked = sum(bool(call.talks) for call in late)
    waited = sum(call.queued is not None and not call.talks for call in late)
    figures = {
        "offered": count(len(late)),
        "blocked": count(len(blocked)),
        "talked": count(talked),
        "waited": count(waited),
        "unserved": count(len(unserved)),
        "offered-within": count(len(early)),
        "blocked-within": count(sum(_blocked(log, call) for call in early)),
    }
    first = next((call for call in offered if call.connected is not None), None)
    if first is not None and first.connected is not None:
        figures["first_success"] = time(first.connected.t - injected[0].t, log.uncertainty(first.connected))
    after = show_duration(round(number_of(within)))
    outcome = against(len(blocked), 0, number_of(limit))
    shown = [call.end or call.offered[0] for call in blocked or unserved or late]
    if not late:
        outcome = Outcome.INCONCLUSIVE
        reason = say("No call was offered later than {after} after the fault", after=after)
    elif blocked:
        causes = Counter(call.trouble for call in blocked)
        reason = say(
            "{blocked} of {offered} calls offered later than {after} after the fault were blocked ({causes}); "
            "{talked} talked, {waited} waited in vain",
            blocked=len(blocked),
            offered=len(late),
            after=after,
            causes=tally(causes),
            talked=talked,
            waited=waited,
        )
        if len(late) < ENOUGH and outcome is Outcome.PASS:
            outcome, reason = Outcome.INCONCLUSIVE, _few(late, after)
        elif (unserved or not talked) and outcome is Outcome.PASS:
            outcome = Outcome.INCONCLUSIVE
    elif len(late) < ENOUGH:
        outcome, reason = Outcome.INCONCLUSIVE, _few(late, after)
    elif talked and unserved:
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "{unserved} of {offered} calls offered later than {after} after the fault gave up in the queue while a "
            "seat stood ready; {talked} talked, {waited} waited in vain",
            unserved=len(unserved),
            offered=len(late),
            after=after,
            talked=talked,
            waited=waited,
        )
    elif not talked:
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "None of the {offered} calls offered later than {after} after the fault reached a seat; {waited} waited "
            "in vain",
            offered=len(late),
            after=after,
            waited=waited,
        )
    else:
        reason = say(
            "All {offered} calls offered later than {after} after the fault got through: "
            "{talked} talked, {waited} waited in vain",
            offered=len(late),
            after=after,
            talked=talked,
            waited=waited,
        )
    return Verdict(ID, outcome, reason, count(len(blocked)), limit, numbers(injected, shown), figures)


CRITERION = Criterion(
    ID,
    say("New calls get through after the fault"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_CONNECTED, Kind.CALL_REFUSED, Kind.CALL_ENDED}),
    {"within": LimitSpec(Unit.TIME), "blocked_at_most": LimitSpec(Unit.COUNT, required=False, default=_NONE)},
    judge,
)
