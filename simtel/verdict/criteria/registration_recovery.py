"""registration-recovery: after a fault, all seats are registered with a server that is there, within a time.

Counts: seats that had registered before the first fault. A seat stayed registered when one of its contacts was
registered with a server that no fault struck, and no contact of it noticed a loss or registered anew (with the server
that was struck it may: flows of RFC 5626 go on asking there beside the other). Any other seat is back when a contact
of it registers anew after the fault, or when a call rings at it: then it is reached. The figure is the longest of
these times. Fails: a seat was back later than `within`, or never although it was watched for so long.
Inconclusive: no fault, no seat known as registered before it, or a log that ends before `within` is over.
Reference: RFC 5626 spreads new registrations after a failure; RFC 6076 measures single ones (registration request
delay). Neither sets a limit for all of them: the scenario's is the project's own.
"""

from collections import defaultdict

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Unit
from simtel.verdict.census import end_of, faults, first_fault, outside, text
from simtel.verdict.criterion import Criterion, LimitSpec
from simtel.verdict.verdict import (
    Outcome,
    Verdict,
    against,
    count,
    need,
    number_of,
    numbers,
    say,
    show_duration,
    time,
)

ID = "registration-recovery"


def _seat(event: Event) -> str:
    return event.subject.partition("/")[0]


def judge(log: EvidenceLog, expect: Expectation) -> Verdict:
    """The longest time until a seat is registered again, against `within`."""
    limit, fault = need(expect, "within"), first_fault(log)
    if fault is None:
        reason = say("No fault was injected, so there is no time after it")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    named = set(log.header.roles.get("seats", ()))
    struck = {event.subject for event in faults(log)}
    held: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)  # seat -> contact -> servers, at the fault
    lost: set[str] = set()
    back: dict[str, Event] = {}
    for event in outside(log, Kind.REGISTRATION_MADE, Kind.REGISTRATION_LOST, Kind.SEAT_RUNG):
        seat = _seat(event)
        if seat not in named:
            continue
        if event.t < fault.t:
            servers = held[seat].setdefault(event.subject, set())
            if event.kind == Kind.REGISTRATION_MADE:
                servers.add(text(event, "server"))
            elif event.kind == Kind.REGISTRATION_LOST:
                servers.discard(text(event, "server"))
        elif text(event, "server") in struck and any(servers - struck for servers in held[seat].values()):
            continue
        elif event.kind == Kind.REGISTRATION_LOST:
            lost.add(seat)
        else:
            back.setdefault(seat, event)
            if event.kind == Kind.REGISTRATION_MADE:
                lost.add(seat)
    known = [seat for seat, contacts in held.items() if any(contacts.values())]
    if not known:
        reason = say("No seat was seen to be registered before the fault")
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, limit=limit)
    away = [s for s in known if s in lost or not any(servers - struck for servers in held[s].values())]
    never = [seat for seat in away if seat not in back]
    times = {seat: back[seat].t - fault.t for seat in away if seat in back}
    longest = max(times, key=lambda seat: times[seat], default="")
    figures = {"seats": count(len(known)), "away": count(len(away)), "never": count(len(never))}
    most = number_of(limit)
    measured, outcome = time(0), Outcome.PASS
    if longest:
        measured = time(times[longest], log.uncertainty(back[longest]))
        outcome = against(measured.value, measured.uncertainty, most)  # type: ignore[arg-type]
    if never and outcome is not Outcome.FAIL:
        watched = log.complete and end_of(log) - fault.t > most
        outcome = Outcome.FAIL if watched else Outcome.INCONCLUSIVE
        reason = say(
            "{never} of {seats} seats were not heard to register again within {watched}",
            never=len(never),
            seats=len(known),
            watched=show_duration(end_of(log) - fault.t),
        )
    elif not away:
        reason = say("All {seats} seats stayed registered with a server that was not struck", seats=len(known))
    else:
        reason = say(
            "{away} of {seats} seats had to register again; the last was back after {time}",
            away=len(away),
            seats=len(known),
            time=show_duration(times[longest]),
        )
    shown = numbers([fault], (back[seat] for seat in times))
    return Verdict(ID, outcome, reason, measured, limit, shown, figures)


CRITERION = Criterion(
    ID,
    say("All seats registered again after the fault"),
    frozenset({Kind.REGISTRATION_MADE, Kind.REGISTRATION_LOST}),
    {"within": LimitSpec(Unit.TIME)},
    judge,
)
