"""All transactions of one SIP element: which one a message belongs to (RFC 3261 17.1.3, 17.2.3; RFC 6026 8).

What belongs to none is for the user: a new request, the ACK of a 2xx, a 2xx that comes when its transaction is over
(13.2.2.4: the peer still waits for an ACK). Other answers that nobody asked for are dropped and counted. A message that
cannot be read is counted by its reason; a request among them that can still be answered gets its answer without any
state (8.2.6: a stateless 4xx), which cannot be used to fill memory.
"""

from collections.abc import Hashable
from typing import Any, Protocol

from simtel.core.clock import Ns
from simtel.core.timers import Key, Timers
from simtel.protocols.sip import head
from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.message import Request, Response
from simtel.protocols.sip.reasons import REASONS
from simtel.protocols.sip.timers import Times
from simtel.protocols.sip.transaction import (
    CLIENT,
    INVITE_CLIENT,
    INVITE_SERVER,
    SERVER,
    Failure,
    Signal,
    Transaction,
)
from simtel.protocols.sip.values import Via

COOKIE = b"z9hG4bK"  # how a branch begins that is unique in space and time (8.1.1.7)
PORT = 5060
MOST = 1_000_000  # transactions that are kept: beyond that, new requests get 503, and nobody's memory ends
FORWARDS = "70"  # 8.1.1.6


class Out(Protocol):
    """What the transactions may do to the world."""

    @property
    def timers(self) -> Timers:
        """Keys are (signal, transaction)."""

    def send(self, data: bytes, to: Any) -> bool:
        """Send to (host, port); False when the transport knows at once that it cannot."""


class User(Protocol):
    """Who uses transactions (RFC 3261 6: the transaction user)."""

    def request(self, transaction: Transaction, now: Ns) -> None:
        """A new request: `transaction.request`. Whoever gets it answers it, now or later."""

    def ack(self, request: Request, now: Ns) -> None:
        """The ACK of a 2xx."""

    def response(self, response: Response, transaction: Transaction, now: Ns) -> None:
        """An answer to what was asked."""

    def stray(self, response: Response, now: Ns) -> None:
        """A 2xx to INVITE whose transaction is over."""

    def failed(self, why: Failure, transaction: Transaction, now: Ns) -> None:
        """Nobody answered, nobody acknowledged a refusal, or the transport is broken."""


class Transactions:
    """The transaction layer of one element."""

    def __init__(self, out: Out, user: User, times: Times | None = None, *, reliable: bool = False) -> None:
        """`reliable`: all goes over TCP."""
        self._out, self._user, self._times, self._reliable = out, user, times or Times(), reliable
        self.timers = out.timers
        self._clients: dict[Hashable, Transaction] = {}
        self._servers: dict[Hashable, Transaction] = {}
        self._ways: dict[Hashable, Transaction] = {}
        self.repeated = 0  # messages that were sent again, by timer or because the peer asked again
        self.strays = 0  # answers that belong to nothing
        self._now = Ns(0)

    def __len__(self) -> int:
        return len(self._clients) + len(self._servers)

    # --- what the user does

    def ask(self, request: Request, to: Any, user: Any, now: Ns) -> Transaction:
        """Send a request (no ACK) to (host, port) and wait for its answers. ValueError when its branch is in use."""
        rules = INVITE_CLIENT if request.method == "INVITE" else CLIENT
        key = (request.vias[0].branch, request.method)
        if key in self._clients:
            raise ValueError("the branch of a request is unique")
        made = Transaction(
            rules, self, self._times, key=key, request=request, to=to, reliable=self._reliable, user=user
        )
        self._clients[key] = made
        self._now = now
        made.start(request.to_bytes(), now)
        return made

    def answer(self, transaction: Transaction, response: Response, now: Ns) -> None:
        """The user's answer to a request."""
        self._now = now
        transaction.step(_signal(response.status), response.to_bytes(), now)

    def send(self, data: bytes, to: Any) -> bool:
        """What belongs to no transaction: the ACK of a 2xx, a 2xx that is repeated."""
        return self._out.send(data, to)

    def to_cancel(self, request: Request) -> Transaction | None:
        """The INVITE that a CANCEL means (9.2)."""
        return self._servers.get(_server_key(request, request.vias[0], "INVITE"))

    def came_by_two_ways(self, transaction: Transaction) -> bool:
        """Whether the request is there already under another branch: it forked, or runs in a loop (8.2.2.2)."""
        return self._ways.get(_mark(transaction.request)) is not transaction

    # --- what the world does

    def receive(self, message: Request | Response, source: Any, now: Ns) -> None:
        """A message came from (host, port)."""
        self._now = now
        if isinstance(message, Response):
            self._response(message, now)
        else:
            self._request(message, source, now)

    def on_timer(self, key: Key, now: Ns) -> None:
        """A timer of a transaction is due."""
        self._now = now
        signal, transaction = key
        if signal is Signal.TRYING_DUE:
            trying = Response.build(transaction.request, 100, "Trying")
            transaction.step(signal, trying.to_bytes(), now)
        else:
            transaction.step(signal, None, now)

    def _response(self, response: Response, now: Ns) -> None:
        _, method = response.cseq
        transaction = self._clients.get((response.vias[0].branch, method))
        if transaction is not None:
            transaction.step(_signal(response.status), response, now)
        elif method == "INVITE" and 200 <= response.status < 300:
            self._user.stray(response, now)
        else:
            self.strays += 1

    def _request(self, request: Request, source: Any, now: Ns) -> None:
        method = request.method
        invite = method in ("INVITE", "ACK")
        via = request.vias[0]
        key = _server_key(request, via, "INVITE" if invite else method)
        transaction = self._servers.get(key)
        if method == "ACK":
            if transaction is not None:
                transaction.step(Signal.ACK, request, now)
            else:
                self._user.ack(request, now)
        elif transaction is not None:
            transaction.step(Signal.REQUEST, request, now)
        else:
            to = reply_to(via, source)
            if len(self) >= MOST:
                self._out.send(Response.build(request, 503, "Service Unavailable").to_bytes(), to)
                return
            rules = INVITE_SERVER if invite else SERVER
            made = Transaction(
                rules, self, self._times, key=key, request=request, to=to, reliable=self._reliable, user=None
            )
            self._servers[key] = made
            self._ways.setdefault(_mark(request), made)
            made.start(b"", now)
            self._user.request(made, now)

    # --- Side of the transactions

    def transmit(self, data: bytes, transaction: Transaction, again: bool = False) -> None:
        """See `Side`."""
        self.repeated += again
        if not self._out.send(data, transaction.to):
            self.timers.set((Signal.BROKEN, transaction), self._now)  # not within the step that is being done

    def acknowledge(self, response: Response, transaction: Transaction) -> bytes:
        """See `Side`."""
        return beside("ACK", transaction.request, response).to_bytes()

    def deliver(self, message: Request | Response, transaction: Transaction, now: Ns) -> None:
        """See `Side`."""
        if isinstance(message, Response):
            self._user.response(message, transaction, now)
        else:
            self._user.ack(message, now)

    def failed(self, why: Failure, transaction: Transaction, now: Ns) -> None:
        """See `Side`."""
        self._user.failed(why, transaction, now)

    def over(self, transaction: Transaction, now: Ns) -> None:
        """See `Side`."""
        if transaction.client:
            self._clients.pop(transaction.key, None)
        else:
            self._servers.pop(transaction.key, None)
            mark = _mark(transaction.request)
            if self._ways.get(mark) is transaction:
                del self._ways[mark]
        self.timers.cancel((Signal.BROKEN, transaction))


