"""What parts cost, and what a site costs that is made of them. Without prices every site costs nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simtel.core.i18n import Message
from simtel.sizing.design.need import Parts

# What has a price: its name in words, and how many of it a site has.
PRICED: Final[dict[str, tuple[Message, Callable[[Parts], int]]]] = {
    "agent": (Message("agents on duty"), lambda parts: parts.agents),
    "seat": (Message("seats"), lambda parts: parts.seats),
    "e1": (Message("E1 spans"), lambda parts: sum(parts.spans)),
    "loop-module": (Message("4-line loop modules"), lambda parts: parts.loops),
    "ivr-port": (Message("IVR ports"), lambda parts: parts.ivr_ports),
    "core-channel": (Message("core channels"), lambda parts: parts.core_channels),
    "agent-licence": (Message("agent licences"), lambda parts: parts.agent_licences),
    "recording-licence": (Message("recording licences"), lambda parts: parts.recording),
    "board": (Message("24-port boards"), lambda parts: parts.boards),
    "server": (Message("servers"), lambda parts: parts.servers),
    "switch": (Message("LAN switches"), lambda parts: parts.switches),
    "telephone": (Message("telephones of seats"), lambda parts: parts.seats),
    "headset": (Message("headsets"), lambda parts: parts.seats),
}
QUOTATION: Final = {
    "e1": 18_000.0, "loop-module": 6_000.0, "core-channel": 3_000.0, "agent-licence": 2_000.0,
    "recording-licence": 1_000.0, "board": 26_000.0, "server": 45_000.0, "headset": 300.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What a site pays for one kind of part."""

    part: str
    name: Message
    number: int
    price: float

    @property
    def amount(self) -> float:
        """Of all of them."""
        return self.number * self.price


def priced(parts: Parts, prices: tuple[tuple[str, float], ...]) -> list[Line]:
    """What each kind of part costs that has a price."""
    return [Line(name, PRICED[name][0], PRICED[name][1](parts), price) for name, price in prices]


def cost(parts: Parts, prices: tuple[tuple[str, float], ...]) -> float:
    """What all parts cost together."""
    return sum(line.amount for line in priced(parts, prices))
