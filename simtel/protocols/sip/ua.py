"""A SIP user agent without socket or clock (RFC 3261 8, 9, 12 to 15): calls made and taken, over `Transactions`.

Its user (`Events`) hears of calls and says what he wants of them; everything else is done here:

 1. A request that needs no user is answered at once: 405 and 501 for methods, 416 for the scheme, 420 for extensions,
    481 for a dialog or transaction that is not there, 482 for a request that came by two ways (8.2).
 2. A 2xx to INVITE is repeated after T1, doubling up to T2, until the ACK comes; after 64 * T1 the call ends with BYE
    (13.3.1.4). Each 2xx that comes gets its ACK again (13.2.2.4).
 3. An INVITE may fork. The first 2xx is the call; any other is acknowledged and hung up.
 4. An INVITE is taken back by CANCEL once a provisional answer is there; a 2xx that crossed it is hung up. When nothing
    comes within 64 * T1 of the CANCEL, the call is over (9.1).
 5. A re-INVITE or UPDATE that meets one of ours gets 491, one that meets another of the peer's 500 (14.2, RFC 3311).
 6. 481 or 408 to a request within a dialog, or no answer at all, ends the call (12.2.1.2).
"""

from collections.abc import Callable
from typing import Any, Protocol

from simtel.core.clock import Ns
from simtel.core.timers import Key
from simtel.protocols.sip.dialog import Dialog, DialogId, Header, Order, id_of, of_client, of_server
from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.leg import WISHES, Leg, State, Wish
from simtel.protocols.sip.message import Request, Response, parse_message
from simtel.protocols.sip.timers import Times
from simtel.protocols.sip.transaction import Failure, Signal, Transaction
from simtel.protocols.sip.transactions import COOKIE, FORWARDS, Out, Transactions, beside, refusal

METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE")
KNOWN = {*METHODS, "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY", "PUBLISH", "INFO", "REFER", "MESSAGE"}
SUPPORTED: frozenset[bytes] = frozenset()  # option tags that a Require may name
ALLOW: Header = ("Allow", ", ".join(METHODS))
SDP: Header = ("Content-Type", "application/sdp")
LONGEST_REASON = 64
MOST_BRANCHES = 64  # early dialogs of one INVITE that are kept: a forking proxy may be hostile


class Events(Protocol):
    """What the user of an agent hears."""

    def offered(self, leg: Leg, request: Request, now: Ns) -> None:
        """Somebody calls."""

    def progressed(self, leg: Leg, response: Response, now: Ns) -> None:
        """A provisional answer above 100."""

    def answered(self, leg: Leg, now: Ns) -> None:
        """The call is up: our INVITE was accepted, or our 2xx acknowledged."""

    def changed(self, leg: Leg, body: bytes, now: Ns) -> bytes:
        """The peer offers another session description (b"" asks for ours): the answer to it."""

    def ended(self, leg: Leg, status: int, cause: str, now: Ns) -> None:
        """The call is over. `status`: of the refusal, 0 for a call that was up. `cause`: bye, cancel, refused, timeout,
        transport, no-ack, gone (a 481 or 408 within the dialog)."""

    def other(self, transaction: Transaction, now: Ns) -> bool:
        """A request outside a dialog of a method that is not a call's. False: the agent answers it."""


