"""User agents on a network in virtual time, which loses, repeats and delays as a test wishes."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.timers import TimerHeap
from simtel.protocols.sip.leg import Leg, Wish
from simtel.protocols.sip.message import Request, Response, parse_message
from simtel.protocols.sip.timers import Times
from simtel.protocols.sip.transaction import Transaction
from simtel.protocols.sip.ua import UserAgent

Address = tuple[str, int]
DELAY = 10 * MS


class Network:
    """Delivers datagrams after `DELAY`; `fate` says how often each arrives (0, 1, 2)."""

    def __init__(self) -> None:
        self.now = 0
        self.parties: dict[Address, Party] = {}
        self.fate: Callable[[Address, Address, bytes], int] = lambda *_: 1
        self.flow: list[tuple[float, int, int, str]] = []  # seconds, from port, to port, first line
        self._queue: list[tuple[int, int, Address, Address, bytes]] = []
        self._serial = count()

    def send(self, source: Address, to: Address, data: bytes) -> None:
        self.flow.append((self.now / SECOND, source[1], to[1], title(data)))
        for _ in range(self.fate(source, to, data)):
            heappush(self._queue, (self.now + DELAY, next(self._serial), source, to, data))

    def run(self, until: float) -> None:
        end = round(until * SECOND)
        while True:
            dues = [due for party in self.parties.values() if (due := party.timers.next()) is not None]
            if self._queue:
                dues.append(self._queue[0][0])
            if not dues or min(dues) > end:
                self.now = end
                return
            self.now = max(self.now, min(dues))
            while self._queue and self._queue[0][0] <= self.now:
                _, _, source, to, data = heappop(self._queue)
                if to in self.parties:
                    self.parties[to].hear(data, source)
            for party in self.parties.values():
                while (key := party.timers.due(self.now)) is not None:
                    party.on_timer(key)

    def titles(self) -> list[str]:
        return [what for *_, what in self.flow]

    def when(self, what: str) -> tuple[float, ...]:
        return tuple(at for at, _, _, title in self.flow if title == what)


def title(data: bytes) -> str:
    """Method, or status with the method that it answers."""
    message = parse_message(data)
    return message.method if isinstance(message, Request) else f"{message.status} {message.cseq[1]}"


class Party:
    """Anything with an address; what it hears it keeps."""

    def __init__(self, network: Network, port: int) -> None:
        self.network, self.address = network, ("127.0.0.1", port)
        self.timers = TimerHeap()
        self.heard: list[Request | Response] = []
        network.parties[self.address] = self

    def send(self, data: bytes, to: Address) -> bool:
        self.network.send(self.address, to, data)
        return True

    def hear(self, data: bytes, source: Address) -> None:
        self.heard.append(parse_message(data))

    def on_timer(self, key: tuple[object, ...]) -> None:
        raise AssertionError(key)


class Agent(Party):
    """A user agent and what it is told. `takes`: what it does with a call that comes."""

    def __init__(self, network: Network, port: int, takes: str = "accept", times: Times | None = None) -> None:
        super().__init__(network, port)
        names = count()
        self.ua = UserAgent(self, self, self.address, lambda: f"n{port}x{next(names)}", times)
        self.takes = takes
        self.told: list[tuple[float, str]] = []
        self.legs: list[Leg] = []

    def hear(self, data: bytes, source: Address) -> None:
        self.ua.receive(data, source, Ns(self.network.now))

    def on_timer(self, key: tuple[object, ...]) -> None:
        self.ua.on_timer(key, Ns(self.network.now))

    def call(self, other: Party, body: bytes = b"") -> Leg:
        host, port = other.address
        return self.ua.call(
            f"sip:1000@{host}:{port}", other.address, Ns(self.network.now), caller="sip:me@127.0.0.1", body=body
        )

    def wish(self, leg: Leg, wish: Wish, status: int = 0, body: bytes = b"") -> bool:
        return self.ua.wish(leg, wish, Ns(self.network.now), status=status, body=body)

    def idle(self) -> bool:
        return not self.ua.legs and not len(self.ua.transactions) and not len(self.timers)

    # --- Events

    def offered(self, leg: Leg, request: Request, now: Ns) -> None:
        self.legs.append(leg)
        self._note("offered")
        if self.takes == "accept":
            self.wish(leg, Wish.ACCEPT, body=b"answer")
        elif self.takes == "ring":
            self.wish(leg, Wish.PROGRESS, 180)
        elif self.takes == "refuse":
            self.wish(leg, Wish.REFUSE, 486)

    def progressed(self, leg: Leg, response: Response, now: Ns) -> None:
        self._note(f"progressed {response.status}")

    def answered(self, leg: Leg, now: Ns) -> None:
        self._note("answered")

    def changed(self, leg: Leg, body: bytes, now: Ns) -> bytes:
        self._note("changed")
        return b"answer to " + body

    def ended(self, leg: Leg, status: int, cause: str, now: Ns) -> None:
        self._note(f"ended {status} {cause}")

    def other(self, transaction: Transaction, now: Ns) -> bool:
        return False

    def _note(self, what: str) -> None:
        self.told.append((self.network.now / SECOND, what))

    def heard_of(self) -> list[str]:
        return [what for _, what in self.told]
