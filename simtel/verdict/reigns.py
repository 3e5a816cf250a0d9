"""Who was the active server when, as an outside watch hears it.

A server is active from its first advert until one interval after the last one that the watch heard before it fell
silent, or until the fault that stopped it; one that never fell silent still is. After a fault that stopped it, the
next advert that the watch reports begins another stretch.

A watch that was not told of the fault cannot see a server that is back before a second advert is missing: nothing
was missed, so nothing is reported. What is left to see is what fails to come. A stopped server falls silent, and the
watch says so, with an instant close to the fault. When it says nothing, or dates the last advert more than one
interval after the fault, then the server may have come back at once, or the watch went home before it could tell:
`Watched.unsettled` names such servers, and nothing is concluded about them.
"""

from dataclasses import dataclass, field

from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog
from simtel.verdict.census import end_of, faults, outside, text, whole

_STOPS = (FaultKind.CRASH, FaultKind.POWER_LOST)
INTERVALS = 3.5  # the watch says that a server is silent so many intervals after its last advert


@dataclass(slots=True)
class Reign:
    """One stretch in which a server was active: last heard at `heard`, and still so at least until `until`."""

    server: str
    begun: Event
    heard: int
    until: int


@dataclass(slots=True)
class Watched:
    """What the watch makes known: the stretches in order, and the faults after which it cannot tell (see above)."""

    reigns: list[Reign] = field(default_factory=list)
    unsettled: list[Event] = field(default_factory=list)


def watched(log: EvidenceLog) -> Watched:
    """Who was active when, from adverts heard by others and the faults that stopped a server."""
    found = Watched()
    current: dict[str, Reign] = {}
    stopped: dict[str, Event] = {}
    seen = outside(log, Kind.SERVER_ADVERTISED, Kind.SERVER_SILENT)
    stops = [fault for fault in faults(log) if text(fault, "fault") in _STOPS]
    for event in sorted([*seen, *stops], key=lambda e: e.seq):
        server = event.subject
        reign = current.get(server)
        if event.kind == Kind.SERVER_ADVERTISED:
            stopped.pop(server, None)
            if reign is None:
                reign = current[server] = Reign(server, event, end_of(log), end_of(log))
                found.reigns.append(reign)
        elif event.kind == Kind.SERVER_SILENT:
            since = whole(event, "since")
            since = event.t if since is None else since
            interval = round((event.t - since) / INTERVALS)
            stop = stopped.pop(server, None)
            if reign is not None:
                reign.heard = max(since, reign.begun.t)
                reign.until = reign.heard + interval
                del current[server]
            elif stop is not None and since > stop.t + interval + log.uncertainty(event):
                found.unsettled.append(stop)
        elif reign is not None:
            reign.heard = reign.until = max(event.t, reign.begun.t)
            stopped[server] = event
            del current[server]
    found.unsettled += stopped.values()
    return found


def reigns(log: EvidenceLog) -> list[Reign]:
    """The stretches alone."""
    return watched(log).reigns
