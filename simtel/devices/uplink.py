"""How a gateway or a seat finds its server: registration, keep-alive, and requests that are repeated and redirected.

Five ways (products call most of them dual registration):

    vip         one registration at the service address, which moves with the active server
    successive  registered with the first server; with the next one when a request or renewal to it fails, after
                `fallback`
    dual        registered with both; a gateway asks the one in use now and then, and when it does not answer, the
                other one is used; seats ask nothing and follow the server that rings them or says that it serves
    flows       registered with both (RFC 5626): each flow is asked every 24 to 29 s and has failed when 10 s later
                there is no answer, or when a request on it stays without one. It is registered again at once, and when
                that fails, later and later: half to all of 30 s (90 s while another flow is up) doubled with each
                failure, 1 800 s at most
    srv         registered with one (RFC 3263): every renewal begins at the head of the list, and the next server is
                taken at once after a time-out or a refusal for lack of service (503); after the last, `fallback`

A request is repeated after T1, 2*T1, 4*T1 ... and given up after `timeout` (Timer B/F); with another server at hand it
is then sent there, once. The interval of an INVITE goes on doubling (Timer A, RFC 3261 17.1.1.2), that of any other
request no further than T2 (Timer E, 17.1.2.2). Dial, hold and resume are INVITEs; taking a call up is the answer to one
and repeated up to T2 as well (13.3.1.4).
"""

from collections.abc import Callable

import msgspec

from simtel.core.clock import LIMIT, MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.streams import Stream
from simtel.core.timers import Timers
from simtel.devices.messages.registration import Alive, KeepAlive, Register, Registered

SERVICE = "service"  # the address that moves with the active server
T1 = 500 * MS  # RFC 3261 table 4
T2 = 4 * SECOND
INVITES = ("invite/", "dial/", "hold/", "resume/")  # keys of requests that are an INVITE
FLOW_EARLIEST, FLOW_LATEST = 24 * SECOND, 29 * SECOND  # RFC 5626 4.4.2: keep-alive over UDP
PONG = 10 * SECOND  # RFC 5626 4.4.1
RETRY_ALONE, RETRY_BESIDE, RETRY_LONGEST = 30 * SECOND, 90 * SECOND, 1800 * SECOND  # RFC 5626 4.5
SPREAD = 2 * SECOND  # devices of a site start within this time, not all at one instant


class UplinkTimes(msgspec.Struct, frozen=True):
    """How a device registers. Durations in nanoseconds; `keepalive` 0: never asks."""

    mode: str
    expiry: int
    keepalive: int
    timeout: int
    fallback: int


class _Request(msgspec.Struct, gc=False):
    message: object
    to: str
    began: int
    wait: int
    due: int  # when it is repeated
    redirected: bool = False


