"""What a run must keep, whatever the load and the faults: each breach in words, none for a sound site."""

from simtel.core.causes import CAUSES
from simtel.core.events import Event, Kind, field_errors
from simtel.core.faults import FaultKind
from simtel.devices.wiring import LOOP
from simtel.scenario.spec import Scenario
from simtel.verdict.criteria import one_active
from simtel.verdict.outcome import Outcome
from tests.properties.world import World

ORDER = {Kind.CALL_OFFERED: 0, Kind.TRUNK_SEIZED: 1, Kind.CALL_CONNECTED: 2, Kind.CALL_ENDED: 3}
# What keeps the watch from hearing a server that goes on.
_DEAFENING = (
    FaultKind.LINK_DOWN, FaultKind.CRASH, FaultKind.POWER_LOST, FaultKind.SLOW, FaultKind.CLOCK_BACK,
)  # fmt: skip

# What may make two servers active at once.
_SPLITTING = (
    FaultKind.HEARTBEAT_LOST, FaultKind.HEARTBEAT_ONE_WAY, FaultKind.STALL, FaultKind.SLOW, FaultKind.CLOCK_AHEAD,
    FaultKind.CLOCK_BACK,
)  # fmt: skip


def breaches(world: World, scenario: Scenario) -> list[str]:
    """All of them."""
    log = world.log
    found = list(world.unrest)
    split = any(fault.kind in _SPLITTING for fault in scenario.faults)
    for verdict in world.verdicts():
        due = verdict.criterion == one_active.ID and split  # then two may be active, and the verdict has to say so
        if verdict.outcome > Outcome.INCONCLUSIVE and not due:
            found.append(f"{verdict.criterion}: {verdict.reason} {[str(note) for note in verdict.notes]}")
        hearable = world.both_heard and all(fault.kind not in _DEAFENING for fault in scenario.faults)
        if verdict.criterion == one_active.ID and verdict.outcome is Outcome.PASS and hearable:
            found.append("two servers were active at once, and the verdict passes")
    if world.both_active and not split:
        found.append("two servers were active at once while they heard each other")
    found += [f"{event.seq}: {error}" for event in log.events for error in field_errors(event)]
    causes = {event.data["cause"] for event in log.of(Kind.CALL_REFUSED)}
    found += [f"refused for {cause}, which nobody knows" for cause in sorted(causes - set(CAUSES), key=str)]
    if any(a.t > b.t for a, b in zip(log.events, log.events[1:], strict=False)):
        found.append("time goes back")
    for call, events in log.by_call(*ORDER, Kind.TRUNK_FREED).items():
        found += [f"{call}: {wrong}" for wrong in _disorder(events)]
    return found


def _disorder(events: list[Event]) -> list[str]:
    """Offered, seized, connected, ended, each at most once and in that order; freed as often as seized. A call whose
    timeslot the far end refuses is moved before it is connected: it seizes another. A loop line cannot be refused: a
    module that is told too late that the call is over has lifted it all the same."""
    ended = next((n for n, event in enumerate(events) if event.kind == Kind.CALL_ENDED), len(events))
    told = [e for n, e in enumerate(events)
            if n < ended or e.kind != Kind.TRUNK_SEIZED or not e.subject.startswith(LOOP)]  # fmt: skip
    steps = [ORDER[Kind(event.kind)] for event in told if event.kind in ORDER]
    seized = ORDER[Kind.TRUNK_SEIZED]
    steps = [step for n, step in enumerate(steps) if steps[max(n - 1, 0) : n + 1] != [seized, seized]]
    wrong = [] if steps == sorted(set(steps)) else [f"order of events {[event.kind for event in events]}"]
    slots = [
        [(e.subject, e.data["slot"]) for e in events if e.kind == kind]
        for kind in (Kind.TRUNK_SEIZED, Kind.TRUNK_FREED)
    ]
    if slots[0] != slots[1]:
        wrong.append(f"seized {slots[0]}, freed {slots[1]}")
    return wrong
