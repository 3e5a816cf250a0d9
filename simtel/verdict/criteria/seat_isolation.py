"""seat-isolation: a fault at one seat, its console, headset or board port is felt at no other seat.

Counts: seats that were talking when the (first) fault struck, other than the struck one, until the call that
they then had is over: an interruption or a gap heard there (not one that was over before), a part of the seat
that went down, or a call that ended for another reason than a normal one. The struck seat is the subject of
the fault, or hangs on it: the seats that hang on a unit are taken from the roles of the header (role named as
the unit, and for its port or group of ports as both: "board.1 port 3", "board.1 group 1"), or their number from
the limit `at_most`. Without either, of a port at most one seat may feel it; for a board or a group a hit seat leaves
it open, and
for a server, on which no seat may hang alone, it fails. Inconclusive also: no other seat was talking, or a
seat does not report what it heard.
"""

from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit, Value
from simtel.verdict.census import (
    Call,
    Talk,
    calls,
    end_of,
    first_fault,
    heard_at,
    is_server,
    outside,
    servers,
    silences,
    text,
)
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import Outcome, Verdict, against, count, limit_of, number_of, numbers, say

ID = "seat-isolation"
NORMAL = ("normal", "completed", "transferred")


def _felt(log: EvidenceLog, call: Call, talk: Talk, at: int, seen: dict[str, list[Event]]) -> tuple[str, Event | None]:
    """('hit' | 'unheard' | '', the evidence) for one seat that was talking at the fault."""
    until = talk.left.t if talk.left is not None else end_of(log)
    for event in seen.get(talk.seat, []):
        if at <= event.t <= until and (event.kind != Kind.SEAT_PART or event.data.get("up") is False):
            return "hit", event
    if talk.left is None or silences(log, talk.left) is None:
        return "unheard", talk.begun
    felt = max((against(n, off, 0) for _, n, off in heard_at(log, call, talk, at) if n), default=Outcome.PASS)
    if felt is Outcome.FAIL or text(talk.left, "cause") not in NORMAL:
        return "hit", talk.left
    return ("" if felt is Outcome.PASS else "unheard"), talk.left


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """Number of other seats that felt the fault against those that may."""
    limit, fault = limit_of(expect, "at_most"), first_fault(log)
    if fault is None:
        reason = say("No fault was injected, so no seat could feel one")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    seen: dict[str, list[Event]] = {}
    for event in outside(log, Kind.MEDIA_INTERRUPTED, Kind.SEAT_PART):
        # The far end of a call is not the seat's ear.
        if event.kind == Kind.SEAT_PART or text(event, "end") == "seat":
            seat = event.subject if event.subject.startswith("seat.") else event.observer
            seen.setdefault(seat, []).append(event)
    unit = text(fault, "unit")
    hanging = set(log.header.roles.get(f"{fault.subject} {unit}" if unit else fault.subject, ()))
    talking = [(call, talk) for call in calls(log).values() if (talk := call.talk_at(fault.t)) is not None]
    others = [pair for pair in talking if pair[1].seat != fault.subject and pair[1].seat not in hanging]
    felt = {talk.seat: _felt(log, call, talk, fault.t, seen) for call, talk in others}
    hit = sorted(seat for seat, (state, _) in felt.items() if state == "hit")
    mute = sum(state == "unheard" for state, _ in felt.values())
    figures = {"others": count(len(others)), "hit": count(len(hit)), "unheard": count(mute)}
    events = numbers([fault], [event for state, event in felt.values() if state == "hit" or not hit])
    seat_alone = fault.subject.startswith("seat.")
    of_a_port = "unit" in fault.data and not seat_alone and not str(unit).startswith("group ")
    port = text(fault, "fault") == FaultKind.PORT_DEAD or of_a_port
    shared = not (port or hanging or seat_alone or is_server(fault.subject, servers(log)))
    may = number_of(limit) if limit is not None else 1 if port and not hanging else 0
    args: dict[str, Value] = {"hit": len(hit), "others": len(others), "seats": ", ".join(hit[:10])}
    if len(others) <= (1 if port and not hanging else 0):
        outcome, reason = Outcome.INCONCLUSIVE, say("No other seat was talking when the fault struck")
    elif len(hit) > may and shared and limit is None:
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "{hit} of {others} talking seats felt the fault at {subject} ({seats}); the log does not say "
            "which seats hang on it",
            subject=fault.subject,
            **args,
        )
    elif len(hit) > may:
        outcome = Outcome.FAIL
        reason = say(
            "{hit} of {others} other talking seats felt the fault at {subject}: {seats}",
            subject=fault.subject,
            **args,
        )
    elif len(hit) + mute > may:
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "{mute} of {others} other talking seats do not report what they heard",
            mute=mute,
            others=len(others),
        )
    else:
        outcome = Outcome.PASS
        reason = say(
            "{hit} of {others} other talking seats felt the fault at {subject}; {may} may",
            hit=len(hit),
            others=len(others),
            subject=fault.subject,
            may=may,
        )
    return Verdict(ID, outcome, reason, count(len(hit)), limit, events, figures)


CRITERION = Criterion(
    ID,
    say("A fault at one seat is felt at no other"),
    frozenset({Kind.SEAT_TALKING, Kind.SEAT_LEFT, Kind.MEDIA_INTERRUPTED}),
    {"at_most": LimitSpec(Unit.COUNT, required=False)},
    judge,
)
