"""promoted-once: the take-over happened once for each fault that called for it, as seen from outside. That two
servers were never active at once is the matter of one-active.

Counts: adverts that the watch hears (see `simtel.verdict.reigns`). A take-over is an advert of another server than
the one active before. Each fault that strikes the active server calls for one take-over; a server that comes back by
itself makes none, and is named. Fails: a take-over too many (without a fault, or a change back), none although the
active server was struck, or none seen while a server says that it took over. Inconclusive: no watch, an active server
that nobody saw, or no take-over while the watch cannot tell whether the struck server was away at all.
"""

from itertools import pairwise

from simtel.core.clock import SECOND
from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import faults, outside, own_word, servers, text, whole
from simtel.verdict.criterion import Criterion
from simtel.verdict.reigns import Reign, watched
from simtel.verdict.verdict import Outcome, Text, Verdict, count, numbers, say, show_duration

ID = "promoted-once"
_STRIKES = (FaultKind.CRASH, FaultKind.HANG, FaultKind.LINK_DOWN, FaultKind.POWER_LOST, FaultKind.SWITCHOVER)
_PERMITS = (FaultKind.HEARTBEAT_LOST, FaultKind.HEARTBEAT_ONE_WAY, FaultKind.STALL)


def _struck(log: EvidenceLog, held: list[Reign]) -> list[Reign]:
    """Reigns that a fault struck: at the server itself, or at what it hangs on, seen by its silence."""
    known, silent = servers(log), outside(log, Kind.SERVER_SILENT)
    found: list[Reign] = []
    for fault in faults(log):
        # A server is the active one until another is heard: its last advert may lie before the fault.
        # One heard at the very instant of the fault is its consequence, unless nobody was before.
        before = [reign for reign in held if reign.begun.t < fault.t] or [r for r in held if r.begun.t == fault.t][:1]
        active = before[-1] if before else None
        if active is None or active in found or text(fault, "fault") not in _STRIKES:
            continue
        fell = any(
            e.subject == active.server and e.t >= fault.t and (whole(e, "since") or 0) <= fault.t + log.uncertainty(e)
            for e in silent
        )
        if fault.subject == active.server or (
            fell and not fault.subject.startswith("server.") and fault.subject not in known
        ):
            found.append(active)
    return found


LOOKS_ON = 5 * SECOND  # a watch that is silent for longer has gone home: what servers say then is not contradicted


def _claims(log: EvidenceLog, held: list[Reign]) -> list[Event]:
    """Own words of a take-over after which nobody heard that server."""
    return [
        event
        for event in own_word(log, Kind.SERVER_PROMOTED)
        if not any(r.server == event.subject and r.heard >= event.t - log.uncertainty(r.begun) for r in held)
    ]


def _notes(log: EvidenceLog, claims: list[Event]) -> tuple[Text, ...]:
    """What servers say of themselves and the outside contradicts."""
    notes = [say("{server} says that it took over; nobody else heard it", server=name) for name in _names(claims)]
    answers = outside(log, Kind.SERVICE_ANSWERED)
    if answers or outside(log, Kind.SERVICE_CHECKED):
        unheard = [
            e
            for e in own_word(log, Kind.SERVER_SERVING)
            if not any(text(a, "server") == e.subject and a.t >= e.t - log.uncertainty(a) for a in answers)
        ]
        notes += [
            say("{server} says that it serves; the watch got no answer from it", server=name)
            for name in _names(unheard)
        ]
    return tuple(notes)


def _names(events: list[Event]) -> list[str]:
    return list(dict.fromkeys(event.subject for event in events))


def judge(log: EvidenceLog, _expect: Expectation) -> Verdict:
    """Number of take-overs seen from outside against the number that the faults called for."""
    watch = outside(
        log,
        Kind.SERVER_ADVERTISED,
        Kind.SERVER_SILENT,
        Kind.SERVICE_CHECKED,
        Kind.SERVICE_LOST,
        Kind.SERVICE_ANSWERED,
    )
    injected, seen = faults(log), watched(log)
    held = seen.reigns
    claims = [claim for claim in _claims(log, held) if not watch or claim.t <= watch[-1].t + LOOKS_ON]
    takeovers = [now for before, now in pairwise(held) if now.server != before.server]
    struck = _struck(log, held)
    figures = {"takeovers": count(len(takeovers)), "called-for": count(len(struck))}
    returned = [now for before, now in pairwise(held) if now.server == before.server and before in struck]
    unsettled = [stop for stop in seen.unsettled if any(stop.subject == reign.server for reign in struck)]
    # What did not happen is proved only by a log that was watched to its end.
    absent = Outcome.FAIL if log.complete else Outcome.INCONCLUSIVE
    if takeovers and (not injected or takeovers[0].begun.t < injected[0].t):
        outcome = Outcome.FAIL
        reason = say("{server} took over without any fault before it", server=takeovers[0].server)
    elif len(takeovers) > max(len(struck), _may(log)):
        outcome = Outcome.FAIL
        reason = say("{seen} take-overs were seen where {due} was called for", seen=len(takeovers), due=len(struck))
    elif claims and not watch:
        outcome = Outcome.INCONCLUSIVE
        reason = say("Only {server} itself says that it took over; no watch looked", server=claims[0].subject)
    elif claims:
        outcome = absent
        reason = say("{server} says that it took over, and the watch never heard it", server=claims[0].subject)
    elif not held:
        outcome, reason = Outcome.INCONCLUSIVE, say("No server was heard by an outside watch")
    elif len(takeovers) < len(struck) and unsettled:
        outcome = Outcome.INCONCLUSIVE
        reason = say(
            "No other server took over, and the watch did not hear {server} fall silent after the fault at {at}: "
            "it may have come back at once",
            server=unsettled[0].subject,
            at=show_duration(unsettled[0].t),
        )
    elif len(takeovers) < len(struck) and returned:
        outcome = absent
        reason = say(
            "{seen} take-overs were seen where {due} was called for; {server} came back by itself",
            seen=len(takeovers),
            due=len(struck),
            server=returned[0].server,
        )
    elif len(takeovers) < len(struck):
        outcome = absent
        reason = say("{seen} take-overs were seen where {due} was called for", seen=len(takeovers), due=len(struck))
    elif not injected:
        outcome, reason = Outcome.INCONCLUSIVE, say("No fault was injected, so nothing had to take over")
    elif len(takeovers) > len(struck):
        outcome = Outcome.PASS
        reason = say(
            "{server} took over; faults called for {due} of the {seen} take-overs and permitted the others",
            server=takeovers[-1].server,
            due=len(struck),
            seen=len(takeovers),
        )
    elif takeovers:
        outcome, reason = (
            Outcome.PASS,
            say("{server} took over, once for each fault that called for it", server=takeovers[-1].server),
        )
    else:
        outcome, reason = Outcome.PASS, say("The active server was not struck, and none took over")
    return Verdict(
        ID,
        outcome,
        reason,
        figures["takeovers"],
        None,
        numbers(injected, claims, [r.begun for r in held]),
        figures,
        notes=_notes(log, claims),
    )


def _may(log: EvidenceLog) -> int:
    """Take-overs that faults permit without calling for them: a lost heartbeat may be answered by fencing."""
    return sum(text(fault, "fault") in _PERMITS for fault in faults(log))


CRITERION = Criterion(
    ID, say("One take-over for each fault that calls for it"), frozenset({Kind.SERVER_ADVERTISED}), {}, judge
)
