"""What parts cost, and what a site costs that is made of them. Without prices every site costs nothing, and of a site
every part that has no price."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simtel.core.i18n import Message
from simtel.profiles.prices import PARTS, Price
from simtel.sizing.design.need import Need, Parts, analog_seats

# What has a price: the row of the bill that tells of it, and how many of it a site has.
COUNTS: Final[dict[str, tuple[str, Callable[[Need, Parts], int]]]] = {
    "agent": ("agents", lambda _, parts: parts.agents),
    "seat": ("seats", lambda _, parts: parts.seats),
    "e1": ("e1", lambda _, parts: sum(parts.spans)),
    "loop-module": ("lines", lambda _, parts: parts.loops),
    "ivr-port": ("ivr", lambda _, parts: parts.ivr_ports),
    "core-channel": ("core", lambda _, parts: parts.core_channels),
    "agent-licence": ("agent-licences", lambda _, parts: parts.agent_licences),
    "recording-licence": ("recording", lambda _, parts: parts.recording),
    "board": ("boards", lambda _, parts: parts.boards),
    "server": ("servers", lambda _, parts: parts.servers),
    "switch": ("switches", lambda _, parts: parts.switches),
    "headset": ("headsets", lambda need, parts: analog_seats(need, parts.seats)),
    "ip-telephone": ("ip-phones", lambda need, parts: parts.seats - analog_seats(need, parts.seats)),
}
# What is dearer where nobody gave prices: the quotation (hardware_profiles/prices/quotation.yaml).
QUOTATION: Final = {
    "e1": 18_000.0, "loop-module": 6_000.0, "core-channel": 3_000.0, "agent-licence": 2_000.0,
    "recording-licence": 1_000.0, "board": 26_000.0, "server": 45_000.0, "headset": 300.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What a site pays for one kind of part. `known`: on what its price rests; None where nobody said."""

    part: str
    row: str  # of the bill
    name: Message
    number: int
    price: float
    known: Price | None = None

    @property
    def amount(self) -> float:
        """Of all of them."""
        return self.number * self.price

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that they may cost: two amounts where the price is assumed."""
        low, high = (self.price, self.price) if self.known is None else self.known.ends
        return self.number * low, self.number * high


def priced(need: Need, parts: Parts) -> list[Line]:
    """What each kind of part costs that has a price."""
    known = {price.part: price for price in need.listed}
    return [
        Line(part, COUNTS[part][0], PARTS[part], COUNTS[part][1](need, parts), price, known.get(part))
        for part, price in need.prices
    ]


def unpriced(need: Need, parts: Parts) -> dict[str, int]:
    """The kinds of parts of a site that have no price, and how many of each there are."""
    known = dict(need.prices)
    found = {part: count(need, parts) for part, (_, count) in COUNTS.items() if part not in known}
    return {part: number for part, number in found.items() if number}


def cost(need: Need, parts: Parts) -> float:
    """What all parts cost together."""
    return sum(COUNTS[part][1](need, parts) * price for part, price in need.prices)


def cost_ends(need: Need, parts: Parts) -> tuple[float, float]:
    """The least and the most that all parts cost together; they differ where a price is assumed."""
    ends = [line.ends for line in priced(need, parts)]
    return sum(low for low, _ in ends), sum(high for _, high in ends)
