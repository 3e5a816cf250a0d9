"""The survey: who could make or take a call with the public network at this moment, without making one.

A seat has access when a server serves, knows one of the seat's parts, and the two reach each other; a span, when both
its ends are in service and its gateway uses a server that serves, knows the gateway and reaches it. The survey looks
shortly after whatever was heard of on which access may rest, and every `OVERDUE` in any case, for a registration that
nobody renews runs out in silence: so late may it be.
"""

from simtel.core.clock import MINUTE, MS, SECOND
from simtel.core.events import Kind
from simtel.devices.exchange import Exchange
from simtel.devices.gateway import Gateway
from simtel.devices.plane import PUBLIC
from simtel.devices.server.server import Server
from simtel.devices.uplink import SERVICE
from simtel.devices.wiring import Wiring
from simtel.model.calendar import Calendar
from simtel.target.building import Names

OBSERVER = "survey"
OVERDUE = 10 * SECOND
FIRST_LOOK = MINUTE  # by then everything has registered for the first time
SHORTLY = 20 * MS  # the news that another server serves has reached everybody
HINTS = (
    Kind.REGISTRATION_MADE, Kind.REGISTRATION_LOST, Kind.SERVER_PROMOTED, Kind.SERVER_SERVING, Kind.SERVER_DEMOTED,
    Kind.DCHANNEL_STATE, Kind.SPAN_ALARM, Kind.SEAT_PART,
)  # fmt: skip


class Survey:
    """Says by `access.lost` and `access.restored` what changed since the last look."""

    def __init__(self, names: Names, modes: dict[str, str], calendar: Calendar, wiring: Wiring) -> None:
        """`modes`: part of a seat ("seat.1/phone") -> how it registers."""
        self._names = names
        self._modes = modes
        self._calendar = calendar
        self._wiring = wiring
        self._without: set[str] = set()
        self._due = False
        for kind in HINTS:
            calendar.heard[kind] = self.hint

    @property
    def full(self) -> bool:
        """At the last look everybody had access."""
        return not self._without

    def hint(self) -> None:
        """Something happened."""
        if not self._due and self._calendar.now >= FIRST_LOOK:
            self._due = True
            self._calendar.at(self._calendar.now + SHORTLY, self.look)

    def look(self) -> None:
        """Look at all seats and spans."""
        self._due = False
        names = self._names
        serving = [s for s in names.servers if (m := self._calendar.machine(s)) is not None and m.serves]
        for seat, parts in names.seats.items():
            self._say(seat, any(self._heard(f"{seat}/{part}", serving) for part in parts))
        exchange: Exchange = self._calendar.machine(PUBLIC)
        for span, gateway in self._wiring.spans().items():
            machine: Gateway | None = self._calendar.machine(gateway)
            up = machine is not None and exchange.lines[span].in_service and machine.lines[span].in_service
            self._say(span, up and machine is not None and self._trunk(gateway, machine, serving))

    def _heard(self, contact: str, serving: list[str]) -> bool:
        vip = self._modes[contact] == "vip"
        return any(self._knows(s, contact) for s in serving if not vip or s == self._wiring.holder)

    def _trunk(self, name: str, gateway: Gateway, serving: list[str]) -> bool:
        server = self._wiring.holder if gateway.uplink.current == SERVICE else gateway.uplink.current
        return server in serving and self._knows(server, name)

    def _knows(self, server: str, contact: str) -> bool:
        machine: Server = self._calendar.machine(server)
        return machine.knows(contact, self._calendar.now) and self._wiring.reaches(server, contact)

    def _say(self, subject: str, has: bool) -> None:
        if has == (subject in self._without):
            (self._without.discard if has else self._without.add)(subject)
            self._calendar.emit(Kind.ACCESS_RESTORED if has else Kind.ACCESS_LOST, subject, OBSERVER)
