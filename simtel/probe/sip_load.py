"""Many SIP calls at a rate: each is an INVITE, held for a while once it is up, and hung up.

Calls begin at their instants (call n at n / rate), whatever became of those before: a device that slows down meets the
same load. How late they began is kept, for a tester that cannot keep up must not blame the device. One thread does it
all, on a `Reactor`.
"""

import os
from collections.abc import Callable
from enum import StrEnum
from itertools import count

import msgspec

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.timers import Key
from simtel.probe.sip_figures import TIMED_OUT, Delays, Ratios, Tally, delays
from simtel.protocols.sip.leg import Leg
from simtel.protocols.sip.message import Request, Response
from simtel.protocols.sip.transaction import Transaction
from simtel.protocols.sip.ua import UserAgent
from simtel.wire.reactor import Reactor, Udp
from simtel.wire.udp import Address

BURST = 64  # calls that are begun in a row before answers are read again
LOOK = 200 * MS  # how often the progress is told
LATE = 100 * MS  # a call that begins later than that is the tester's doing: our own figure
BUSY = 0.95  # share of the time for which a thread that is not the limit may work: our own figure
RELEASE = 2 * SECOND  # what is left for hanging up when the user breaks off

Tap = Callable[[Ns, bool, bytes], None]  # instant, whether it was sent, the datagram


class Limit(StrEnum):
    """What kept more calls from coming through."""

    NOTHING = "nothing"
    TESTER = "tester"
    DEVICE = "device"


class Plan(msgspec.Struct, frozen=True):
    """The load. `rate` a second; nanoseconds."""

    uri: str
    to: Address
    rate: float
    calls: int
    hold: int
    source: str = "127.0.0.1"
    caller: str = "sip:simtel@127.0.0.1"


class Outcome(msgspec.Struct, frozen=True):
    """What was measured. Ratios 0..1, delays in nanoseconds."""

    attempts: int
    answered: int
    completed: int
    refused: dict[int, int]
    broken: dict[str, int]
    ratios: Ratios
    delays: dict[str, Delays | None]
    rate: float  # at which calls were begun
    elapsed: int
    most: int  # calls under way at once
    repeated: int  # messages that were sent again
    late: int  # by which the latest call began too late
    busy: float  # share of the time for which the tester's thread worked
    limit: Limit

    @property
    def good(self) -> bool:
        """Every call was answered and hung up in order."""
        return self.completed == self.attempts


