"""Search for calls that a fabric refuses although their circuit and their seat are free.

A Clos network is led there first, by what its routing does (`steer`). Else, or where that comes to nothing, calls come
and go at random between few circuits and the seats, so that the fabric is nearly full all the time; before each one,
pairs of free ends are tried on paper (`Fabric.fits`). The first pair that does not fit ends the search. Calls that the
refusal does not need are struck out. It is bounded: so many tries and walks of so many calls. What it does not find
may exist; whether a fabric never refuses is said by its figures alone (`bound`).
"""

from collections.abc import Callable, Sequence

from simtel.core.streams import Stream
from simtel.devices.fabric.clos import Clos
from simtel.devices.fabric.fabric import Fabric
from simtel.devices.fabric.steer import steered
from simtel.devices.fabric.steps import Circuit, Step, refusal

WALKS = 200  # C(6, 4, 15), one middle switch short, needs a few dozen at most
PROBES = 12  # pairs of free ends tried before each call
HANG_UP = 0.3  # chance that a call ends before the next one comes, while a seat is free
SPARE = 4  # circuits in play beyond the number of seats


def search(
    make: Callable[[], Fabric], circuits: Sequence[Circuit], seats: Sequence[str], calls: int, stream: Stream
) -> tuple[list[Step], bool]:
    """Steps of at most `calls` calls, and whether the last is refused with both its ends free."""
    net = make()
    if isinstance(net, Clos) and not net.figures.rearranges:
        led = steered(lambda: Clos(net.figures), circuits, seats, calls, stream)
        if led:
            return _shortened(make, led), True
    walked: list[Step] = []
    for _ in range(WALKS):
        size = min(len(circuits), len(seats) + SPARE)
        begin = stream.index(len(circuits) - size + 1)
        walked, found = _walk(make(), list(circuits[begin : begin + size]), list(seats), calls, stream)
        if found:
            return _shortened(make, walked), True
    return walked, False


def permutations(circuits: Sequence[Circuit], seats: Sequence[str], calls: int, stream: Stream) -> list[Step]:
    """Every seat is filled in random order from random circuits; then one call ends at a time and another takes its
    place from any free circuit: each is the last that the fabric can have."""
    steps: list[Step] = []
    up: dict[int, tuple[Circuit, str]] = {}
    idle, free = list(circuits), list(seats)
    for number in range(calls):
        if not free or not idle:
            over = list(up)[stream.index(len(up))]
            circuit, seat = up.pop(over)
            idle.append(circuit)
            free.append(seat)
            steps.append(Step(over))
        circuit, seat = idle.pop(stream.index(len(idle))), free.pop(stream.index(len(free)))
        up[number] = circuit, seat
        steps.append(Step(number, *circuit, seat))
    return steps


def _walk(fabric: Fabric, idle: list[Circuit], free: list[str], calls: int, stream: Stream) -> tuple[list[Step], bool]:
    steps: list[Step] = []
    up: dict[int, tuple[Circuit, str]] = {}
    for number in range(calls):
        if up and (not free or not idle or stream.chance(HANG_UP)):
            over = list(up)[stream.index(len(up))]
            circuit, seat = up.pop(over)
            idle.append(circuit)
            free.append(seat)
            fabric.leave(str(over))
            steps.append(Step(over))
        at, to = stream.index(len(idle)), stream.index(len(free))
        for _ in range(PROBES):
            if not fabric.fits(*idle[at], free[to]):
                return [*steps, Step(number, *idle[at], free[to])], True
            at, to = stream.index(len(idle)), stream.index(len(free))
        circuit, seat = idle.pop(at), free.pop(to)
        steps.append(Step(number, *circuit, seat))
        if not (fabric.enter(str(number)) and fabric.join(str(number), *circuit, seat)):
            return steps, True
        up[number] = circuit, seat
    return steps, False


def _shortened(make: Callable[[], Fabric], steps: list[Step]) -> list[Step]:
    """Without the calls, and without the hang-ups, that the refusal of the last step does not need."""
    length = len(steps) + 1
    while len(steps) < length:  # what is struck out may make more needless
        length = len(steps)
        for call in sorted({step.call for step in steps[:-1]}):
            steps = _fewer(make, steps, [step for step in steps if step.call != call])
        for over in [step for step in steps if not step.seat]:
            steps = _fewer(make, steps, [step for step in steps if step is not over])
    return steps


def _fewer(make: Callable[[], Fabric], steps: list[Step], fewer: list[Step]) -> list[Step]:
    return fewer if refusal(make(), fewer) == len(fewer) - 1 else steps
