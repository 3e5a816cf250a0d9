"""promoted-once: the take-over happened once, as seen from outside, and never were two servers active at
once.

Counts: adverts that the watch hears (server.advertised, server.silent). A server is active from its first
advert until one interval after the last one that the watch heard before it fell silent, or until the fault
that stopped it; one that never fell silent still is. A take-over is an advert of another server than the one
active before. Each fault that strikes the active server calls for one take-over; a server that comes back by
itself makes none. Fails: two active at once, that is one heard after the first advert of another (by more
than the uncertainty of the watch), however briefly; a take-over too many (without a fault, or a change
back), none although the active server was struck, or none seen while a server says that it took over.
Inconclusive: no watch, or an active server that nobody saw.
"""

from dataclasses import dataclass
from itertools import pairwise

from simtel.core.clock import SECOND
from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import end_of, faults, outside, own_word, servers, text, whole
from simtel.verdict.criterion import Criterion
from simtel.verdict.verdict import Outcome, Text, Verdict, count, numbers, say, show_duration, time

ID = "promoted-once"
_STOPS = (FaultKind.CRASH, FaultKind.POWER_LOST)
INTERVALS = 3.5  # the watch says that a server is silent so many intervals after its last advert
_STRIKES = (FaultKind.CRASH, FaultKind.HANG, FaultKind.LINK_DOWN, FaultKind.POWER_LOST)


@dataclass(slots=True)
class Reign:
    """One stretch in which a server was active: last heard at `heard`, and still so at least until `until`."""

    server: str
    begun: Event
    heard: int
    until: int


def reigns(log: EvidenceLog) -> list[Reign]:
    """Who was active when, from adverts heard by others and the faults that stopped a server."""
    found: list[Reign] = []
    current: dict[str, Reign] = {}
    seen = outside(log, Kind.SERVER_ADVERTISED, Kind.SERVER_SILENT)
    stops = [fault for fault in faults(log) if text(fault, "fault") in _STOPS]
    for event in sorted([*seen, *stops], key=lambda e: e.seq):
        reign = current.get(event.subject)
        if event.kind == Kind.SERVER_ADVERTISED:
            if reign is None:
                reign = current[event.subject] = Reign(event.subject, event, end_of(log), end_of(log))
                found.append(reign)
        elif reign is not None:
            since = whole(event, "since") if event.kind == Kind.SERVER_SILENT else None
            reign.heard = reign.until = max(event.t if since is None else since, reign.begun.t)
            if since is not None:
                reign.until += round((event.t - since) / INTERVALS)
            del current[event.subject]
    return found


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


def _overlap(log: EvidenceLog, held: list[Reign]) -> tuple[int, int, Reign] | None:
    """(longest time in which two servers were active at once, its uncertainty, the later of the two).

    Who was heard no more once another spoke up had given way; one that was is a second active server.
    """
    worst: tuple[int, int, Reign] | None = None
    for index, later in enumerate(held):
        for earlier in held[:index]:
            if earlier.server != later.server:
                slack = log.uncertainty(later.begun)
                both = min(earlier.heard, later.until) - later.begun.t
                if earlier.heard > later.begun.t + slack and (worst is None or both > worst[0]):
                    worst = (both, slack, later)
    return worst


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
    injected, held = faults(log), reigns(log)
    claims = [claim for claim in _claims(log, held) if not watch or claim.t <= watch[-1].t + LOOKS_ON]
    takeovers = [now for before, now in pairwise(held) if now.server != before.server]
    struck = _struck(log, held)
    figures = {"takeovers": count(len(takeovers)), "called-for": count(len(struck))}
    overlap = _overlap(log, held)
    if overlap is not None:
        figures["two-active"] = time(overlap[0], overlap[1])
    # What did not happen is proved only by a log that was watched to its end.
    absent = Outcome.FAIL if log.complete else Outcome.INCONCLUSIVE
    if overlap is not None:
        outcome = Outcome.FAIL
        reason = say(
            "Two servers were active at once for {time}; the second was {server}",
            time=show_duration(overlap[0]),
            server=overlap[2].server,
        )
    elif takeovers and (not injected or takeovers[0].begun.t < injected[0].t):
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
    return sum(text(fault, "fault") == FaultKind.HEARTBEAT_LOST for fault in faults(log))


CRITERION = Criterion(
    ID, say("One take-over, never two active servers"), frozenset({Kind.SERVER_ADVERTISED}), {}, judge
)
