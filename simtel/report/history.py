"""What happened over time, read from the evidence alone: series and stretches, ready to be drawn.

Nothing is judged here. What servers say of themselves is kept apart from what others saw of them.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog
from simtel.verdict.census import calls, end_of, faults, outside, own_word, text, whole
from simtel.verdict.reigns import reigns

Series = list[tuple[int, int]]  # (instant, count from then on)
Stretch = tuple[int, int]  # from, to
Slots = dict[int, dict[str, list[Stretch]]]  # timeslot -> fate of its calls -> when
CUT, KEPT = "cut", "kept"
FORGETS = (FaultKind.CRASH, FaultKind.POWER_LOST, FaultKind.LATENT)  # what it held in memory is gone
DEADLY = (*FORGETS, FaultKind.HANG, FaultKind.LINK_DOWN)


def calls_up(log: EvidenceLog) -> Series:
    """Answered calls that are up."""
    changes: list[tuple[int, int]] = []
    for call in calls(log).values():
        if call.connected is not None:
            changes.append((call.connected.t, 1))
            changes += [(call.end.t, -1)] if call.end is not None else []
    return _running(changes)


def calls_cut(log: EvidenceLog) -> Series:
    """How many calls were cut at each instant."""
    cut = Counter(event.t for event in log.of(Kind.CALL_ENDED) if text(event, "disposition") == "cut")
    return sorted(cut.items())


def attempts_refused(log: EvidenceLog) -> Series:
    """How many attempts were refused at each instant."""
    return sorted(Counter(event.t for event in log.of(Kind.CALL_REFUSED)).items())


def registrations(log: EvidenceLog) -> dict[str, Series]:
    """For each server, how many devices believe that they are registered with it, whatever became of the server."""
    found: dict[str, list[tuple[int, int]]] = {}
    held: set[tuple[str, str]] = set()
    for event in log.of(Kind.REGISTRATION_MADE, Kind.REGISTRATION_LOST):
        server, made = text(event, "server"), event.kind == Kind.REGISTRATION_MADE
        if made != ((event.subject, server) in held):
            (held.add if made else held.discard)((event.subject, server))
            found.setdefault(server, []).append((event.t, 1 if made else -1))
    return {server: _running(changes) for server, changes in sorted(found.items())}


# What befalls the registrations of a server, in the order in which it counts when it happens at one instant.
_UP, _LOST, _MADE, _DOWN, _FORGETS = range(5)
_TOLD = {Kind.REGISTRATION_MADE: _MADE, Kind.REGISTRATION_LOST: _LOST}


class Down(NamedTuple):
    """A stretch in which a server could not answer, and whether it forgot its registrations in it."""

    since: int
    until: int
    forgets: bool


def down(log: EvidenceLog) -> dict[str, list[Down]]:
    """For each server, when it could not answer: from a fault that struck the server itself until that was undone, and
    from when it fell silent without stepping back until it was heard again.
    """
    found: dict[str, list[Down]] = {}
    for fault in faults(log):
        kind = text(fault, "fault")
        if kind in DEADLY:
            found.setdefault(fault.subject, []).append(Down(fault.t, undone(log, fault), kind in FORGETS))
    back = {e.subject: e.t for e in own_word(log, Kind.SERVER_DEMOTED)}
    adverts = outside(log, Kind.SERVER_ADVERTISED)
    unplugged = any(text(fault, "fault") == FaultKind.POWER_LOST for fault in faults(log))
    for event in outside(log, Kind.SERVER_SILENT):
        since = _begun(log, event)
        if not since <= back.get(event.subject, -1) <= event.t:
            heard = next((e.t for e in adverts if e.subject == event.subject and e.t > event.t), end_of(log))
            found.setdefault(event.subject, []).append(Down(since, heard, unplugged))
    return found


def undone(log: EvidenceLog, fault: Event) -> int:
    """When a fault was undone; the end of watching when it never was."""
    same = (e.t for e in log.of(Kind.FAULT_CLEARED) if whole(e, "number") == whole(fault, "number"))
    return next(same, end_of(log))


def answered(log: EvidenceLog, server: str) -> Series:
    """Devices registered with a server while it could answer them; one that forgot them counts them anew."""
    told = [event for event in log.of(*_TOLD) if text(event, "server") == server]
    steps = [(event.t, _TOLD[Kind(event.kind)], event.subject) for event in told]
    for one in down(log).get(server, []):
        steps += [(one.since, _FORGETS if one.forgets else _DOWN, ""), (one.until, _UP, "")]
    known: set[str] = set()
    away = 0
    found: Series = []
    for t, what, device in sorted(steps):
        if what == _MADE:
            known.add(device)
        elif what == _LOST:
            known.discard(device)
        elif what == _UP:
            away -= 1
        else:
            away += 1
            known = set() if what == _FORGETS else known
        found.append((t, 0 if away else len(known)))
    return found


def seen_active(log: EvidenceLog) -> dict[str, list[Stretch]]:
    """For each server, when others heard it as the active one; nobody heard anything once the watch had gone."""
    found: dict[str, list[Stretch]] = {}
    gone = watched(log)[-1][1] if log.of(Kind.SERVICE_CHECKED) else end_of(log)
    for reign in reigns(log):
        if reign.begun.t <= gone or reign.until < end_of(log):
            until = min(reign.until, gone) if reign.until == end_of(log) else reign.until
            found.setdefault(reign.server, []).append((reign.begun.t, max(until, reign.begun.t)))
    return found


def said_active(log: EvidenceLog) -> dict[str, list[Stretch]]:
    """For each server, when it was the active one by its own word (it may have died without another)."""
    begun: dict[str, int] = {}
    found: dict[str, list[Stretch]] = {}
    said = own_word(log, Kind.SERVER_PROMOTED, Kind.SERVER_SERVING, Kind.SERVER_DEMOTED)
    died = [event for event in faults(log) if text(event, "fault") == "crash"]
    for event in sorted([*said, *died], key=lambda e: e.seq):
        if event.kind in (Kind.SERVER_PROMOTED, Kind.SERVER_SERVING):
            begun.setdefault(event.subject, event.t)
        elif event.subject in begun:
            found.setdefault(event.subject, []).append((begun.pop(event.subject), event.t))
    for server, t in begun.items():
        found.setdefault(server, []).append((t, end_of(log)))
    return found


def words_said(log: EvidenceLog) -> list[Event]:
    """The instants at which servers say something of themselves."""
    return own_word(log, Kind.SERVER_DETECTED, Kind.SERVER_PROMOTED, Kind.SERVER_SERVING, Kind.SERVER_DEMOTED)


def server_names(log: EvidenceLog) -> list[str]:
    """Every server of the header, and any other that was seen or spoke."""
    named = [*log.header.roles.get("servers", ())]
    spoke = [event.subject for event in log.of(
        Kind.SERVER_ADVERTISED, Kind.SERVER_DETECTED, Kind.SERVER_PROMOTED, Kind.SERVER_SERVING)]  # fmt: skip
    return list(dict.fromkeys([*named, *sorted(set(spoke))]))


def outages(log: EvidenceLog) -> list[Stretch]:
    """When no service check was answered: from the last answered one, or from a fault that struck after it, to the
    next answer, or to the last check of all.
    """
    found: list[Stretch] = []
    since: int | None = None
    for event in outside(log, Kind.SERVICE_LOST, Kind.SERVICE_ANSWERED):
        if event.kind == Kind.SERVICE_LOST and since is None:
            since = _begun(log, event)
        elif event.kind == Kind.SERVICE_ANSWERED and since is not None:
            found.append((since, event.t))
            since = None
    return found if since is None else [*found, (since, max(since, watched(log)[-1][1]))]


def _begun(log: EvidenceLog, lost: Event) -> int:
    """When a silence began: at the last sign of life, or at a fault that struck after it."""
    since = whole(lost, "since")
    if since is None:
        return lost.t
    slack = log.uncertainty(lost)
    behind = (fault.t for fault in faults(log) if since - slack <= fault.t <= lost.t)
    return max(since, next(behind, since))


def watched(log: EvidenceLog) -> list[Stretch]:
    """When somebody asked for the service: from the first to the last word of the watch; empty when nobody did."""
    asked = outside(log, Kind.SERVICE_CHECKED, Kind.SERVICE_LOST, Kind.SERVICE_ANSWERED)
    return [(asked[0].t, asked[-1].t)] if asked else []


def slots(log: EvidenceLog) -> dict[str, Slots]:
    """For each span and timeslot, when it carried a call, apart for calls that were cut in the end."""
    cut = {event.call for event in log.of(Kind.CALL_ENDED) if text(event, "disposition") == "cut"}
    found: dict[str, Slots] = {}
    open_: dict[tuple[str, int], Event] = {}

    def carried(begun: Event, slot: int, end: int) -> None:
        fate = CUT if begun.call in cut else KEPT
        found.setdefault(begun.subject, {}).setdefault(slot, {}).setdefault(fate, []).append((begun.t, end))

    for event in log.of(Kind.TRUNK_SEIZED, Kind.TRUNK_FREED):
        slot = whole(event, "slot") or 0
        held = open_.pop((event.subject, slot), None)
        if held is not None:
            carried(held, slot, event.t)
        if event.kind == Kind.TRUNK_SEIZED:
            open_[event.subject, slot] = event
    for (_, slot), event in open_.items():
        carried(event, slot, end_of(log))
    return {span: found[span] for span in sorted(found, key=natural)}


def seats(log: EvidenceLog) -> dict[str, dict[str, list[Stretch]]]:
    """For each seat of the site and state of its agent, when the agent was in it; nothing for one that nobody saw."""
    if not log.of(Kind.AGENT_STATE):
        return {}
    found: dict[str, dict[str, list[Stretch]]] = {seat: {} for seat in log.header.roles.get("seats", ())}
    last: dict[str, Event] = {}
    for event in log.of(Kind.AGENT_STATE):
        before = last.get(event.subject)
        if before is not None:
            found.setdefault(event.subject, {}).setdefault(text(before, "state"), []).append((before.t, event.t))
        last[event.subject] = event
    for seat, event in last.items():
        found.setdefault(seat, {}).setdefault(text(event, "state"), []).append((event.t, end_of(log)))
    return {seat: found[seat] for seat in sorted(found, key=natural)}


def refusals(log: EvidenceLog) -> dict[str, list[int]]:
    """For each seat, when its agent was told that he cannot log in."""
    found: dict[str, list[int]] = {}
    for event in log.of(Kind.AGENT_REFUSED):
        found.setdefault(event.subject, []).append(event.t)
    return found


def natural(name: str) -> list[tuple[int, str]]:
    """Sorts seat.2 before seat.10."""
    parts = name.replace("-", ".").split(".")
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts]


def _running(changes: Iterable[tuple[int, int]]) -> Series:
    total = 0
    series: Series = []
    for t, change in sorted(changes):
        total += change
        if series and series[-1][0] == t:
            series[-1] = (t, total)
        else:
            series.append((t, total))
    return series
