"""Who held which timeslot and which port of a board, and when one could not be used, read from the evidence alone.

A timeslot or port is, from the least to the gravest: idle, ringing (ports), in use, out (a timeslot that one end keeps
from every call until it is reset: `channel.state`), blocked (in order itself, but no call can come to it: the
signalling of its span is down, or its telephone is off-hook without a call), faulty (its span carries no speech, or a
fault struck it, its group of ports or its board and is not undone). A place that was in use when it became faulty
counts as faulty. Faults of a span that leave it its speech are not painted: what they do to its timeslots is. Which
seat hangs on which port, the roles of the header say ("board.1 port 3"), and so which units lose their power with a
feed ("feed.1 units") or stand in the box of a server ("server.a units").
"""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog
from simtel.report import history
from simtel.report.history import Stretch, natural
from simtel.verdict.census import calls, end_of, faults, outside, text, whole

IDLE, RINGING, USED, OUT, BLOCKED, FAULTY = "idle", "ringing", "used", "out", "blocked", "faulty"
_PORT = re.compile(r"(.+) port (\d+)")
_TIMESLOTS = 31  # of an E1, without the one that synchronises
_ALL = 0  # instead of a timeslot: every one of the span
_MUTE = (
    FaultKind.SPAN_CUT, FaultKind.SPAN_DEAF, FaultKind.SPAN_MUTE, FaultKind.SPAN_AIS, FaultKind.SPAN_LOF,
)  # fmt: skip
_T16AIS = "t16ais"  # the one alarm with which speech passes


class Place(NamedTuple):
    """One timeslot or port: its number, the seat on it (empty: none, or a timeslot), and when it was in which state."""

    number: int
    seat: str
    states: dict[str, list[Stretch]]

    def at(self, t: int) -> str:
        """The gravest state at an instant."""
        for state in (FAULTY, BLOCKED, OUT, USED, RINGING):
            if any(since <= t < until for since, until in self.states.get(state, ())):
                return state
        return IDLE


Unit = dict[str, list[Place]]  # span or board -> its places, in order


def spans(log: EvidenceLog) -> Unit:
    """Every span of the site, and what else carried a call on a numbered line."""
    used = history.slots(log)
    found: Unit = {}
    for span in dict.fromkeys([*log.header.roles.get("spans", ()), *used]):
        mine = used.get(span, {})
        digital = span.startswith("span.") and max(mine, default=0) <= _TIMESLOTS
        numbers = sorted({*range(1, _TIMESLOTS + 1)} - {16} | set(mine)) if digital else sorted(mine)
        out = _out(log, span)
        speechless = [(fault.t, history.undone(log, fault)) for fault in faults(log)
                      if fault.subject == span and text(fault, "fault") in _MUTE]  # fmt: skip
        shared = {
            FAULTY: _alarms(log, span, speech=False) + speechless,
            BLOCKED: _alarms(log, span, speech=True) + _silent(log, span),
        }
        found[span] = [
            Place(n, "", {
                USED: [s for of in mine.get(n, {}).values() for s in of],
                OUT: [*out.get(n, ()), *out.get(_ALL, ())],
                **shared,
            }) for n in numbers
        ]  # fmt: skip
    return {span: found[span] for span in sorted(found, key=natural)}


def boards(log: EvidenceLog) -> Unit:
    """Every board of the site with the ports that the header names."""
    found: Unit = {}
    talks = _talks(log)
    rings = history.seats(log)
    for role, seats in log.header.roles.items():
        named = _PORT.fullmatch(role)
        if named is None:
            continue
        board, number, seat = named[1], int(named[2]), next(iter(seats), "")
        states = {
            USED: talks.get(seat, []),
            RINGING: rings.get(seat, {}).get("ringing", []),
            BLOCKED: _off_hook(log, role),
            FAULTY: _struck(log, board, f"port {number}") + _struck(log, board, _group(log, board, seat)),
        }
        found.setdefault(board, []).append(Place(number, seat, states))
    return {board: sorted(found[board]) for board in sorted(found, key=natural)}