class Load:
    """The calls of one load; an `Events` of its agent."""

    def __init__(
        self, reactor: Reactor, plan: Plan, progress: Callable[[int, int], None] | None = None, tap: Tap | None = None
    ) -> None:
        """`tap` sees every datagram. OSError when no port of the source can be had."""
        self._tap = tap
        self._reactor, self._plan = reactor, plan
        self._progress = progress or (lambda _done, _total: None)
        self.tally = Tally()
        self._udp: Udp = reactor.udp(Address(plan.source, 0), self._hear)
        self.timers = reactor.timers(self._on_timer)
        mark, numbers = os.urandom(6).hex(), count()
        self.agent = UserAgent(self, self, self._udp.address, lambda: f"{mark}{next(numbers)}")
        self._offer = offer(plan.source)
        self._begin = 0
        self._ended_at = 0
        self.most = self.late = 0
        self._up: set[Leg] = set()
        self._began_last = 0

    def send(self, data: bytes, to: tuple[str, int]) -> bool:
        """`Out` of the agent."""
        if self._tap is not None:
            self._tap(self._reactor.now(), True, data)
        try:
            return self._udp.send(data, Address(*to))
        except ValueError:  # a Contact that leads out of 127/8
            return False

    # --- life

    def run(self) -> Outcome:
        """Make all calls and wait until the last has ended. On KeyboardInterrupt what is up is hung up first."""
        self._begin = self._reactor.now()
        slept = self._reactor.slept
        self.timers.set(("begin",), self._begin)
        self.timers.set(("look",), self._begin + LOOK)
        try:
            self._reactor.run()
        except KeyboardInterrupt:
            self.release()
            raise
        elapsed = max(1, self._ended_at - self._begin)
        return self._outcome(elapsed, 1 - (self._reactor.slept - slept) / max(1, self._reactor.now() - self._begin))

    def release(self) -> None:
        """Hang up every call that there is; two seconds are left for it."""
        self.timers.cancel(("begin",))
        for leg in list(self._up):
            self._hang_up(leg, self._reactor.now())
        self._reactor.run(self._reactor.now() + RELEASE)

    def _outcome(self, elapsed: int, busy: float) -> Outcome:
        tally = self.tally
        span = max(1, self._began_last - self._begin)
        rate = (tally.attempts - 1) * SECOND / span if tally.attempts > 1 else self._plan.rate
        clean = tally.completed == tally.attempts and not self.agent.transactions.repeated
        tester = self.late > LATE or busy > BUSY
        return Outcome(
            attempts=tally.attempts, answered=tally.answered, completed=tally.completed,
            refused=dict(sorted(tally.refused.items())), broken=dict(sorted(tally.broken.items())),
            ratios=tally.ratios(),
            delays={"srd": delays(tally.request), "srd-failed": delays(tally.failing), "setup": delays(tally.setup),
                    "sdd": delays(tally.disconnect), "sdt": delays(tally.duration)},
            rate=rate, elapsed=elapsed, most=self.most, repeated=self.agent.transactions.repeated, late=self.late,
            busy=busy, limit=Limit.TESTER if tester else Limit.NOTHING if clean else Limit.DEVICE,
        )  # fmt: skip

    # --- what comes

    def _hear(self, data: bytes, source: Address, now: Ns) -> None:
        if self._tap is not None:
            self._tap(now, False, data)
        self.agent.receive(data, source, now)

    def _on_timer(self, key: Key, now: Ns) -> None:
        what = key[0]
        if what == "begin":
            self._begin_due(now)
        elif what == "hold":
            self._hang_up(key[1], now)
        elif what == "look":
            self._progress(self.tally.attempts - self.tally.open, self._plan.calls)
            self.timers.set(key, now + LOOK)
        else:
            self.agent.on_timer(key, now)

    def _begin_due(self, now: Ns) -> None:
        plan, tally = self._plan, self.tally
        for _ in range(BURST):
            due = self._begin + round(tally.attempts * SECOND / plan.rate)
            if tally.attempts >= plan.calls:
                return
            if due > now:
                self.timers.set(("begin",), due)
                return
            now = self._reactor.now()
            self.late = max(self.late, now - due)
            tally.attempts += 1
            self._began_last = now
            leg = self.agent.call(plan.uri, plan.to, now, caller=plan.caller, body=self._offer)
            self._up.add(leg)
            self.most = max(self.most, len(self._up))
        self.timers.set(("begin",), now)

    def _hang_up(self, leg: Leg, now: Ns) -> None:
        leg.user = now
        if leg.up >= 0:
            self.tally.duration.append(now - leg.up)
        self.agent.hang_up(leg, now)

    # --- Events of the agent

    def offered(self, leg: Leg, request: Request, now: Ns) -> None:
        """Nobody calls a load."""
        self.agent.refuse(leg, 480, now)

    def progressed(self, leg: Leg, response: Response, now: Ns) -> None:
        """It rings."""
        if leg.rang == now:
            self.tally.request.append(now - leg.began)

    def answered(self, leg: Leg, now: Ns) -> None:
        """It is up."""
        self.tally.answered += 1
        self.tally.setup.append(now - leg.began)
        if leg.rang < 0:
            self.tally.request.append(now - leg.began)
        if self._plan.hold:
            self.timers.set(("hold", leg), now + self._plan.hold)
        else:
            self._hang_up(leg, now)

    def changed(self, leg: Leg, body: bytes, now: Ns) -> bytes:
        """The same answer to any other offer."""
        return self._offer

    def ended(self, leg: Leg, status: int, cause: str, now: Ns) -> None:
        """It is over."""
        self._up.discard(leg)
        self._ended_at = now
        self.timers.cancel(("hold", leg))
        tally = self.tally
        if leg.up < 0:
            tally.refused[status or TIMED_OUT] += 1
            tally.failing.append(now - leg.began)
        elif cause == "hang-up" and leg.status < 300:
            tally.completed += 1
            tally.disconnect.append(now - leg.user)
        else:
            tally.broken[cause] += 1
        if tally.attempts == self._plan.calls and not tally.open:
            self._progress(self._plan.calls, self._plan.calls)
            self._reactor.stop()

    def other(self, transaction: Transaction, now: Ns) -> bool:
        """Nothing else is offered here."""
        return False


def offer(host: str) -> bytes:
    """A session description of G.711 (A-law, mu-law) that is sent nowhere: port 9 discards."""
    lines = ("v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0", "m=audio 9 RTP/AVP 8 0", "")
    return "\r\n".join(lines).encode()
