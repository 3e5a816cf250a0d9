"""Cables, switches and sockets: who can reach whom, at which delay, and which server holds the service address.

Elements are devices and their parts: server.a, gateway.b, board.1, switch.2, seat.3/console, seat.3/phone, span.1. An
element hangs on its parents (switches, or a board for an analog set); two elements reach each other when both work and
a working switch lies above both, or when they stand in one box. A span is a cable between the exchange and a gateway.

Addresses are element names, and further:
    service          the server that claimed the service address last
    server.b/hb1     the heartbeat cable between the servers; server.b/hb2: the same over the LAN
    server.b/repl    the replication path
    gateway.a/span.1, exchange/span.1    the two ends of a D-channel
    module.1/loop.1, exchange/loop.1     the two ends of the loop lines of a module
    exchange         people speaking over a call that is up (whether it is up is the media plane's matter)
"""

from collections.abc import Callable

from simtel.core.clock import US
from simtel.devices.alarms import LOS, RAI, ROOTS, T16AIS
from simtel.devices.messages.physics import Unacknowledged, Unanswered
from simtel.devices.uplink import SERVICE
from simtel.protocols.election import ADDRESS, POWER

IN, OUT = "in", "out"  # directions of a span: from the exchange to the gateway, and back
NONE: set[str] = set()
CABLE_DELAY = 10 * US  # a direct cable and two network cards; from memory, of no weight beside LAN and D-channel
LOOP = "loop."  # the lines of one loop trunk module
TRUNKS = ("span.", LOOP)
EVERYWHERE = ("exchange", "station", "watch", "site")  # not under test: always alive


class Route:
    """A way from one device to one address. `up` and `node` follow the state of the site."""

    __slots__ = ("buffered", "delay", "node", "up")

    def __init__(self) -> None:
        self.up = True
        self.delay = 0
        self.node = ""
        self.buffered = False  # the sender keeps it until it is due: lost when the sender dies meanwhile


