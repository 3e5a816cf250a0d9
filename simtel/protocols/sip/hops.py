"""Where a request came from, where its answer goes (RFC 3261, 18.2; RFC 3581), and the answer to a malformed one.

Pure: the address that a datagram came from is told, nothing is sent.
"""

from simtel.protocols.sip import head
from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.message import Request
from simtel.protocols.sip.names import LISTS, key
from simtel.protocols.sip.reasons import REASONS
from simtel.protocols.sip.values import Via, parse_via, pieces

PORTS = {"TLS": 5061}  # RFC 3261, 19.1.2; all others 5060
_COPIED = frozenset({b"Via", b"From", b"To", b"Call-ID", b"CSeq"})


def stamped(request: Request, host: str, port: int) -> Request:
    """The request with `received` and `rport` in its first Via, where it came from another address than that says, or
    asks for rport; else itself. What the sender wrote there himself does not count."""
    via = request.vias[0]
    params = {name: value for name, value in via.params.items() if name not in ("received", "rport")}
    if "rport" in via.params:
        params |= {"received": host.encode(), "rport": b"%d" % port}
    elif via.host != host:
        params["received"] = host.encode()
    if params == via.params:
        return request
    changed = Via(via.transport, via.host, via.port, params).to_bytes()
    pairs: list[tuple[str, bytes | str]] = [("Via", value) for value in (changed, *request.all("Via")[1:])]
    others = [(name, value) for name, value in request.headers if key(name) != b"Via"]
    return Request.build(request.method, request.uri, [*pairs, *others], request.body)


def answer_to(via: Via) -> tuple[str, int]:
    """Host and port to which an answer goes over UDP, and over TCP where its connection is gone (18.2.2)."""
    port = via.port or PORTS.get(via.transport, 5060)
    if "maddr" in via.params:
        return via.params["maddr"].decode("ascii", "replace"), port
    host = via.params.get("received", b"").decode("ascii", "replace") or via.host
    back = via.params.get("rport", b"")
    if back.isdigit() and len(back) <= 5 and 0 < int(back) < 65_536:
        port = int(back)
    return host, port


def refusal(data: bytes, wrong: MalformedMessage) -> bytes | None:
    """The answer to a request that is malformed, as far as it can be read (RFC 4475, 3.1.2): it carries what of Via,
    From, To, Call-ID and CSeq is there. None for what wants no answer or can have none: a response, an ACK, and what
    has no Via that can be read."""
    first = head.begin(data)
    start, _, rest = data[first : first + head.MOST_BYTES].partition(head.CRLF)
    if start[:4].upper() == b"SIP/" or start.startswith(b"ACK ") or not start.strip():
        return None
    text = b"SIP " + head.CRLF + rest.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    pairs: list[tuple[str, bytes]] = []
    seen: set[bytes] = set()
    for name, value, _ in head.headers(text):
        kept = key(name)
        if kept not in _COPIED or (kept in seen and kept not in LISTS) or b"\n" in value or b"\r" in value:
            continue
        if kept == b"Via" and kept not in seen and not _readable(value):
            return None
        seen.add(kept)
        pairs.append((kept.decode(), value))
    if b"Via" not in seen or len(pairs) > head.MOST_LINES:
        return None
    phrase = f"{REASONS.get(wrong.code, '')} ({wrong.reason})".strip()
    return head.written(f"SIP/2.0 {wrong.code} {phrase}".encode(), pairs, b"")


def _readable(value: bytes) -> bool:
    """Whether the first of these Vias says where an answer goes."""
    try:
        parse_via(next(pieces(value))[1])
    except MalformedMessage:
        return False
    return True
