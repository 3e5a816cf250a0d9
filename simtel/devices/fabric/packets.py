"""Packet core: no matrix. Every call that has entered needs its share of the LAN, whatever it is joined with."""

from simtel.devices.fabric.fabric import Packets


class PacketCore:
    """Calls whose speech the LAN carries."""

    cause = "fabric"

    def __init__(self, figures: Packets) -> None:
        self._paths = figures.paths
        self._calls: set[str] = set()

    def enter(self, call: str) -> bool:
        """Room for one more?"""
        if len(self._calls) >= self._paths:
            return False
        self._calls.add(call)
        return True

    def fits(self, span: str, slot: int, seat: str) -> bool:
        """Who has entered can be joined with anybody."""
        return True

    def join(self, call: str, span: str, slot: int, seat: str) -> bool:
        """Packets find their way."""
        return True

    def part(self, call: str) -> None:
        """Nothing to give back."""

    def leave(self, call: str) -> None:
        """Its share is free."""
        self._calls.discard(call)

    def clear(self) -> None:
        """All are gone."""
        self._calls.clear()

    def busy(self) -> int:
        """Calls that it carries."""
        return len(self._calls)
