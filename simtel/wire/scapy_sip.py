"""SIP (RFC 3261), SDP (RFC 8866) and the Reason of Q.850 (RFC 3326) as scapy layers, bound to UDP and TCP port 5060.

    >>> from simtel.wire.scapy_sip import SDP, SIP
    >>> packet = IP(dst="127.0.0.10") / UDP(dport=5060) / SIP(method="INVITE", uri="sip:1000@127.0.0.10") / SDP()
    >>> packet.Call_ID, packet[SDP].m, packet[SIP].get("via")

Headers are read and written as attributes (`Call_ID`, `Via`: _ for -), lines of SDP by their letter; `get`, `all` and
`put` take any name. What is None is computed: Content-Length and CSeq, Content-Type where SDP follows, the reason
phrase. What is given goes out as given, right or wrong: `start=b"INVITE  x\\n"` is a start line as it stands, a `Line`
carries its own colon and end. Whatever was dissected is built again octet for octet.
"""

import re
from typing import Any

from scapy.fields import EnumField, Field, StrField
from scapy.layers.inet import TCP, UDP
from scapy.packet import Packet, Padding, Raw, bind_layers

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.extensions import Reason, parse_reason
from simtel.protocols.sip.framing import KeepAlive, Stream
from simtel.protocols.sip.head import MOST_BYTES
from simtel.protocols.sip.names import KEYS, key
from simtel.protocols.sip.reasons import REASONS
from simtel.protocols.sip.values import pieces
from simtel.wire.lines import Lines, LinesField, octets

