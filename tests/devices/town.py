"""A town for tests: an exchange with its people, and cables to gateways that the test plays."""

from typing import Any

import msgspec

from simtel.core.clock import HOUR, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.streams import Streams
from simtel.devices.callers import Arrival, Habits
from simtel.devices.exchange import Exchange
from simtel.devices.messages.people import Dialled, DialOrder, Hello
from simtel.devices.messages.trunk import Connect
from tests.devices.recorder import LIBPRI, Cables, Recorder, live

PEOPLE = Habits(
    queue_patience=90 * SECOND,
    silence_patience=10 * SECOND,
    redial=0.0,
    redial_delay=30 * SECOND,
    caller_ends=1.0,
    answer_time=8 * SECOND,
)
T303 = 4 * SECOND
SPAN = "gateway.a/span.1"
HOPS = ("span.1", "gateway.a", "server.a")


class Town:
    """An exchange with its people; `at` of arrivals in seconds."""

    def __init__(
        self,
        *at: float,
        spans: dict[str, str] | None = None,
        seat: str = "",
        priority: int = 0,
        recorded: bool = False,
        circuit: tuple[str, int] | None = None,
        **changes: Any,
    ) -> None:
        self.out = Recorder()
        self.cables = Cables()
        people = {k: v for k, v in changes.items() if k in Habits.__struct_fields__}
        settings = {"hunting": "ascending", "by_number": False, "line": LIBPRI, "t303": T303, "load_until": HOUR}
        settings |= {k: v for k, v in changes.items() if k not in people}
        arrivals = [Arrival(round(t * SECOND), 60 * SECOND, "sales", seat, priority, recorded, circuit) for t in at]
        self.exchange = Exchange(
            "exchange",
            self.out,
            spans=spans or {"span.1": "gateway.a"},
            habits=msgspec.structs.replace(PEOPLE, **people),
            arrivals=iter(arrivals),
            streams=Streams(1),
            plane=self.cables.plane,
            **settings,
        )
        self.exchange.start(Ns(0))

    def tell(self, message: object, at: float = 0) -> list[tuple[str, object]]:
        self.exchange.receive(message, Ns(round(at * SECOND)))
        return self.out.take()

    def until(self, second: float) -> list[tuple[str, object]]:
        live(self.exchange, round(second * SECOND))
        return self.out.take()

    def ended(self) -> list[tuple[str | None, str, str]]:
        return [(s.call, s.fields["disposition"], s.fields["cause"]) for s in self.out.said if s.kind == "call.ended"]

    def refused(self) -> list[tuple[str, str]]:
        return [(f["by"], f["cause"]) for f in self.out.of(Kind.CALL_REFUSED)]

    def connected(self, at: float = 1) -> None:
        """The first call, answered by the call centre."""
        self.until(at)
        self.tell(Connect("c1"), at)
        self.cables.plane.connect("c1", HOPS)

    def talking(self, at: float = 2) -> None:
        self.connected()
        self.tell(Hello("c1", "seat.1"), at)

    def at_rest(self) -> bool:
        return self.exchange.holds() == {"calls": 0, "timeslots": 0}


def moment(town: Town, kind: Kind, begin: float, until: float) -> float:
    """When the next event of that kind is said, in seconds."""
    count = len(town.out.of(kind))
    while (due := town.out.timers.next()) is not None and due <= until * SECOND:
        live(town.exchange, due)
        if len(town.out.of(kind)) > count:
            return due / SECOND
    raise AssertionError(f"no {kind} between {begin} and {until}")


def outward(**changes: Any) -> Town:
    """An agent at seat.1 has dialled his first call."""
    town = Town(1, seat="seat.1", **changes)
    assert town.until(1) == [("seat.1", DialOrder("c1", HOUR))]
    assert town.out.of(Kind.CALL_OFFERED) == []
    town.tell(Dialled("c1", "seat.1"), 1)
    return town
