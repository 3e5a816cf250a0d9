"""`sweep: takeover`: a scenario repeated with its fault at every replication step of one call.

A first run without any fault shows what happens to the first call that reaches an agent. Each instant at which
something changed for that call is struck twice: one microsecond after the change, when the standby cannot know of it
yet, and one millisecond after the replication lag, when it should. Each strike is an item of its own,
`<scenario>@<n>-<event>-<before|after>`; tables show all of a sweep as one row, whose outcome is the worst.
"""

import msgspec

from simtel.core.clock import MS, US, Ns
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog
from simtel.run.plan import Item

LAG = "servers.replication.lag"


def baseline(item: Item) -> Item:
    """The item without its faults."""
    return msgspec.structs.replace(item, scenario=msgspec.structs.replace(item.scenario, faults=(), sweep=""))


def steps(log: EvidenceLog) -> list[Event]:
    """The events of the first call that reaches an agent, one for each instant; empty when none does."""
    talking = log.of(Kind.SEAT_TALKING)
    if not talking:
        return []
    instants: dict[int, Event] = {}
    for event in log.events:
        if event.call == talking[0].call:
            instants.setdefault(event.t, event)
    return list(instants.values())


def strikes(item: Item, log: EvidenceLog) -> list[Item]:
    """The items of the sweep, after what its baseline showed."""
    lag = item.site.time(LAG) if LAG in item.site.figures else 0
    found = []
    for number, event in enumerate(steps(log), start=1):
        for side, late in (("before", US), ("after", lag + MS)):
            faults = tuple(
                msgspec.structs.replace(fault, at=Ns(event.t + late), after=None) for fault in item.scenario.faults
            )
            name = f"{item.scenario.id}@{number}-{event.kind}-{side}"
            scenario = msgspec.structs.replace(item.scenario, id=name, faults=faults, sweep="")
            found.append(msgspec.structs.replace(item, scenario=scenario))
    return found
