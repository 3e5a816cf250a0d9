"""Calls of a call generator that tries the switching fabric: each on a chosen circuit, for a chosen seat.

A call comes every `pace`; those before it that are to be over by then end meanwhile. The pace must leave time for the
agent's answer and his wrap-up: a site that is slower sees the same calls in another order. A call that is not to end
talks until the load does.
"""

from collections.abc import Callable, Iterator

from simtel.core.clock import SECOND
from simtel.core.streams import Streams
from simtel.devices.callers import Arrival
from simtel.devices.circuits import SLOTS
from simtel.devices.fabric.bound import never_refuses
from simtel.devices.fabric.build import build
from simtel.devices.fabric.search import permutations, search
from simtel.profiles.spec import SiteSpec
from simtel.scenario.spec import Load
from simtel.target import building
from simtel.target.plan import START_UP, load_length


def connections(
    load: Load, site: SiteSpec, streams: Streams, tell: Callable[[bool, bool, int], object]
) -> Iterator[Arrival]:
    """The arrivals of a load of kind `connections`. `tell` is told what a search came to: whether it found a
    refusal, whether by the figures there is none, and how many calls are offered."""
    names, figures = building.names(site), building.fabric(site)
    circuits = [(span, slot) for span in names.spans for slot in SLOTS]
    seats, stream = list(names.seats), streams("connections")
    if load.order == "sought":
        never = never_refuses(figures, circuits, seats)
        steps, found = search(lambda: build(figures), circuits, seats, load.calls, stream)
        tell(found, never, sum(bool(step.seat) for step in steps))
    else:
        steps = permutations(circuits, seats, load.calls, stream)
    turns: dict[int, int] = {}  # call -> when it comes, by count of calls
    over: dict[int, int] = {}
    for step in steps:
        if step.seat:
            turns[step.call] = len(turns)
        else:
            over[step.call] = len(turns)
    for step in steps:
        if step.seat:
            turn, end = turns[step.call], over.get(step.call)
            at = START_UP + turn * load.pace
            # The call before the one that takes its place has come: half a pace later it is joined, and this may end.
            until = load_length(load) if end is None else START_UP + end * load.pace - load.pace // 2
            yield Arrival(at, max(SECOND, until - at), step.seat, circuit=(step.span, step.slot))