PORT = 5060
_HEADER = re.compile(rb"([^\s:]+)([ \t]*:[ \t]*)")
_DESCRIBED = re.compile(rb"([^\s=])(=)")
_REQUEST = re.compile(rb"([^ \r\n]+) ([^ \r\n]+) (SIP/[^ \r\n]*)\r\n")
_STATUS = re.compile(rb"(SIP/[^ \r\n]*) ([1-9]\d{2}) ([^\r\n]*)\r\n")
_ATTRIBUTE = re.compile(r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_LENGTH = re.compile(rb"[ \t]*(\d{1,9})[ \t]*")
_BRANCH = re.compile(rb";[ \t]*branch[ \t]*=[ \t]*([^;,\s]+)", re.IGNORECASE)
_BLANK = (b"\r\n", b"\r", b"\n")

# Q.850, table 1: causes by number.
Q850 = {
    1: "unallocated number", 2: "no route to specified transit network", 3: "no route to destination",
    6: "channel unacceptable", 16: "normal call clearing", 17: "user busy", 18: "no user responding",
    19: "no answer from user", 20: "subscriber absent", 21: "call rejected", 22: "number changed",
    26: "non-selected user clearing", 27: "destination out of order", 28: "invalid number format",
    29: "facility rejected", 30: "response to STATUS ENQUIRY", 31: "normal, unspecified",
    34: "no circuit/channel available", 38: "network out of order", 41: "temporary failure",
    42: "switching equipment congestion", 43: "access information discarded",
    44: "requested circuit/channel not available", 47: "resource unavailable, unspecified",
    50: "requested facility not subscribed", 55: "incoming calls barred within CUG",
    57: "bearer capability not authorized", 58: "bearer capability not presently available",
    63: "service or option not available, unspecified", 65: "bearer capability not implemented",
    69: "requested facility not implemented", 79: "service or option not implemented, unspecified",
    81: "invalid call reference value", 82: "identified channel does not exist", 87: "user not member of CUG",
    88: "incompatible destination", 95: "invalid message, unspecified", 96: "mandatory information element is missing",
    97: "message type non-existent or not implemented", 98: "message not compatible with call state",
    99: "information element non-existent or not implemented", 100: "invalid information element contents",
    101: "message not compatible with call state", 102: "recovery on timer expiry", 111: "protocol error, unspecified",
    127: "interworking, unspecified",
}  # fmt: skip


class SDP(Lines):
    """A session description: one audio stream in G.711 A-law unless told otherwise. A letter that comes several times
    takes a list: `SDP(a=["rtpmap:8 PCMA/8000", "ptime:20"])`."""

    name = "SDP"
    match_subclass = False
    fields_desc = [  # noqa: RUF012 - as scapy writes it
        LinesField(
            "lines",
            [
                ("v", "0"), ("o", "- 1 1 IN IP4 127.0.0.1"), ("s", "-"), ("c", "IN IP4 127.0.0.1"), ("t", "0 0"),
                ("m", "audio 4000 RTP/AVP 8"),
            ],
            b"=", _DESCRIBED, fold=False,
        )
    ]  # fmt: skip

    @staticmethod
    def spelt(attribute: str) -> str | None:
        return attribute if len(attribute) == 1 and attribute.isascii() and attribute.islower() else None

    def do_dissect(self, s: bytes) -> bytes:
        self.fields["lines"] = self._field().cut(s)
        return b""

    def self_build(self, *_: Any) -> bytes:
        return self.built()

    def mysummary(self) -> str:
        return f"SDP {(self.get('m') or b'').decode('utf-8', 'replace')}"


def _length(packet: "SIP") -> bytes:
    return b"%d" % len(packet.payload.do_build())


def _cseq(packet: "SIP") -> bytes:
    return b"1 " + (packet.method or b"OPTIONS")


def _type(packet: "SIP") -> bytes | None:
    return b"application/sdp" if isinstance(packet.payload, SDP) else None


class SIP(Lines):
    """A request, or with a `status` a response. `before` are line ends before the start line (keep-alives too), `end`
    is the empty line after the headers. A start line in another shape than RFC 3261's is in `start`, and then method,
    URI, status, reason and version are None."""

    name = "SIP"
    lines = "headers"
    computed = {b"Content-Length": _length, b"CSeq": _cseq, b"Content-Type": _type}  # noqa: RUF012
    fields_desc = [  # noqa: RUF012
        StrField("before", b""),
        StrField("start", None),
        StrField("method", None),
        StrField("uri", None),
        Field("status", None),
        StrField("reason", None),
        StrField("version", None),
        LinesField(
            "headers",
            [
                ("Via", "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1"), ("From", "<sip:2001@127.0.0.1>;tag=1"),
                ("To", "<sip:1000@127.0.0.1>"), ("Call-ID", "1@127.0.0.1"), ("CSeq", None),
                ("Contact", "<sip:2001@127.0.0.1:5060>"), ("Max-Forwards", "70"), ("Content-Type", None),
                ("Content-Length", None),
            ],
            b": ", _HEADER, fold=True,
        ),
        StrField("end", b"\r\n"),
    ]  # fmt: skip

    @staticmethod
    def spelt(attribute: str) -> str | None:
        if _ATTRIBUTE.fullmatch(attribute) is None:
            return None
        name = attribute.replace("_", "-")
        known = KEYS.get(name.lower())
        return known.decode() if known is not None and len(name) > 1 else name

    @staticmethod
    def same(name: bytes) -> bytes:
        return key(name.decode("latin-1"))

    def do_dissect(self, s: bytes) -> bytes:
        pieces = s.splitlines(keepends=True)
        first = next((n for n, piece in enumerate(pieces) if piece not in _BLANK), len(pieces))
        last = next((n for n in range(first, len(pieces)) if pieces[n] in _BLANK), len(pieces))
        start = pieces[first] if first < last else b""
        end = pieces[last] if last < len(pieces) else b""
        head = b"".join(pieces[first + 1 : last])
        self.fields |= {"before": b"".join(pieces[:first]), "headers": self._field().cut(head), "end": end}
        if (found := _REQUEST.fullmatch(start)) is not None:
            self.fields |= {"method": found[1], "uri": found[2], "version": found[3]}
        elif (found := _STATUS.fullmatch(start)) is not None:
            self.fields |= {"version": found[1], "status": int(found[2]), "reason": found[3]}
        else:
            self.fields["start"] = start
        return s[len(self.fields["before"]) + len(start) + len(head) + len(end) :]

    def self_build(self, *_: Any) -> bytes:
        built: bytes = octets(self.before) + self._start_line() + self.built() + octets(self.end)
        return built

    def _start_line(self) -> bytes:
        if self.start is not None:
            return octets(self.start)
        version = octets(self.version if self.version is not None else b"SIP/2.0")
        if self.status is None:
            method = octets(self.method if self.method is not None else b"OPTIONS")
            return b"%s %s %s\r\n" % (method, octets(self.uri if self.uri is not None else b"sip:127.0.0.1"), version)
        reason = self.reason if self.reason is not None else REASONS.get(self.status, "")
        return b"%s %d %s\r\n" % (version, self.status, octets(reason))

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes | None]:
        """The body is as long as Content-Length says (18.3), or all that there is."""
        said = _LENGTH.fullmatch(self.get("Content-Length") or b"")
        length = int(said[1]) if said is not None else len(s)
        return s[:length], s[length:] or None

    def guess_payload_class(self, payload: bytes) -> type[Packet]:
        kind = (self.get("Content-Type") or b"").partition(b";")[0].strip().lower()
        return SDP if kind == b"application/sdp" else Raw

    def hashret(self) -> bytes:
        """What a request and its answers have alike."""
        found = _BRANCH.search(self.get("Via") or b"")
        return (found[1] if found is not None else b"") + (self.get("Call-ID") or b"")

    def answers(self, other: Packet) -> bool:
        """Whether this is a response to that request (17.1.3): the same branch, Call-ID and CSeq."""
        return (
            isinstance(other, SIP) and self.status is not None and other.status is None
            and self.hashret() == other.hashret()
            and (self.get("CSeq") or _cseq(self)) == (other.get("CSeq") or _cseq(other))
        )  # fmt: skip

    def mysummary(self) -> str:
        line = self._start_line().strip().decode("utf-8", "replace")
        return f"SIP {line}"

    @property
    def reasons(self) -> list["SIPReason"]:
        """Each value of the Reason headers (RFC 3326)."""
        values = [value for value in self.all("Reason") if value is not None]
        return [SIPReason(part) for value in values for part in _parted(value)]

    @classmethod
    def tcp_reassemble(cls, data: bytes, *_: dict[str, Any]) -> Packet | None:
        """For scapy's TCPSession: the whole messages at the begin of a stream, stacked, and what follows them as
        padding; None while there is none. What cannot be framed is dissected as it stands."""
        found, used = Stream().take(data), 0
        packet: Packet | None = None
        for one in found or ([MalformedMessage("never ends")] if len(data) > MOST_BYTES else []):
            piece = one.value if isinstance(one, KeepAlive) else data[used:] if isinstance(one, Exception) else one
            used += len(piece)
            packet = cls(piece) if packet is None else packet / cls(piece)
        return packet / Padding(data[used:]) if packet is not None and used < len(data) else packet


