"""How a gateway or a seat finds its server: registration, keep-alive, and requests that are repeated and redirected.

Three ways (products call all of them dual registration):

    vip         one registration at the service address, which moves with the active server
    successive  registered with the first server; with the next one when a request or renewal to it fails, after
                `fallback`
    dual        registered with both; a gateway asks the one in use now and then, and when it does not answer, the
                other one is used; seats ask nothing and follow the server that rings them or says that it serves

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
from simtel.core.timers import Timers
from simtel.devices.messages import Alive, KeepAlive, Register, Registered

SERVICE = "service"  # the address that moves with the active server
T1 = 500 * MS  # RFC 3261 table 4
T2 = 4 * SECOND
INVITES = ("invite/", "dial/", "hold/", "resume/")  # keys of requests that are an INVITE
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
    ) -> None:
        """`failed(message, key, now)` is told of each request that nobody answered."""
        self.contact = contact
        self.times = times
        self._servers = (SERVICE,) if times.mode == "vip" else servers
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
        self._rest()
        for what in ("register", "keepalive", "fallback"):
            self._timers.cancel(("up", self.contact, what))
        self._holders.clear()

    # --- requests

    def ask(self, key: str, message: object, now: Ns) -> None:
        """Send a request to the server in use and repeat it until `answered(key)`."""
        self._request(key, message, self.current, now)

    def _request(self, key: str, message: object, to: str, now: Ns) -> None:
        self._send(to, message)
        due = now + self._first_wait
        self.waiting[key] = _Request(message, to, now, self._first_wait, due)
        if due < self._again_at:
            self._again_at = due
            self._timers.set(self._again_key, due)

    def answered(self, key: str) -> bool:
        """The request has its answer; says whether it was open."""
        if self.waiting.pop(key, None) is None:
            return False
        if not self.waiting:
            self._rest()
        return True

    def _rest(self) -> None:
        self._timers.cancel(self._again_key)
        self._again_at = LIMIT

    def forget(self, call: str) -> None:
        """The call is over: its requests need no answer any more, but for the BYE that ends it."""
        if self.waiting:
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
        if self.times.mode == "dual" and not request.redirected and len(self._servers) > 1:
            if request.to == self.current:
                self._next_server()
            request.to, request.redirected, request.began, request.wait = self.current, True, now, T1
            request.due = now + self._first_wait
            self._send(request.to, request.message)
            return
        del self.waiting[key]
        if self.times.mode == "successive":
            self._registration_failed(request.to, now)
        if key != "keepalive":
            self._failed(request.message, key, now)

    # --- registration

    def register(self, now: Ns) -> None:
        """Register, or register anew because a server said that it does not know us."""
        wanted = self._servers if self.times.mode == "dual" else (self.current,)
        for server in wanted:
            message = Register(self.contact, self.times.expiry, self._seat, server in self._fresh, self._boot)
            self._request(f"register/{server}", message, server, now)
        self._timers.set(("up", self.contact, "register"), now + self.times.expiry // 2)

    def registered(self, message: Registered) -> None:
        """A registrar's answer."""
        address = SERVICE if self.times.mode == "vip" else message.server
        self.answered(f"register/{address}")
        self._fresh.discard(address)
        if self._holders.get(address) != message.server:
            self._holders[address] = message.server
            self._emit(Kind.REGISTRATION_MADE, None, self.contact, server=message.server)
        if self.times.mode == "dual" and message.active:
            self.current = message.server
        if message.active:
            self._timers.cancel(("up", self.contact, "fallback"))

    def not_served(self, now: Ns) -> None:
        """Registered with a server that does not serve: after a while the next one is tried (successive)."""
        retry = ("up", self.contact, "fallback")
        if self.times.mode == "successive" and self._timers.at(retry) is None:
            self._timers.set(retry, now + self.times.fallback)

    def alive(self, message: Alive) -> None:
        """The server in use is there and active."""
        self.answered("keepalive")

    def _registration_failed(self, server: str, now: Ns) -> None:
        if self._holders.pop(server, None) is not None:
            self._emit(Kind.REGISTRATION_LOST, None, self.contact, server=server)
        retry = ("up", self.contact, "fallback")
        if self.times.mode == "successive":
            if self._timers.at(retry) is None:
                self._timers.set(retry, now + self.times.fallback)
        else:
            self._timers.set(("up", self.contact, "register"), now + self.times.timeout)

    def _next_server(self) -> None:
        servers = self._servers
        self.current = servers[(servers.index(self.current) + 1) % len(servers)]
