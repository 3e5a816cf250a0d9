"""Dialogs (RFC 3261 12): what two user agents keep of each other, and the requests that follow from it.

A dialog is known by Call-ID, local tag and remote tag. Whoever owns it builds each request within it here, and asks
whether one that came is in order. A dialog of a response in 101-199 is early; it becomes confirmed by a 2xx.
"""

from collections.abc import Iterable
from enum import Enum

import msgspec

from simtel.protocols.sip.message import Request, Response
from simtel.protocols.sip.uri import parse_uri
from simtel.protocols.sip.values import NameAddr, parse_name_addr

DialogId = tuple[bytes, bytes, bytes]  # Call-ID, local tag, remote tag
Header = tuple[str, bytes | str]
FORWARDS = "70"  # 8.1.1.6
PORT = 5060


class Order(Enum):
    """How a request within a dialog stands to those before it (12.2.2)."""

    NEXT = "next"
    LATE = "late"  # its number was passed already: 500


class Dialog(msgspec.Struct):
    """State of one dialog. URIs as they stand in the messages; `remote_seq` is None until the peer has asked."""

    call_id: bytes
    local: bytes  # value of From in requests of ours, with our tag
    remote: bytes
    local_seq: int
    remote_seq: int | None
    target: bytes  # remote target URI
    routes: tuple[bytes, ...]  # route set, the next hop first
    early: bool
    remote_tag: bytes
    local_tag: bytes

    @property
    def id(self) -> DialogId:
        """By what its messages are known here."""
        return self.call_id, self.local_tag, self.remote_tag

    def request(self, method: str, via: bytes, extra: Iterable[Header] = (), body: bytes = b"",
                *, seq: int | None = None) -> Request:  # fmt: skip
        """A request within the dialog (12.2.1.1) with the next number, or with `seq`: an ACK has that of its INVITE."""
        if seq is None:
            self.local_seq += 1
            seq = self.local_seq
        uri, routes = self._way()
        headers: list[Header] = [
            ("Via", via),
            ("Max-Forwards", FORWARDS),
            *(("Route", route) for route in routes),
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{seq} {method}"),
            *extra,
        ]
        return Request.build(method, uri, headers, body)

    def _way(self) -> tuple[bytes, tuple[bytes, ...]]:
        """Request-URI and Route: a first proxy without `lr` is a strict router and gets its own URI there."""
        if not self.routes:
            return self.target, ()
        first = parse_name_addr(self.routes[0])
        if "lr" in first.uri.params:
            return self.target, self.routes
        return first.uri.to_bytes(), (*self.routes[1:], b"<" + self.target + b">")

    def next_hop(self) -> tuple[str, int]:
        """Where requests go: (host, port) of the first route, else of the remote target."""
        return hop_of(parse_name_addr(self.routes[0]).uri.to_bytes() if self.routes else self.target)

    def order(self, request: Request) -> Order:
        """Take note of the number of a request that came (not of ACK and CANCEL, which have that of their INVITE)."""
        number = request.cseq[0]
        if self.remote_seq is not None and number < self.remote_seq:
            return Order.LATE
        self.remote_seq = number
        return Order.NEXT

    def refresh(self, message: Request | Response) -> None:
        """A target refresh (INVITE, UPDATE and their 2xx): the peer is from now on where its Contact says."""
        contacts = message.contacts
        if contacts:
            self.target = contacts[0].uri.to_bytes()


def hop_of(uri: bytes) -> tuple[str, int]:
    """Host and port of a SIP URI, `maddr` before the host. No names are looked up here."""
    parsed = parse_uri(uri)
    maddr = parsed.params.get("maddr")
    return maddr.decode("ascii", "replace") if maddr else parsed.host, parsed.port or PORT


def of_client(request: Request, response: Response) -> Dialog:
    """The dialog of an answer (101-299 with a To tag) to a request of ours (12.1.2)."""
    return Dialog(
        call_id=request.call_id,
        local=request.first("from") or b"",
        remote=response.first("to") or b"",
        local_seq=request.cseq[0],
        remote_seq=None,
        target=_target(response, request.uri),
        routes=tuple(reversed(response.all("record-route"))),
        early=response.status < 200,
        local_tag=request.from_.tag,
        remote_tag=response.to.tag,
    )


def of_server(request: Request, tag: bytes) -> Dialog:
    """The early dialog of a request that came, once we answer it with our `tag` (12.1.1)."""
    return Dialog(
        call_id=request.call_id,
        local=(request.first("to") or b"") + b";tag=" + tag,
        remote=request.first("from") or b"",
        local_seq=0,
        remote_seq=request.cseq[0],
        target=_target(request, request.from_.uri.to_bytes()),
        routes=tuple(request.all("record-route")),
        early=True,
        local_tag=tag,
        remote_tag=request.from_.tag,
    )


def id_of(request: Request) -> DialogId:
    """The dialog that a request which came belongs to."""
    return request.call_id, request.to.tag, request.from_.tag


def _target(message: Request | Response, otherwise: bytes) -> bytes:
    contacts: list[NameAddr] = message.contacts
    return contacts[0].uri.to_bytes() if contacts else otherwise