def beside(method: str, invite: Request, response: Response | None = None) -> Request:
    """The ACK of an answer of 300 and above (17.1.1.3), or the CANCEL of a request (9.1): same Via, URI and number."""
    to = invite if response is None else response
    headers: list[tuple[str, bytes | str]] = [
        ("Via", invite.vias[0].to_bytes()),
        ("Max-Forwards", FORWARDS),
        *(("Route", route) for route in invite.all("route")),
        ("From", invite.first("from") or b""),
        ("To", to.first("to") or b""),
        ("Call-ID", invite.call_id),
        ("CSeq", f"{invite.cseq[0]} {method}"),
    ]
    return Request.build(method, invite.uri, headers)


def reply_to(via: Via, source: Any) -> tuple[str, int]:
    """Where answers go over UDP (18.2.2, RFC 3581): back to the address that the request came from, and to the port
    that it came from when the peer asks for that, else to the one that it names."""
    host, port = source
    return host, port if "rport" in via.params else via.port or PORT


def refusal(data: bytes, source: Any, wrong: MalformedMessage) -> tuple[bytes, tuple[str, int]] | None:
    """The answer to a message that cannot be read, and where it goes; None where it is no request, or no answer can be
    made of it. An ACK has none."""
    try:
        start, fields, begin = head.part(data)
        method, _, rest = start.partition(b" ")
        uri, _, version = rest.rpartition(b" ")
        if method == b"ACK" or not version.startswith(b"SIP/"):
            return None
        request = Request(method.decode("ascii"), uri, data, fields, (begin, len(data)))
        via = request.vias[0]
        phrase = wrong.reason.encode("ascii", "replace").decode()
        reason = f"{REASONS.get(wrong.code, 'Bad Request')} ({phrase})"
        return Response.build(request, wrong.code, reason).to_bytes(), reply_to(via, source)
    except (MalformedMessage, UnicodeDecodeError, IndexError):
        return None


def _mark(request: Request) -> Hashable:
    return request.from_.tag, request.call_id, request.cseq


def _signal(status: int) -> Signal:
    if status < 200:
        return Signal.PROVISIONAL
    return Signal.SUCCESS if status < 300 else Signal.FAILURE


def _server_key(request: Request, via: Via, method: str) -> Hashable:
    if via.branch.startswith(COOKIE):
        return via.branch, via.host.lower(), via.port or PORT, method
    # after RFC 2543
    return request.uri, request.from_.tag, request.call_id, request.cseq[0], request.first("via"), method
