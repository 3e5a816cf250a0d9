"""The SIP messages of a capture, over UDP and TCP on whatever port, in their order and with the instant of each.

A message over TCP has the instant of the segment that made it whole. It is read as an onlooker reads, so that a message
that a party would refuse is still heard, with the reason for which it is malformed.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.framing import Stream
from simtel.protocols.sip.message import parse_message
from simtel.protocols.sip.onlooker import NotSipError, Sip, looks_like_sip, parse
from simtel.wire.capture import TCP, UDP, Capture, Packet
from simtel.wire.tcp import MOST_DIRECTIONS, Connections, Direction, Gap

_LONGEST_LINE = 2_304  # octets of a start line: a method, a Request-URI and the version, with room
_MARKS = ("Reason",)


class Heard(NamedTuple):
    """One message. `wrong` says why RFC 3261 does not allow it, "" where it does."""

    t: int
    source: str
    from_port: int
    target: str
    to_port: int
    sip: Sip
    wrong: str


class SipCapture:
    """The SIP of a capture. What of it could not be read at all is counted in `unread`, and the first reason is `why`;
    the counts, and those of `capture`, are final once `messages` came to its end."""

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        self.unread = 0
        self.why = ""
        self._connections = Connections()
        self._cutters: OrderedDict[Direction, _Cutter] = OrderedDict()

    def messages(self) -> Iterator[Heard]:
        """Each message. BadInput when the file is no capture."""
        for packet in self.capture.packets():
            if packet.protocol == UDP:
                octets = packet.payload.lstrip(b"\r\n")
                if looks_like_sip(octets):
                    yield from self._heard(packet, octets)
            elif packet.protocol == TCP:
                for found in self._cut(packet):
                    if isinstance(found, MalformedMessage):
                        self._missed(str(found))
                    else:
                        yield from self._heard(packet, found)

    def _cut(self, packet: Packet) -> Iterator[bytes | MalformedMessage]:
        way = (packet.source, packet.from_port, packet.target, packet.to_port)
        for piece in self._connections.take(packet):
            if isinstance(piece, Gap):
                self._cutters[way] = _Cutter()
                if len(self._cutters) > MOST_DIRECTIONS:
                    self._cutters.popitem(last=False)
            elif way in self._cutters:
                yield from self._cutters[way].take(piece)

    def _heard(self, packet: Packet, octets: bytes) -> Iterator[Heard]:
        try:
            sip = parse(octets, _MARKS)
        except NotSipError as none:
            self._missed(str(none))
            return
        wrong = ""
        try:
            parse_message(octets)
        except MalformedMessage as malformed:
            wrong = str(malformed)
        yield Heard(packet.t, packet.source, packet.from_port, packet.target, packet.to_port, sip, wrong)

    def _missed(self, why: str) -> None:
        self.unread += 1
        self.why = self.why or why


class _Cutter:
    """Cuts one direction into messages from the first start line on; what begins otherwise is passed over."""

    def __init__(self) -> None:
        self._stream: Stream | None = None
        self._held = b""

    def take(self, data: bytes) -> Iterator[bytes | MalformedMessage]:
        if self._stream is None:
            self._held = (self._held + data).lstrip(b"\r\n")
            if not looks_like_sip(self._held):
                if b"\n" in self._held or len(self._held) > _LONGEST_LINE:
                    self._held = b""
                return
            self._stream, data, self._held = Stream(), self._held, b""
        for found in self._stream.take(data):
            if isinstance(found, MalformedMessage):
                self._stream = None
                yield found
            elif isinstance(found, bytes):
                yield found