class UserAgent:
    """One user agent at one address."""

    def __init__(
        self, out: Out, events: Events, contact: tuple[str, int], name: Callable[[], str], times: Times | None = None
    ) -> None:
        """`contact`: our host and port; `name` makes tokens that never come twice."""
        self._out, self._events, self._name = out, events, name
        self._times = times or Times()
        self.transactions = Transactions(out, self, self._times)
        self.timers = out.timers
        self._host, self._port = contact
        self._contact: Header = ("Contact", f"<sip:{self._host}:{self._port}>")
        self.legs: dict[DialogId, Leg] = {}  # by their dialogs
        self.rejected: dict[str, int] = {}  # why messages could not be read

    # --- what the user wants

    def call(
        self, uri: str, to: tuple[str, int], now: Ns, *, caller: str, body: bytes = b"", user: Any = None
    ) -> Leg:  # fmt: skip
        """Call `uri` by way of `to`."""
        tag = self._name().encode()
        headers: list[Header] = [
            ("Via", self._via()),
            ("Max-Forwards", FORWARDS),
            ("From", b"<" + caller.encode() + b">;tag=" + tag),
            ("To", f"<{uri}>"),
            ("Call-ID", f"{self._name()}@{self._host}"),
            ("CSeq", "1 INVITE"),
            self._contact,
            ALLOW,
            *([SDP] if body else []),
        ]
        leg = Leg(state=State.CALLING, tag=tag, user=user, began=now)
        leg.invite = self.transactions.ask(Request.build("INVITE", uri, headers, body), to, leg, now)
        return leg

    def wish(self, leg: Leg, wish: Wish, now: Ns, *, status: int = 0, body: bytes = b"") -> bool:
        """What the user wants of a call; False when it comes too late."""
        action = WISHES.get((leg.state, wish))
        if action is None:
            return False
        getattr(self, f"_{action}")(leg, now, status, body)
        return True

    def hang_up(self, leg: Leg, now: Ns) -> bool:
        """End a call in whichever way its state asks for."""
        return self.wish(leg, Wish.HANG_UP, now)

    def refuse(self, leg: Leg, status: int, now: Ns) -> bool:
        """Answer a call that is offered with a final status above 299."""
        return self.wish(leg, Wish.REFUSE, now, status=status)

    def _cancel_later(self, leg: Leg, now: Ns, _status: int, _body: bytes) -> None:
        leg.leaving = True

    _bye_later = _cancel_later

    def _cancel(self, leg: Leg, now: Ns, _status: int, _body: bytes) -> None:
        if leg.invite is not None:
            leg.state = State.CANCELLING
            self.transactions.ask(beside("CANCEL", leg.invite.request), leg.invite.to, None, now)
            self.timers.set(("taken back", leg), now + self._times.gives_up)

    def _decline(self, leg: Leg, now: Ns, _status: int, _body: bytes) -> None:
        self._refuse(leg, now, 480, b"")

    def _refuse(self, leg: Leg, now: Ns, status: int, _body: bytes) -> None:
        self._reply(leg, status, now)
        self._end(leg, status, "refused", now)

    def _progress(self, leg: Leg, now: Ns, status: int, body: bytes) -> None:
        self._reply(leg, status, now, body)

    def _accept(self, leg: Leg, now: Ns, _status: int, body: bytes) -> None:
        leg.state = State.ANSWERED
        self._await_ack(leg, self._reply(leg, 200, now, body), now)

    def _await_ack(self, leg: Leg, answer: Response, now: Ns) -> None:
        leg.answer = answer.to_bytes()
        leg.interval = self._times.t1
        self.timers.set(("again", leg), now + leg.interval)
        self.timers.set(("no-ack", leg), now + self._times.gives_up)

    def _reply(self, leg: Leg, status: int, now: Ns, body: bytes = b"") -> Response:
        transaction = leg.invite
        if transaction is None:
            raise ValueError("a leg that was offered has an INVITE")
        extra = [self._contact, ALLOW] if status < 300 else []
        response = Response.build(
            transaction.request, status, None, [*extra, *([SDP] if body else [])], body, to_tag=leg.tag
        )
        self.transactions.answer(transaction, response, now)
        return response

    def _bye(self, leg: Leg, now: Ns, _status: int, _body: bytes) -> None:
        if leg.dialog is not None:
            leg.state = State.CLOSING
            self._within(leg, leg.dialog, "BYE", now)

    def _reinvite(self, leg: Leg, now: Ns, _status: int, body: bytes) -> None:
        if leg.dialog is not None and not leg.asking and not leg.asked:
            leg.asking = True
            self._within(leg, leg.dialog, "INVITE", now, [self._contact, SDP], body)

    def _within(
        self, leg: Leg | None, dialog: Dialog, method: str, now: Ns, extra: list[Header] | None = None,
        body: bytes = b"",
    ) -> None:  # fmt: skip
        request = dialog.request(method, self._via(), extra or (), body)
        self.transactions.ask(request, dialog.next_hop(), leg, now)

    def _via(self) -> bytes:
        return f"SIP/2.0/UDP {self._host}:{self._port};branch=".encode() + COOKIE + f"{self._name()};rport".encode()

    # --- what the world does

    def receive(self, data: bytes, source: tuple[str, int], now: Ns) -> None:
        """A datagram came."""
        if not data.strip(b"\r\n\0 "):
            return  # a keep-alive
        try:
            message = parse_message(data)
        except MalformedMessage as wrong:
            reason = wrong.reason[:LONGEST_REASON]
            self.rejected[reason] = self.rejected.get(reason, 0) + 1
            refused = refusal(data, source, wrong)
            if refused is not None:
                self.transactions.send(*refused)
            return
        self.transactions.receive(message, source, now)

    def on_timer(self, key: Key, now: Ns) -> None:
        """A timer is due: a transaction's, or one of rules 2 and 4."""
        what, leg = key
        if isinstance(what, Signal):
            self.transactions.on_timer(key, now)
        elif what == "again":
            leg.interval = min(2 * leg.interval, self._times.t2)
            self.transactions.repeated += 1
            self.transactions.send(leg.answer, leg.to)
            self.timers.set(key, now + leg.interval)
        elif what == "no-ack":
            self.timers.cancel(("again", leg))
            self._bye(leg, now, 0, b"")
            self._end(leg, 0, "no-ack", now)
        else:
            self._end(leg, 487, "cancel", now)

    # --- User of the transactions: requests

    def request(self, transaction: Transaction, now: Ns) -> None:
        """See `User`."""
        request: Request = transaction.request
        method = request.method
        if method not in METHODS:
            if not self._events.other(transaction, now):
                self._answer(transaction, 405 if method in KNOWN else 501, now, [ALLOW])
            return
        unknown = [tag for tag in request.all("require") if tag not in SUPPORTED]
        if request.target.scheme not in ("sip", "sips", "tel"):
            self._answer(transaction, 416, now)
        elif unknown and method != "CANCEL":
            self._answer(transaction, 420, now, [("Unsupported", b", ".join(unknown))])
        elif method == "CANCEL":
            self._cancelled(transaction, now)
        elif request.to.tag:
            self._inside(transaction, now)
        elif self.transactions.came_by_two_ways(transaction):
            self._answer(transaction, 482, now)
        elif method == "INVITE":
            self._offered(transaction, now)
        elif method == "OPTIONS":
            self._answer(transaction, 200, now, [ALLOW, ("Accept", "application/sdp")])
        else:
            self._answer(transaction, 481, now)

    def _answer(
        self, transaction: Transaction, status: int, now: Ns, headers: list[Header] | None = None, body: bytes = b""
    ) -> Response:
        response = Response.build(transaction.request, status, None, headers or (), body, to_tag=self._name())
        self.transactions.answer(transaction, response, now)
        return response

    def _offered(self, transaction: Transaction, now: Ns) -> None:
        request: Request = transaction.request
        tag = self._name().encode()
        leg = Leg(
            state=State.OFFERED,
            invite=transaction,
            tag=tag,
            dialog=of_server(request, tag),
            to=transaction.to,
            began=now,
        )
        leg.body = request.body
        transaction.user = leg
        if leg.dialog is not None:
            self.legs[leg.dialog.id] = leg
        self._events.offered(leg, request, now)

    def _cancelled(self, transaction: Transaction, now: Ns) -> None:
        invite = self.transactions.to_cancel(transaction.request)
        if invite is None:
            self._answer(transaction, 481, now)
            return
        self._answer(transaction, 200, now)
        leg = invite.user
        if isinstance(leg, Leg) and leg.state is State.OFFERED:
            self._reply(leg, 487, now)
            self._end(leg, 487, "cancel", now)

    def _inside(self, transaction: Transaction, now: Ns) -> None:
        request: Request = transaction.request
        leg = self.legs.get(id_of(request))
        dialog = leg.dialog if leg is not None else None
        if leg is None or dialog is None:
            self._answer(transaction, 481, now)
        elif dialog.order(request) is Order.LATE:
            self._answer(transaction, 500, now)
        elif request.method == "BYE":
            self._answer(transaction, 200, now)
            if leg.state is State.OFFERED:
                self._reply(leg, 487, now)
            self._end(leg, 0, "bye", now)
        elif request.method == "OPTIONS":
            self._answer(transaction, 200, now, [ALLOW])
        elif leg.asking:
            self._answer(transaction, 491, now)
        elif leg.asked or leg.state is not State.UP:
            self._answer(transaction, 500, now, [("Retry-After", "1")])
        else:
            self._change(leg, dialog, transaction, now)

    def _change(self, leg: Leg, dialog: Dialog, transaction: Transaction, now: Ns) -> None:
        """The peer's re-INVITE or UPDATE."""
        request: Request = transaction.request
        dialog.refresh(request)
        leg.body = request.body or leg.body
        invite = request.method == "INVITE"
        body = self._events.changed(leg, request.body, now) if invite or request.body else b""
        answer = self._answer(transaction, 200, now, [self._contact, ALLOW, *([SDP] if body else [])], body)
        if invite:
            leg.asked, leg.to = True, transaction.to
            self._await_ack(leg, answer, now)

    def ack(self, request: Request, now: Ns) -> None:
        """See `User`."""
        leg = self.legs.get(id_of(request))
        if leg is None or not (leg.state is State.ANSWERED or leg.asked):
            return
        leg.asked = False
        leg.body = request.body or leg.body
        self.timers.cancel_all((("again", leg), ("no-ack", leg)))
        if leg.state is State.ANSWERED:
            leg.state, leg.up = State.UP, now
            self._events.answered(leg, now)
            if leg.leaving:
                self.hang_up(leg, now)

    # --- User of the transactions: answers

    def response(self, response: Response, transaction: Transaction, now: Ns) -> None:
        """See `User`."""
        leg = transaction.user
        method = response.cseq[1]
        if not isinstance(leg, Leg):
            return  # of a CANCEL
        leg.status = response.status
        if method == "INVITE" and transaction is leg.invite:
            self._called(leg, response, now)
        elif response.status < 200:
            return
        elif method == "BYE":
            self._end(leg, 0, "hang-up", now)
        else:
            self._asked(leg, response, now)

    def _called(self, leg: Leg, response: Response, now: Ns) -> None:
        """An answer to our first INVITE."""
        if response.status >= 300:
            cancelled = leg.state is State.CANCELLING
            self._end(leg, response.status, "cancel" if cancelled else "refused", now)
        elif response.status >= 200:
            self._accepted(leg, response, now)
        else:
            if leg.state is State.CALLING:
                leg.state = State.EARLY
            if response.status > 100:
                self._early(leg, response, now)
            if leg.leaving and leg.state is State.EARLY:
                self._cancel(leg, now, 0, b"")

    def _early(self, leg: Leg, response: Response, now: Ns) -> None:
        if response.status == 180 and leg.rang < 0:
            leg.rang = now
        tag = response.to.tag
        if tag and tag not in leg.early and leg.invite is not None and len(leg.early) < MOST_BRANCHES:
            leg.early[tag] = dialog = of_client(leg.invite.request, response)
            self.legs[dialog.id] = leg
        leg.body = response.body or leg.body
        self._events.progressed(leg, response, now)

    def _accepted(self, leg: Leg, response: Response, now: Ns) -> None:
        """A 2xx: the call, its repetition, or another branch of a forked INVITE."""
        if leg.invite is None:
            return
        if self._repeat_ack(response):
            return
        dialog = of_client(leg.invite.request, response)
        if leg.state in (State.CALLING, State.EARLY, State.CANCELLING):
            taken_back = leg.state is State.CANCELLING or leg.leaving
            self.timers.cancel(("taken back", leg))
            self._forget(leg)  # other branches of a fork
            leg.state, leg.dialog, leg.up = State.UP, dialog, now
            leg.body = response.body or leg.body
        else:
            leg, taken_back = Leg(state=State.UP, dialog=dialog, invite=leg.invite), True
        self.legs[dialog.id] = leg
        leg.to = dialog.next_hop()
        leg.answer = dialog.request("ACK", self._via(), seq=response.cseq[0]).to_bytes()
        self.transactions.send(leg.answer, leg.to)
        if taken_back:
            self._bye(leg, now, 0, b"")
        else:
            self._events.answered(leg, now)

    def _repeat_ack(self, response: Response) -> bool:
        """Whether the 2xx was acknowledged before; its ACK goes out again."""
        leg = self.legs.get((response.call_id, response.from_.tag, response.to.tag))
        if leg is None or not leg.answer:
            return False
        self.transactions.repeated += 1
        self.transactions.send(leg.answer, leg.to)
        return True

    def stray(self, response: Response, now: Ns) -> None:
        """See `User`."""
        self._repeat_ack(response)

    def _asked(self, leg: Leg, response: Response, now: Ns) -> None:
        """The final answer to our re-INVITE or UPDATE."""
        leg.asking = False
        dialog = leg.dialog
        if dialog is not None and response.status < 300:
            dialog.refresh(response)
            leg.body = response.body or leg.body
            number, method = response.cseq
            if method == "INVITE":
                leg.answer = dialog.request("ACK", self._via(), seq=number).to_bytes()
                self.transactions.send(leg.answer, dialog.next_hop())
        elif response.status in (408, 481):
            self._end(leg, 0, "gone", now)

    def failed(self, why: Failure, transaction: Transaction, now: Ns) -> None:
        """See `User`."""
        leg = transaction.user
        if not transaction.client or not isinstance(leg, Leg):
            return
        if transaction is leg.invite:
            if leg.state in (State.CALLING, State.EARLY, State.CANCELLING):
                self._end(leg, 408 if why is Failure.TIMEOUT else 503, why, now)
        else:
            self._end(leg, 0, "gone", now)

    def _end(self, leg: Leg, status: int, cause: str, now: Ns) -> None:
        if leg.state is State.OVER:
            return
        leg.state = State.OVER
        self.timers.cancel_all((("again", leg), ("no-ack", leg), ("taken back", leg)))
        self._forget(leg)
        self._events.ended(leg, status, cause, now)

    def _forget(self, leg: Leg) -> None:
        """Its dialogs are known no more."""
        for dialog in (*leg.early.values(), *([leg.dialog] if leg.dialog is not None else [])):
            self.legs.pop(dialog.id, None)
        leg.early.clear()