def _parted(value: bytes) -> list[bytes]:
    """The members of a list by commas; what cannot be taken apart comes whole."""
    try:
        return [piece.strip(b" \t") for _, piece in pieces(value)]
    except MalformedMessage:
        return [value]


class SIPReason(Packet):
    """One value of Reason: `SIP(method="BYE", Reason=SIPReason(cause=17))`. What is no Reason is in `other`."""

    name = "Reason"
    fields_desc = [  # noqa: RUF012
        StrField("protocol", b"Q.850"),
        EnumField("cause", 16, Q850),
        StrField("text", None),
        StrField("other", None),
    ]

    def do_dissect(self, s: bytes) -> bytes:
        try:
            read = parse_reason(s)
            self.fields |= {"protocol": read.protocol.encode(), "cause": read.cause, "text": read.text or None}
        except (MalformedMessage, UnicodeDecodeError):
            self.fields |= {"protocol": b"", "cause": None}
        if self._written() != s:
            self.fields["other"] = s
        return b""

    def _written(self) -> bytes:
        protocol = octets(self.protocol).decode("latin-1")
        return Reason(protocol, self.cause, octets(self.text or b"")).to_bytes()

    def self_build(self, *_: Any) -> bytes:
        return self._written() if self.other is None else octets(self.other)


for _layer in (UDP, TCP):
    bind_layers(_layer, SIP, sport=PORT)
    bind_layers(_layer, SIP, dport=PORT)
    bind_layers(_layer, SIP, sport=PORT, dport=PORT)
