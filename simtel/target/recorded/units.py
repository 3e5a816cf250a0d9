"""Who is who in a capture: servers by their addresses, units outside by address, number or network.

A seat that has no name in the mapping gets the next number that is free, in the order of first messages.
"""

from collections.abc import Callable
from ipaddress import ip_address

from simtel.profiles.mapping import SERVICE, Mapping
from simtel.target.recorded.notes import Notes

_MOST = 100_000  # addresses of which it is remembered whether a network holds them
_MOST_SEATS = 10_000


class Units:
    """Names of what the mapping knows. `active` names the active server, if known."""

    def __init__(self, mapping: Mapping, notes: Notes, active: Callable[[], str]) -> None:
        self._map, self._notes, self._active = mapping, notes, active
        # A number, or an address -> seat.
        self._seats: dict[str, str] = {a: unit for a, unit in mapping.units.items() if unit.startswith("seat.")}
        self._numbered = 0  # seats that have a name of ours
        self._networked: dict[str, bool] = {}

    def inner(self, address: str) -> bool:
        """Whether it is the address of a server, or the service address."""
        unit = self._map.units.get(address, "")
        return unit == SERVICE or unit.startswith("server.")

    def known(self, address: str) -> bool:
        """Whether the mapping names the address, or a network that it is in."""
        return address in self._map.units or self._in_network(address)

    def outer(self, address: str, number: str) -> str:
        """The unit outside at that address, with that number; empty for a stranger."""
        unit = self._map.units.get(address, "")
        if unit:
            return unit
        by_number = self._map.numbers is not None and self._map.numbers.fullmatch(number) is not None
        if by_number or self._in_network(address):
            key = number if by_number else address
            return self._seats.get(key) or self._named(key)
        return ""

    def _named(self, key: str) -> str:
        """A name for a seat that has none: the next number that is free. None is left when there are too many."""
        if len(self._seats) >= _MOST_SEATS:
            self._notes.cut["limit"] = None
            return ""
        taken = set(self._seats.values())
        while (name := f"seat.{self._numbered + 1}") in taken:
            self._numbered += 1
        return self._seats.setdefault(key, name)

    def _in_network(self, address: str) -> bool:
        known = self._networked.get(address)
        if known is None:
            if len(self._networked) > _MOST:
                self._networked.clear()
            known = self._networked[address] = any(ip_address(address) in net for net in self._map.networks)
        return known

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the seats: those of the mapping, then in the order of their first message."""
        return tuple(dict.fromkeys(self._seats.values()))

    def server(self, address: str) -> str:
        """The server at that address; at the service address the active one, and the address where nobody knows."""
        unit = self._map.units[address]
        return (self._active() or SERVICE) if unit == SERVICE else unit
