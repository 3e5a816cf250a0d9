"""A site that lives in real time and takes SIP calls from outside: its callers are whoever sends an INVITE.

The site is that of `virtual`: the same machines, cables and rules. Only its calendar is paced by the clock, and the
public exchange has a door (`OpenExchange`): an INVITE is a caller who dials the number of the site, over its trunks and
through its menu and queue to an agent. 200 goes out when the trunk is connected; a refusal becomes the response that
RFC 3398 has for its cause.

The start of the site is not waited for: its first seconds, in which devices register, pass at once.
"""

from collections import Counter
from itertools import count

import msgspec

from simtel.core.clock import SECOND, Ns
from simtel.core.log import EvidenceWriter
from simtel.core.timers import Key
from simtel.devices.open_exchange import OpenExchange
from simtel.devices.plane import PUBLIC
from simtel.probe.sip_load import offer
from simtel.protocols.sip.causes import response_of
from simtel.protocols.sip.leg import Leg, State, Wish
from simtel.protocols.sip.message import Request, Response
from simtel.protocols.sip.transaction import Transaction
from simtel.protocols.sip.ua import UserAgent
from simtel.target.plan import START_UP, Plan
from simtel.target.site import VirtualSite
from simtel.wire.reactor import Reactor, Udp
from simtel.wire.udp import Address

RELEASE = SECOND  # what is left for hanging up at the end

# What an attempt lacked (core.causes) -> cause of Q.850, as a gateway would say it: our own reading of the words.
Q850 = {
    "trunk": 34,  # no circuit available
    "queue": 17, "seat": 17,  # user busy
    "ivr-port": 47, "core-channel": 47, "fabric": 47, "speech-memory": 47, "middle-stage": 47, "fabric-port": 47,
    "disk": 47,  # resource unavailable
    "attempts": 42, "setups": 42,  # switching equipment congestion
    "trunk-dead": 38, "no-server": 38, "no-gateway": 38, "not-registered": 38, "restarting": 41,  # out of order
    "no-answer": 18, "glare": 44,
}  # fmt: skip
UNSPECIFIED = 31  # normal, unspecified


class Counts(msgspec.Struct):
    """Of all calls: how many came, were answered and are there now; how those ended that did (disposition, cause)."""

    offered: int = 0
    answered: int = 0
    there: int = 0
    ended: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)


class LiveSite:
    """One site at one SIP address; an `Events` of its agent."""

    def __init__(self, reactor: Reactor, plan: Plan, out: EvidenceWriter, udp: Udp) -> None:
        """`udp`: where it takes calls, a socket of the reactor."""
        self._reactor = reactor
        self._udp = udp
        udp.hear = self._hear
        self.address = udp.address
        self.timers = reactor.timers(self._on_timer)
        names = count()
        mark = f"{reactor.now():x}"
        self.agent = UserAgent(self, self, self.address, lambda: f"{mark}{next(names)}")
        self._site = VirtualSite(plan, out, exchange=OpenExchange)
        self.calendar = self._site.calendar
        self._skills = plan.scenario.load.skills
        self._talk = plan.scenario.load.talk or plan.site.time("people.talk_time")
        self._talking = self._site.streams("talk of callers from outside")
        self._calls: dict[str, Leg] = {}
        self._dialling: Leg | None = None
        self.counts = Counts()
        self._begin = 0

    def send(self, data: bytes, to: tuple[str, int]) -> bool:
        """`Out` of the agent."""
        try:
            return self._udp.send(data, Address(*to))
        except ValueError:  # a Contact that leads out of 127/8
            return False

    # --- life

    def start(self) -> None:
        """Switch the site on; its start-up has passed when this returns."""
        for name in self.calendar.names():
            self.calendar.start(name, Ns(0))
        self._site.first_start = False
        self.calendar.run(until=START_UP)
        self._exchange.told = self._told
        self._begin = self._reactor.now() - START_UP
        self._arm()

    def run(self, until: int | None = None) -> None:
        """Live until the reactor is stopped, until the instant `until` of the reactor, or until KeyboardInterrupt; then
        every call is hung up."""
        try:
            self._reactor.run(until)
        finally:
            self.release()

    def release(self) -> None:
        """Hang every call up; RELEASE is left for the answers."""
        now = self._reactor.now()
        for leg in list(self._calls.values()):
            self.agent.hang_up(leg, now)
        while self.counts.there and self._reactor.now() < now + RELEASE:  # another tenant may stop the reactor
            self._reactor.run(now + RELEASE)

    @property
    def _exchange(self) -> OpenExchange:
        exchange: OpenExchange = self.calendar.machine(PUBLIC)
        return exchange

    def _advance(self, now: int) -> Ns:
        """Let the site live up to now; its own time."""
        self.calendar.run(until=max(self.calendar.now, now - self._begin + 1))
        return self.calendar.now

    def _arm(self) -> None:
        """Wake when the next thing happens on the site."""
        queue = self.calendar.env.queue
        if queue:
            self.timers.set(("site",), queue[0][0] + self._begin)

    def _on_timer(self, key: Key, now: Ns) -> None:
        if key[0] == "site":
            self._advance(now)
            self._arm()
        else:
            self.agent.on_timer(key, now)

    def _hear(self, data: bytes, source: Address, now: Ns) -> None:
        self._advance(now)
        self.agent.receive(data, source, now)
        self._arm()

    # --- what the site says of calls

    def _told(self, call: str, what: str, cause: str) -> None:
        if what != "connected":
            self.counts.ended[what, cause] += 1
        leg = self._calls.get(call) or self._dialling
        if leg is None:
            return
        now = self._reactor.now()
        if what == "connected":
            self.counts.answered += 1
            self.agent.wish(leg, Wish.ACCEPT, now, body=offer(self.address.host))
            return
        self._calls.pop(call, None)
        if leg.state is State.OFFERED:
            self.agent.refuse(leg, response_of(Q850.get(cause, UNSPECIFIED)), now)
        else:
            self.agent.hang_up(leg, now)

    # --- Events of the agent

    def offered(self, leg: Leg, request: Request, now: Ns) -> None:
        """Somebody calls the site; a number that is the name of a group of agents asks for that group."""
        self.counts.offered += 1
        self.counts.there += 1
        number = (request.target.user or b"").decode("utf-8", "replace")
        skill = number if number in self._skills else self._skills[0]
        talk = self._talking.exponential(self._talk)
        self._dialling = leg
        call = self._exchange.dial(skill, talk, self.calendar.now)
        self._dialling = None
        if leg.state is not State.OVER:
            self._calls[call] = leg
            leg.user = call

    def progressed(self, leg: Leg, response: Response, now: Ns) -> None:
        """The site calls nobody outside."""

    def answered(self, leg: Leg, now: Ns) -> None:
        """The ACK is there."""

    def changed(self, leg: Leg, body: bytes, now: Ns) -> bytes:
        """The same answer to any other offer."""
        return offer(self.address.host)

    def ended(self, leg: Leg, status: int, cause: str, now: Ns) -> None:
        """The caller hung up, took his call back or is gone; or what we ended is over."""
        self.counts.there -= 1
        if leg.user is not None and self._calls.pop(leg.user, None) is not None:
            self._exchange.hang_up(leg.user, self.calendar.now)

    def other(self, transaction: Transaction, now: Ns) -> bool:
        """Nothing else is offered here."""
        return False
