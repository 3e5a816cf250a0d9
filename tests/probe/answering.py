"""An agent on the load's own reactor that answers, refuses or stays silent: `how` says it of each call."""

from collections.abc import Callable
from itertools import count

from simtel.core.clock import MS, Ns
from simtel.core.timers import Key
from simtel.protocols.sip.leg import Leg, Wish
from simtel.protocols.sip.message import Request, Response
from simtel.protocols.sip.transaction import Transaction
from simtel.protocols.sip.ua import UserAgent
from simtel.wire.reactor import Reactor
from simtel.wire.udp import Address


class Answering:
    """`how(number)` is a final status, 180 for one that rings 20 ms before it is answered, or 0 for silence."""

    def __init__(self, reactor: Reactor, how: Callable[[int], int] = lambda _: 200) -> None:
        self.how, self.calls = how, 0
        self.udp = reactor.udp(Address("127.0.0.1", 0), self.hear)
        self.timers = reactor.timers(self.on_timer)
        names = count()
        self.ua = UserAgent(self, self, self.udp.address, lambda: f"a{next(names)}")

    @property
    def uri(self) -> str:
        return f"sip:1000@127.0.0.1:{self.udp.address.port}"

    def hear(self, data: bytes, source: Address, now: Ns) -> None:
        self.ua.receive(data, source, now)

    def on_timer(self, key: Key, now: Ns) -> None:
        if key[0] == "lift":
            self.ua.wish(key[1], Wish.ACCEPT, now)
        else:
            self.ua.on_timer(key, now)

    def send(self, data: bytes, to: tuple[str, int]) -> bool:
        return self.udp.send(data, Address(*to))

    def offered(self, leg: Leg, request: Request, now: Ns) -> None:
        self.calls += 1
        how = self.how(self.calls)
        if how == 180:
            self.ua.wish(leg, Wish.PROGRESS, now, status=180)
            self.timers.set(("lift", leg), now + 20 * MS)
        elif how == 200:
            self.ua.wish(leg, Wish.ACCEPT, now)
        elif how:
            self.ua.refuse(leg, how, now)

    def progressed(self, leg: Leg, response: Response, now: Ns) -> None:
        raise AssertionError(response)

    def answered(self, leg: Leg, now: Ns) -> None:
        pass

    def changed(self, leg: Leg, body: bytes, now: Ns) -> bytes:
        return b""

    def ended(self, leg: Leg, status: int, cause: str, now: Ns) -> None:
        pass

    def other(self, transaction: Transaction, now: Ns) -> bool:
        return False