class Uplink:
    """One contact's way to its servers. `timers` are its owner's; keys begin with 'up', then the contact."""

    def __init__(
        self,
        contact: str,
        servers: tuple[str, ...],
        times: UplinkTimes,
        timers: Timers,
        out: Out,
        failed: Callable[[object, str, Ns], None],
        seat: str = "",
        stream: Stream | None = None,
    ) -> None:
        """`failed(message, key, now)` is told of each request that nobody answered. `stream`: chance, for flows."""
        self.contact = contact
        self.times = times
        self._servers = (SERVICE,) if times.mode == "vip" else servers
        self._stream = stream
        self._failures: dict[str, int] = {}  # server -> registrations of its flow that failed in a row
        self._timers = timers
        self._send = out.send
        self._emit = out.emit
        self._failed = failed
        self._seat = seat
        self.waiting: dict[str, _Request] = {}  # requests without an answer yet
        self._again_key = ("up", contact, "again")
        self._again_at: int = LIMIT  # one timer for all open requests: most have their answer long before
        self._first_wait = min(T1, times.timeout)
        self.current = self._servers[0]
        self._fresh: set[str] = set()  # servers that have not heard from us since power-on
        self._boot = 0  # instant of power-on
        self._holders: dict[str, str] = {}  # address -> server that registered us there

    def start(self, now: Ns, delay: int) -> None:
        """Power-on: register after `delay`."""
        self._fresh.update(self._servers)
        self._boot = now
        self._timers.set(("up", self.contact, "register"), now + delay)
        if self.times.mode == "dual" and self.times.keepalive:
            self._timers.set(("up", self.contact, "keepalive"), now + delay + self.times.keepalive)

    def stop(self) -> None:
        """The contact is dead: everything open is forgotten."""
        self.waiting.clear()
        self._again_at = LIMIT
        for what in ("again", "register", "keepalive", "fallback"):
            self._timers.cancel(("up", self.contact, what))
        if self.times.mode == "flows":
            self._failures.clear()
            for server in self._servers:
                self._timers.cancel_all(("up", self.contact, what, server) for what in ("flow", "pong", "recover"))
        self._holders.clear()

    # --- requests

    def ask(self, key: str, message: object, now: Ns, to: str = "") -> None:
        """Send a request to the server in use (or `to` another) and repeat it until `answered(key)`."""
        due = now + self._first_wait
        to = to or self.current
        self._send(to, message)
        self.waiting[key] = _Request(message, to, now, self._first_wait, due)
        if due < self._again_at:
            self._again_at = due
            self._timers.set(self._again_key, due)

    def answered(self, key: str) -> bool:
        """The request has its answer; says whether it was open."""
        if self.waiting.pop(key, None) is None:
            return False
        if not self.waiting:
            self._again_at = LIMIT
            self._timers.cancel(self._again_key)
        return True

    def forget(self, call: str) -> None:
        """The call is over: its requests need no answer any more, but for the BYE that ends it. Who has no call has no
        such request: what he asks without one (`ready/`) stays.
        """
        if not call:
            return
        for key in [k for k in self.waiting if k.endswith(f"/{call}") and not k.startswith("bye/")]:
            self.answered(key)

    def use(self, server: str) -> None:
        """A server that serves made itself heard: use it (dual and successive)."""
        if server in self._servers:
            self.current = server
            if self.times.mode == "successive":
                self._timers.cancel(("up", self.contact, "fallback"))

    def on_timer(self, key: tuple[str, ...], now: Ns) -> None:
        """One of the timers set here is due."""
        what = key[2]
        if what == "again":
            self._all_again(now)
        elif what == "register":
            self.register(now)
        elif what == "keepalive":
            self.ask("keepalive", KeepAlive(self.contact), now)
            self._timers.set(("up", self.contact, "keepalive"), now + self.times.keepalive)
        elif what == "fallback":
            self._next_server()
            self.register(now)
        elif what == "flow":
            self._send(key[3], KeepAlive(self.contact, flow=True))
            self._timers.set(("up", self.contact, "pong", key[3]), now + PONG)
        elif what == "pong":
            self._flow_failed(key[3], now)
        elif what == "recover":
            self._register_with(key[3], now)

    def _all_again(self, now: Ns) -> None:
        for key, request in list(self.waiting.items()):
            if request.due <= now and self.waiting.get(key) is request:
                self._again(key, request, now)
        self._again_at = min((request.due for request in self.waiting.values()), default=LIMIT)
        if self._again_at < LIMIT:
            self._timers.set(self._again_key, self._again_at)

    def _again(self, key: str, request: _Request, now: Ns) -> None:
        left = request.began + self.times.timeout - now
        if left > 0:
            self._send(request.to, request.message)
            request.wait *= 2
            if not key.startswith(INVITES):
                request.wait = min(request.wait, T2)
            request.due = now + min(request.wait, left)
        elif key.startswith("register"):
            del self.waiting[key]
            self._registration_failed(request.to, now)
        else:
            self._redirect(key, request, now)

    def _redirect(self, key: str, request: _Request, now: Ns) -> None:
        mode = self.times.mode
        if mode in ("dual", "flows", "srv") and not request.redirected and len(self._servers) > 1:
            failed = request.to
            if failed == self.current:
                self._next_server()
            if mode == "srv":
                self._register_with(self.current, now)
            request.to, request.redirected, request.began, request.wait = self.current, True, now, T1
            request.due = now + self._first_wait
            self._send(request.to, request.message)
            if mode == "flows":
                self._flow_failed(failed, now)
            return
        del self.waiting[key]
        if self.times.mode == "successive":
            self._registration_failed(request.to, now)
        if key != "keepalive":
            self._failed(request.message, key, now)

    def unavailable(self, key: str, now: Ns) -> bool:
        """The request was refused for lack of service (503): whether the next server is asked now (srv)."""
        request = self.waiting.get(key)
        if request is None or self.times.mode != "srv" or request.redirected or len(self._servers) < 2:
            return False
        self._redirect(key, request, now)
        if request.due < self._again_at:
            self._again_at = request.due
            self._timers.set(self._again_key, request.due)
        return True

    # --- registration

    def register(self, now: Ns) -> None:
        """Register, or register anew because a server said that it does not know us."""
        mode = self.times.mode
        if mode == "dual":
            wanted = self._servers
        elif mode == "flows":
            wanted = tuple(s for s in self._servers if self._timers.at(("up", self.contact, "recover", s)) is None)
        else:
            wanted = self._servers[:1] if mode == "srv" else (self.current,)
        for server in wanted:
            self._register_with(server, now)
        self._timers.set(("up", self.contact, "register"), now + self.times.expiry // 2)

    def _register_with(self, server: str, now: Ns) -> None:
        message = Register(self.contact, self.times.expiry, self._seat, server in self._fresh, self._boot)
        self.ask(f"register/{server}", message, now, server)

    def registered(self, message: Registered, now: Ns) -> None:
        """A registrar's answer."""
        address = SERVICE if self.times.mode == "vip" else message.server
        self.answered(f"register/{address}")
        self._fresh.discard(address)
        if self._holders.get(address) != message.server:
            self._holders[address] = message.server
            self._emit(Kind.REGISTRATION_MADE, None, self.contact, server=message.server)
        if self.times.mode in ("dual", "flows", "srv") and message.active:
            self.current = message.server
        if self.times.mode == "flows":
            self._failures[address] = 0
            self._ask_later(address, now)
        if message.active:
            self._timers.cancel(("up", self.contact, "fallback"))

    def not_served(self, server: str, now: Ns) -> None:
        """Registered with a server that does not serve: the next is tried after a while (successive) or now (srv)."""
        retry = ("up", self.contact, "fallback")
        if self.times.mode == "srv":
            self._after(server, now)
        elif self.times.mode == "successive" and self._timers.at(retry) is None:
            self._timers.set(retry, now + self.times.fallback)

    def alive(self, message: Alive, now: Ns) -> None:
        """The server in use is there and active; or that of a flow is there."""
        self.answered("keepalive")
        if self.times.mode == "flows" and self._timers.cancel(("up", self.contact, "pong", message.server)):
            self._ask_later(message.server, now)

    def _ask_later(self, server: str, now: Ns) -> None:
        if self._stream is not None:
            wait = self._stream.uniform(FLOW_EARLIEST, FLOW_LATEST)
            self._timers.set(("up", self.contact, "flow", server), now + wait)
            self._timers.cancel(("up", self.contact, "pong", server))

    def _flow_failed(self, server: str, now: Ns) -> None:
        """A flow that was up is registered again at once."""
        self._timers.cancel_all(("up", self.contact, what, server) for what in ("flow", "pong"))
        if self._holders.pop(server, None) is None:
            return
        self._emit(Kind.REGISTRATION_LOST, None, self.contact, server=server)
        if server == self.current:
            self._next_server()
        self._register_with(server, now)

    def _recover_later(self, server: str, now: Ns) -> None:
        if self._stream is not None:
            failures = self._failures[server] = self._failures.get(server, 0) + 1
            base = RETRY_BESIDE if self._holders else RETRY_ALONE
            longest = min(RETRY_LONGEST, base * 2**failures)
            self._timers.set(("up", self.contact, "recover", server), now + self._stream.uniform(longest // 2, longest))

    def _after(self, server: str, now: Ns) -> None:
        """The next server of the list, or after the last the first again, but later."""
        place = self._servers.index(server) + 1
        if place < len(self._servers):
            self._register_with(self._servers[place], now)
        else:
            self._timers.set(("up", self.contact, "register"), now + self.times.fallback)

    def _registration_failed(self, server: str, now: Ns) -> None:
        if self._holders.pop(server, None) is not None:
            self._emit(Kind.REGISTRATION_LOST, None, self.contact, server=server)
        retry = ("up", self.contact, "fallback")
        if self.times.mode == "successive":
            if self._timers.at(retry) is None:
                self._timers.set(retry, now + self.times.fallback)
        elif self.times.mode == "flows":
            self._timers.cancel_all(("up", self.contact, what, server) for what in ("flow", "pong"))
            self._recover_later(server, now)
        elif self.times.mode == "srv":
            self._after(server, now)
        else:
            self._timers.set(("up", self.contact, "register"), now + self.times.timeout)

    def _next_server(self) -> None:
        servers = self._servers
        self.current = servers[(servers.index(self.current) + 1) % len(servers)]