class Wiring:
    """The state of all cables and elements, and the routes that follow from it."""

    def __init__(self, lan_delay: int, dchannel_delay: int, replication_lag: int) -> None:
        self._lan_delay = lan_delay
        self._dchannel_delay = dchannel_delay
        self._lag = replication_lag
        self._dead: dict[str, int] = {}  # element -> how many reasons it has to be dead
        self._mute: dict[str, int] = {}  # element -> how many reasons it has to pass no speech
        self._cut: dict[tuple[str, str], int] = {}  # cable -> how many reasons it has to be cut
        self._parents: dict[str, tuple[str, ...]] = {}
        self._box: dict[str, str] = {}
        self._span_at: dict[str, str] = {}
        self._spoilt: dict[tuple[str, str], set[str]] = {}  # (span, OUT or IN) -> defects of that direction
        self._routes: dict[tuple[str, str], Route] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self.unanswered: set[str] = set()  # spans on which nobody confirms a release
        self.unacknowledged: set[str] = set()  # spans on which nobody confirms that a timeslot was reset
        self.holder = ""
        self.heartbeat = True
        self.unheard: set[str] = set()  # servers whose heartbeat the peer does not hear
        self.replication = True
        self.replication_delay = 0
        self.followed: Callable[[], None] = lambda: None  # whoever wants to know that routes have changed

    # --- building

    def hang(self, element: str, *parents: str) -> None:
        """`element` hangs on `parents`."""
        self._parents[element] = parents

    def house(self, element: str, box: str) -> None:
        """`element` stands in `box`."""
        self._box[element] = box

    def plug(self, span: str, gateway: str) -> None:
        """The cable of `span` is plugged into `gateway`."""
        self._span_at[span] = gateway

    # --- state

    def alive(self, element: str) -> bool:
        """Whether the element works."""
        return element not in self._dead

    def kill(self, element: str) -> None:
        """One more reason for `element` to be dead."""
        self._dead[element] = self._dead.get(element, 0) + 1

    def heal(self, element: str) -> bool:
        """One reason less; says whether the element works now."""
        reasons = self._dead.get(element, 0) - 1
        if reasons > 0:
            self._dead[element] = reasons
            return False
        self._dead.pop(element, None)
        return True

    def mute(self, element: str, on: bool) -> None:
        """One more reason for `element` to pass no speech, or one less; signalling passes."""
        reasons = self._mute.get(element, 0) + (1 if on else -1)
        if reasons > 0:
            self._mute[element] = reasons
        else:
            self._mute.pop(element, None)

    def cut(self, element: str, parent: str, on: bool = False) -> None:
        """Pull (or plug, `on`) the cable between an element and its parent."""
        reasons = self._cut.get((element, parent), 0) + (-1 if on else 1)
        if reasons > 0:
            self._cut[element, parent] = reasons
        else:
            self._cut.pop((element, parent), None)

    def parents(self, element: str) -> tuple[str, ...]:
        """What the element hangs on."""
        return self._parents.get(element, ())

    def spans(self) -> dict[str, str]:
        """Span -> gateway in whose socket its cable is."""
        return dict(self._span_at)

    def spoil(self, span: str, directions: tuple[str, ...], defect: str, on: bool) -> None:
        """One more defect on these directions of a span, or that one less."""
        for direction in directions:
            found = self._spoilt.setdefault((span, direction), set())
            (found.add if on else found.discard)(defect)
            if not found:
                del self._spoilt[span, direction]

    def signal(self, span: str) -> bool:
        """Whether signalling passes both ways."""
        return not (self._defects(span, IN) or self._defects(span, OUT))

    def framed(self, span: str) -> bool:
        """Whether speech does: both ends find the timeslots in the signal of the other."""
        return not ((self._defects(span, IN) | self._defects(span, OUT)) - {T16AIS})

    def sees(self, span: str, direction: str) -> str:
        """What the receiver at the end of that direction sees: the root of all defects, or that the far end has one."""
        own = self._defects(span, direction)
        return next((d for d in ROOTS if d in own), RAI if not self.framed(span) else T16AIS if own else "")

    def undone(self, span: str) -> list[Unanswered | Unacknowledged]:
        """What an end of the span leaves undone: a device that is new there is told so."""
        found: list[Unanswered | Unacknowledged] = []
        if span in self.unanswered:
            found.append(Unanswered(span, True))
        if span in self.unacknowledged:
            found.append(Unacknowledged(span, True))
        return found

    def _defects(self, span: str, direction: str) -> set[str]:
        """Of one direction of a span. A gateway that is out sends nothing."""
        found = self._spoilt.get((span, direction), NONE)
        silent = not self.alive(span) or (direction == OUT and not self.alive(self._span_at[span]))
        return found | {LOS} if silent else found

    @property
    def whole(self) -> bool:
        """Nothing is broken."""
        return not (self._dead or self._cut or self._mute or self._spoilt)

    def changed(self) -> None:
        """Follow the state: call after every change."""
        self._reach.clear()
        for (source, address), route in self._routes.items():
            self._follow(source, address, route)
        self.followed()

    # --- questions

    def lan(self, element: str) -> frozenset[str]:
        """The working switches above an element."""
        if element in self._dead:
            return frozenset()
        known = self._reach.get(element)
        if known is None:
            found: set[str] = set()
            for parent in self._parents.get(element, ()):
                if (element, parent) in self._cut or parent in self._dead:
                    continue
                if parent.startswith("switch."):
                    found.add(parent)
                else:
                    found |= self.lan(parent)
            known = self._reach[element] = frozenset(found)
        return known

    def reaches(self, a: str, b: str) -> bool:
        """Whether packets or signals pass between two neighbours."""
        if a.startswith(TRUNKS):
            return self._span_at.get(a) == b and self.framed(a)
        box = self._box.get(a)
        if box is not None and box == self._box.get(b):
            return self.alive(a) and self.alive(b)
        return bool(self.lan(a) & self.lan(b))

    def carries(self, a: str, b: str) -> bool:
        """Whether speech passes between two neighbours."""
        return a not in self._mute and b not in self._mute and self.reaches(a, b)

    def route(self, source: str, address: str) -> Route:
        """The route from a device to an address; kept up to date."""
        key = (source, address)
        route = self._routes.get(key)
        if route is None:
            route = self._routes[key] = Route()
            self._follow(source, address, route)
        return route

    def _heard(self, server: str) -> bool:
        return self.heartbeat and server not in self.unheard

    def _follow(self, source: str, address: str, route: Route) -> None:
        element, _, path = address.partition("/")
        route.node, route.delay, route.buffered = element, self._lan_delay, False
        if element in (ADDRESS, POWER):
            route.node, route.delay, route.up = "site", 0, True
        elif element == SERVICE:
            route.node = self.holder
            route.up = self.reaches(source, self.holder)
        elif path.startswith(TRUNKS):
            gateway = source if element == "exchange" else element
            route.delay = CABLE_DELAY if path.startswith(LOOP) else self._dchannel_delay
            route.up = self._span_at.get(path) == gateway and self.signal(path)
        elif path == "hb1":
            route.delay = CABLE_DELAY
            route.up = self._heard(source) and self.alive(source) and self.alive(element)
        elif path == "hb2":
            route.up = self._heard(source) and self.reaches(source, element)
        elif path == "repl":
            route.delay = self._lag + self.replication_delay
            route.buffered = True
            route.up = self.replication and self.alive(source) and self.alive(element)
        elif element in EVERYWHERE:
            route.up = element in ("exchange", "site") or bool(self.lan(source))
            route.delay = CABLE_DELAY
        elif source in EVERYWHERE:
            route.up = bool(self.lan(address)) or source == "exchange"
            route.delay = CABLE_DELAY
        else:
            route.up = self.reaches(source, address)
