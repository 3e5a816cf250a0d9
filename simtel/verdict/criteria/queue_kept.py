"""queue-kept: callers who waited in a queue when the (first) fault struck keep their place.

Counts: callers told that they wait (call.queued), who neither talked nor had ended. Kept is one who was
given to a seat no later than any caller of the same skill group and no more priority who had queued after
him (those who queued after the fault as well), or who gave up by his own patience or still waited when the
run was over, without a long silence and before being overtaken. He is given to a seat when it rings for him
after the fault, or else when it answers. Fails: too small a share kept; cut, failed, refused or overtaken is lost
(cut also who was given to a seat and had heard nothing since before), in a complete log also a call without an end.
Inconclusive: nobody waited, those who gave up did so before any seat served anybody after the fault (a queue that
nobody serves keeps no place that one could see), or the order lies within the uncertainty of the observers.
"""

from collections import Counter

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import LONG_SILENCE, UNSERVED, Call, calls, first_fault, heard, silences, text, whole
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.outcome import merge
from simtel.verdict.verdict import (
    Outcome,
    Verdict,
    against,
    count,
    need,
    number_of,
    numbers,
    say,
    share,
)

ID = "queue-kept"


def _served(call: Call, since: int) -> Event | None:
    """When the caller was given to the seat that answered him after `since`."""
    talk = next((talk.begun for talk in call.talks if talk.begun.t > since), None)
    if talk is None:
        return None
    rung = [e for e in call.rung if e.t <= talk.t]
    again = [e for e in rung if e.t > since]
    # A seat that was ringing at the fault and then answers had been given the call before.
    before = [e for e in rung if e.subject == talk.subject]
    return again[0] if again else before[-1] if before else talk


def _overtaken(log: EvidenceLog, call: Call, others: list[tuple[Event, Event]], until: Event) -> str:
    """'overtaken', 'unproved' or '': whether one who queued later was served before `until`."""
    worst = ""
    for queued, served in others:
        if call.queued is None or queued.t <= call.queued.t or served.t >= until.t:
            continue
        clear = against(until.t - served.t, log.uncertainty(served) + log.uncertainty(until), 0)
        apart = against(queued.t - call.queued.t, 2 * log.uncertainty(queued), 0)
        if clear is apart is Outcome.FAIL:
            return "overtaken"
        worst = "unproved"
    return worst


def _mute(log: EvidenceLog, call: Call, served: Event) -> bool:
    """Whether the call was cut by a silence that had begun before the seat was found: nobody ever spoke."""
    if call.end is None or call.disposition != "cut":
        return False
    return call.end.t - (whole(call.end, "silent") or 0) <= served.t + log.uncertainty(call.end)


def _fate(log: EvidenceLog, call: Call, since: int, others: list[tuple[Event, Event]]) -> str:
    served = _served(call, since)
    if served is not None and call.disposition == "cut" and silences(log, call.end) is None:
        return "unproved"
    if served is not None:
        return "lost" if _mute(log, call, served) else _overtaken(log, call, others, served)
    if call.end is None:
        return "waiting" if log.complete else "unproved"
    if call.disposition not in UNSERVED or "silence" in text(call.end, "cause"):
        return "lost"
    if silences(log, call.end) is None:
        return "unproved"
    long = merge(against(silence, off, number_of(LONG_SILENCE)) for _, silence, off in heard(log, call, since))
    if long is not Outcome.PASS:
        return "lost" if long is Outcome.FAIL else "unproved"
    return _overtaken(log, call, others, call.end)


def _equals(call: Call, line: list[tuple[Event, Event, int]]) -> list[tuple[Event, Event]]:
    """Those of his group who have no more priority than he has."""
    return [(queued, served) for queued, served, priority in line if priority <= call.priority]


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Share of waiting callers that were kept, against `at_least`."""
    limit, fault = need(expect, "at_least"), first_fault(log)
    if fault is None:
        reason = say("No fault was injected, so no queue could be lost")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    waiting = [
        call
        for call in calls(log).values()
        if call.queued is not None
        and call.queued.t <= fault.t
        and (call.end is None or call.end.t >= fault.t)
        and not any(talk.begun.t <= fault.t for talk in call.talks)
    ]
    if not waiting:
        reason = say("Nobody waited in a queue when the fault struck")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit, events=numbers([fault]))
    lines: dict[str, list[tuple[Event, Event, int]]] = {}
    for call in calls(log).values():
        served = _served(call, fault.t)
        if call.queued is not None and served is not None:
            lines.setdefault(call.skill, []).append((call.queued, served, call.priority))
    fates = {call.id: _fate(log, call, fault.t, _equals(call, lines.get(call.skill, []))) for call in waiting}
    if not lines:  # nobody was served, so that giving up shows no place in a line
        fates = {call: fate or "unproved" for call, fate in fates.items()}
    found = Counter(fates.values())
    low = found[""] / len(waiting)
    high = (found[""] + found["unproved"]) / len(waiting)
    middle, off = ((low + high) / 2, (high - low) / 2) if high > low else (low, 0.0)
    figures = {
        "waiting": count(len(waiting)),
        "kept": count(found[""]),
        "overtaken": count(found["overtaken"]),
        "lost": count(found["lost"] + found["waiting"]),
        "unproved": count(found["unproved"]),
    }
    shown = [call.end or call.queued for call in waiting if fates[call.id]] or [call.queued for call in waiting]
    return Verdict(
        ID,
        against(middle, off, number_of(limit), at_most=False),
        say(
            "{kept} of {waiting} waiting callers kept their place; {overtaken} overtaken, {lost} lost, {still} "
            "still waiting at the end, {unproved} not proved",
            kept=found[""],
            waiting=len(waiting),
            overtaken=found["overtaken"],
            lost=found["lost"],
            still=found["waiting"],
            unproved=found["unproved"],
        ),
        share(middle, off),
        limit,
        numbers([fault], shown),
        figures,
    )


CRITERION = Criterion(
    ID,
    say("Waiting callers keep their place"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_QUEUED, Kind.SEAT_TALKING, Kind.CALL_ENDED}),
    {"at_least": LimitSpec(Unit.SHARE)},
    judge,
)
