"""conservation: every offered call ends in exactly one way, and nothing is in two places at once. Always
judged.

Counts: the whole life of each call, timeslot and seat. Fails: a call that ends twice, that is offered
twice, of which something is seen before its offer or without one, that is completed without an answer, that
is connected and carried by no timeslot; a call that the load counts and that nobody saw offered; a timeslot
seized while seized, freed while free or freed by another call; a call on two timeslots at once, or that goes
on after its timeslot was freed (until it is answered it may seize another); a seat that talks on two calls at
once; in a complete log a call without an end or a timeslot never freed. Inconclusive: nothing was offered, or
calls were connected and no timeslot at all was seen. That only one server is active is the matter of one-active.
"""

from collections.abc import Iterator

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import Call, calls, outside, whole
from simtel.verdict.criterion import Criterion
from simtel.verdict.verdict import Outcome, Text, Verdict, count, numbers, say

ID = "conservation"
_Wrong = tuple[Text, Event]
# A call record may be for a call that nobody made: cdr-exactly-once judges that.
_FOREIGN = (Kind.RECORD_COLLECTED,)


def _life(log: EvidenceLog, call: Call) -> Iterator[_Wrong]:
    for again in call.offered[1:]:
        yield say("call {call} is offered twice", call=call.id), again
    for again in call.ended[1:]:
        yield say("call {call} ends twice", call=call.id), again
    if not call.offered:
        if call.ended or call.connected:
            yield (
                say("call {call} was never offered", call=call.id),
                call.ended[0] if call.ended else call.connected,
            )  # type: ignore[misc]
        return
    if call.end is None and log.complete:
        yield say("call {call} has no end", call=call.id), call.offered[0]
    if call.disposition == "completed" and call.connected is None and call.end is not None:
        yield say("call {call} is completed without an answer", call=call.id), call.end
    if call.connected is not None and call.seized is None and log.of(Kind.TRUNK_SEIZED):
        yield say("call {call} is connected and no timeslot carries it", call=call.id), call.connected


def _early(log: EvidenceLog, found: dict[str, Call]) -> Iterator[_Wrong]:
    """Events of a call before its offer; the clocks of two observers may differ by their uncertainty."""
    for event in log.events:
        call = found.get(event.call or "")
        if call is None or not call.offered or event.kind in _FOREIGN:
            continue
        offer = call.offered[0]
        slack = log.uncertainty(event) + log.uncertainty(offer) if event.observer != offer.observer else 0
        if event.t + slack < offer.t or (event.seq < offer.seq and event.observer == offer.observer):
            yield say("{kind} of call {call} comes before its offer", kind=event.kind, call=call.id), event


def _vanished(log: EvidenceLog, found: dict[str, Call]) -> Iterator[_Wrong]:
    """What was to be called and never came to anything, not even to a refusal."""
    for event in outside(log, Kind.LOAD_ENDED):
        missing = (whole(event, "offered") or 0) - sum(bool(call.offered) for call in found.values())
        if missing > 0:
            yield say("{n} calls of the load were never offered", n=missing), event


def _hunts_on(call: Call, freed: Event) -> bool:
    """Whether a call had no answer yet when it lost its timeslot."""
    return call.connected is None or call.connected.seq > freed.seq


def _slots(log: EvidenceLog, found: dict[str, Call]) -> Iterator[_Wrong]:
    held: dict[tuple[str, object], Event] = {}
    carried: dict[str, tuple[str, object]] = {}
    for event in outside(log, Kind.TRUNK_SEIZED, Kind.TRUNK_FREED):
        slot = (event.subject, event.data.get("slot"))
        args = {"subject": event.subject, "slot": str(slot[1])}
        if event.kind == Kind.TRUNK_SEIZED:
            if slot in held:
                yield say("timeslot {slot} of {subject} is seized while seized", **args), event
            held[slot] = event
            if event.call is not None and carried.setdefault(event.call, slot) != slot:
                yield say("call {call} is on two timeslots at once", call=event.call), event
            continue
        seizure = held.pop(slot, None)
        if seizure is None:
            yield say("timeslot {slot} of {subject} is freed while free", **args), event
        elif None not in (seizure.call, event.call) and seizure.call != event.call:
            yield say("timeslot {slot} of {subject} is freed by another call than it carries", **args), event
        if seizure is None or seizure.call is None:
            continue
        if carried.get(seizure.call) == slot:
            del carried[seizure.call]
        call = found.get(seizure.call)
        if call is None or _hunts_on(call, event):
            continue
        end = call.end
        if end is not None and end.t > event.t + log.uncertainty(event) + log.uncertainty(end):
            yield say("call {call} goes on after its timeslot was freed", call=seizure.call), event
    if log.complete:
        for (subject, number), event in held.items():
            yield say("timeslot {slot} of {subject} is never freed", subject=subject, slot=str(number)), event


def _seats(log: EvidenceLog) -> Iterator[_Wrong]:
    talking: dict[str, str | None] = {}
    for event in outside(log, Kind.SEAT_TALKING, Kind.SEAT_LEFT):
        held = talking.get(event.subject)
        if event.kind == Kind.SEAT_LEFT:
            if held == event.call:
                talking.pop(event.subject, None)
        elif held is not None and held != event.call:
            yield (
                say(
                    "{seat} talks on calls {one} and {other} at once",
                    seat=event.subject,
                    one=held,
                    other=str(event.call),
                ),
                event,
            )
        else:
            talking[event.subject] = event.call


def judge(log: EvidenceLog, _expect: Expectation) -> Verdict:
    """Number of breaches; none may be."""
    found = calls(log)
    offered = sum(bool(call.offered) for call in found.values())
    wrong = [breach for call in found.values() for breach in _life(log, call)]
    wrong += [*_early(log, found), *_vanished(log, found), *_slots(log, found), *_seats(log)]
    wrong.sort(key=lambda breach: breach[1].seq)
    figures = {"offered": count(offered), "breaches": count(len(wrong))}
    if wrong:
        reason = say("{n} breaches; the first few are noted", n=len(wrong))
        return Verdict(
            ID,
            Outcome.FAIL,
            reason,
            count(len(wrong)),
            None,
            numbers(e for _, e in wrong),
            figures,
            notes=tuple(words for words, _ in wrong[:5]),
        )
    if not offered:
        return Verdict(
            ID,
            Outcome.INCONCLUSIVE,
            say("No call was offered, so there was nothing to keep"),
            figures=figures,
        )
    if any(call.connected for call in found.values()) and not log.of(Kind.TRUNK_SEIZED, Kind.TRUNK_FREED):
        reason = say("Calls were connected and no timeslot was seen")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, figures=figures)
    reason = say("Each of {offered} calls ended once; no timeslot or seat was in two calls", offered=offered)
    return Verdict(ID, Outcome.PASS, reason, count(0), None, (), figures)


CRITERION = Criterion(
    ID,
    say("Nothing is lost and nothing is double"),
    frozenset({Kind.CALL_OFFERED, Kind.CALL_ENDED, Kind.TRUNK_SEIZED, Kind.TRUNK_FREED}),
    {},
    judge,
)
