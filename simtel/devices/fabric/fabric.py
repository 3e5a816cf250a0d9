"""What a call server asks of its switching fabric, the figures of each kind, and how a call's ends become ports.

A call enters when the server answers it: it is heard by the IVR and the queue. It is joined with a seat while that
rings and talks, and then parted from it. Circuits and seats have ports of their own, in the order of their numbers:
span.1 has the first thirty, seat.1 the first; the lines of loop trunk modules come after the last E1.
"""

from typing import Protocol

import msgspec

from simtel.devices.circuits import SLOTS
from simtel.devices.wiring import LOOP

FIRST_FIT, PACKING, CYCLIC, RANDOM = ROUTING = ("first-fit", "packing", "cyclic", "random")
_PLACE = {slot: place for place, slot in enumerate(SLOTS)}


class Fabric(Protocol):
    """A switching fabric. `cause`: what it lacked when it last said no, in a word."""

    cause: str

    def enter(self, call: str) -> bool:
        """A call comes in; says whether there is room for its speech."""

    def fits(self, span: str, slot: int, seat: str) -> bool:
        """Whether a call on that circuit, which has entered, could be joined with the seat now. Changes nothing."""

    def join(self, call: str, span: str, slot: int, seat: str) -> bool:
        """Let the two hear each other; says whether there is a path."""

    def part(self, call: str) -> None:
        """The seat is through with the call, which stays."""

    def leave(self, call: str) -> None:
        """The call is over: give back whatever it has."""

    def clear(self) -> None:
        """Forget every call."""

    def busy(self) -> int:
        """Paths or places in use; nothing when no call is there."""


class Packets(msgspec.Struct, frozen=True, tag=True):
    """The LAN carries the speech of so many calls at once."""

    paths: int


class Interchange(msgspec.Struct, frozen=True, tag=True):
    """Timeslot interchange: places in its speech memory, and accesses to it per second."""

    slots: int
    accesses: float


class Stages(msgspec.Struct, frozen=True, tag=True):
    """Clos network C(m, n, r): r outer switches of n ports on each side, m middle switches."""

    inlets: int  # n
    middle: int  # m
    outer: int  # r
    routing: str = FIRST_FIT
    rearranges: bool = False
    spans: int = 0  # E1s, before the lines of loop trunk modules
    lines: int = 0  # of each of these modules


Figures = Packets | Interchange | Stages


def circuit_port(figures: Stages, span: str, slot: int) -> int:
    """Port of a circuit, from 0."""
    before = int(span.rpartition(".")[2]) - 1
    if span.startswith(LOOP):
        return figures.spans * len(SLOTS) + before * figures.lines + slot - 1
    return before * len(SLOTS) + _PLACE[slot]


def seat_port(seat: str) -> int:
    """Port of a seat, from 0."""
    return int(seat.rpartition(".")[2]) - 1
