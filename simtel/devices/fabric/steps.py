"""The language of a search: calls that come and end, and what a fabric says to them."""

from collections.abc import Sequence
from typing import NamedTuple

from simtel.devices.fabric.fabric import Fabric

Circuit = tuple[str, int]


class Step(NamedTuple):
    """A call comes in on a circuit for a seat, or (`seat` empty) the call of that number ends."""

    call: int
    span: str = ""
    slot: int = 0
    seat: str = ""


def refusal(fabric: Fabric, steps: Sequence[Step]) -> int | None:
    """Which step an empty fabric refuses first: its index. A port that is taken twice refuses as well, as -1."""
    ends: dict[int, tuple[Circuit, str]] = {}
    for index, step in enumerate(steps):
        name = str(step.call)
        if not step.seat:
            fabric.leave(name)
            del ends[step.call]
            continue
        circuit = step.span, step.slot
        if any(circuit == had or step.seat == seat for had, seat in ends.values()):
            return -1
        ends[step.call] = circuit, step.seat
        if not (fabric.enter(name) and fabric.join(name, *circuit, step.seat)):
            return index
    return None