def most_out(units: Unit) -> int | None:
    """The first instant at which the most timeslots were out of service; None when none ever was."""
    steps = sorted(
        (t, sign)
        for places in units.values() for place in places for since, until in _merged(place.states.get(OUT, ()))
        for t, sign in ((since, 1), (until, -1))
    )  # fmt: skip
    running = list(accumulate((sign for _, sign in steps), initial=0))[1:]
    return steps[running.index(max(running))][0] if steps else None


def _merged(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same without overlap: both ends of a timeslot may tell of it."""
    found: list[tuple[int, int]] = []
    for since, until in sorted(stretches):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(until, found[-1][1])
        else:
            found.append((since, until))
    return found


def busiest(log: EvidenceLog) -> int:
    """The first instant at which the most calls were up."""
    return max(history.calls_up(log), key=lambda step: step[1], default=(0, 0))[0]


def _talks(log: EvidenceLog) -> dict[str, list[Stretch]]:
    """For each seat, when its telephone, not its console, carried a talk."""
    found: dict[str, list[Stretch]] = {}
    for call in calls(log).values():
        for talk in call.talks:
            if text(talk.begun, "part") != "console":
                until = talk.left.t if talk.left is not None else end_of(log)
                found.setdefault(talk.seat, []).append((talk.begun.t, until))
    return found


def _group(log: EvidenceLog, board: str, seat: str) -> str:
    """The group of ports that a seat hangs on, as faults name it; never empty."""
    names = (role for role, seats in log.header.roles.items() if seat in seats and role.startswith(f"{board} group "))
    return next(names, f"{board} group -").removeprefix(f"{board} ")


def _struck(log: EvidenceLog, unit: str, part: str) -> list[Stretch]:
    """When a fault lay on a unit as a whole, or on that part of it."""
    mine = (fault for fault in faults(log) if fault.subject == unit and text(fault, "unit") in ("", part))
    return [(fault.t, history.undone(log, fault)) for fault in mine]


def _alarms(log: EvidenceLog, span: str, *, speech: bool) -> list[Stretch]:
    told = [e for e in outside(log, Kind.SPAN_ALARM) if (text(e, "alarm") == _T16AIS) is speech]
    return _between(log, span, told, lambda e: e.data.get("on") is True)


def _silent(log: EvidenceLog, span: str) -> list[Stretch]:
    return _between(log, span, outside(log, Kind.DCHANNEL_STATE), lambda e: e.data.get("up") is False)


def _out(log: EvidenceLog, span: str) -> dict[int, list[Stretch]]:
    """For each timeslot, `_ALL` too, when an end kept it from every call."""
    told: dict[int, list[Event]] = {}
    for event in outside(log, Kind.CHANNEL_STATE):
        told.setdefault(whole(event, "slot") or _ALL, []).append(event)
    return {
        slot: _between(log, span, events, lambda e: text(e, "state") != "in-service") for slot, events in told.items()
    }


def _between(log: EvidenceLog, span: str, told: list[Event], begins: Callable[[Event], bool]) -> list[Stretch]:
    """From each event of the span that begins something to the next of the same observer that ends it, or to the crash
    or the loss of power in which that observer forgot it.
    """
    found = []
    open_: dict[tuple[str, str], int] = {}
    crashes = [fault for fault in faults(log) if text(fault, "fault") in history.FORGETS]
    units = log.header.roles
    for event in sorted([*told, *crashes], key=lambda e: e.seq):
        if event.kind == Kind.FAULT_INJECTED:
            forgets = (event.subject, *units.get(f"{event.subject} units", ()))
            found += [(open_.pop(key), event.t) for key in list(open_) if key[0] in forgets]
        elif event.subject == span:
            key = (event.observer, text(event, "alarm"))
            if begins(event):
                open_.setdefault(key, event.t)
            elif key in open_:
                found.append((open_.pop(key), event.t))
    return found + [(since, end_of(log)) for since in open_.values()]


def _off_hook(log: EvidenceLog, port: str) -> list[Stretch]:
    found: list[Stretch] = []
    since: int | None = None
    for event in log.of(Kind.PORT_STATE):
        if event.subject != port:
            continue
        if text(event, "state") == "in-service":
            found += [(since, event.t)] if since is not None else []
            since = None
        elif since is None:
            since = event.t
    return found if since is None else [*found, (since, end_of(log))]
