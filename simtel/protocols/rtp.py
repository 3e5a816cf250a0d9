"""RTP as an onlooker sees it (RFC 3550): the fixed header, and what of one stream arrived.

Sequence numbers count to 65,535 and begin again; `Reception` extends them, so that losses are counted across the turn.
A jump of more than `MOST_DROPPED` forward, or of more than `MOST_LATE` back, is no loss: the sender began anew, as the
second server does that takes a stream over; so do `RESTART` packets in a row that all seem to be late. Packets that
come twice or late bring no new sound and end no silence.
"""

import struct

import msgspec

MOST_DROPPED = 3_000  # RFC 3550, A.1
MOST_LATE = 100
RESTART = 10
COMFORT_NOISE = 13  # RFC 3389: the talker is silent, and says so
G729 = 18  # RFC 3551, 4.5.6: frames of ten octets, and at the end of a packet perhaps one of two that says the same
_FRAME, _SID = 10, 2
_HEAD = 12
_TURN = 1 << 16


class Rtp(msgspec.Struct, frozen=True, gc=False):
    """The fixed header of one packet."""

    payload: int
    marker: bool
    sequence: int
    timestamp: int
    source: int
    size: int = 0  # octets after the fixed header

    @property
    def comfort(self) -> bool:
        """Whether it says that the talker is silent from here on."""
        return self.payload == COMFORT_NOISE or (self.payload == G729 and self.size % _FRAME == _SID)


def parse(packet: bytes) -> Rtp | None:
    """The header, or None when these bytes are no RTP (RTCP is none)."""
    if len(packet) < _HEAD or packet[0] >> 6 != 2 or 200 <= packet[1] <= 207:
        return None
    _, second, sequence, timestamp, source = struct.unpack_from("!BBHII", packet)
    size = len(packet) - _HEAD - 4 * (packet[0] & 0x0F)
    if size < 0:
        return None
    return Rtp(second & 0x7F, bool(second & 0x80), sequence, timestamp, source, size)


class Reception:
    """What arrived of the stream that one end hears: packets that were new, lost, late or double."""

    __slots__ = ("_behind", "_highest", "_holes", "_source", "double", "lost", "new", "restarts")

    def __init__(self) -> None:
        self.new = self.lost = self.double = self.restarts = 0
        self._highest = 0
        self._source = -1
        self._behind = 0  # packets in a row that seemed to be late
        self._holes: dict[int, None] = {}

    def talkspurt(self, packet: Rtp) -> bool:
        """Whether it begins a talkspurt and nothing is missing before it (RFC 3551, 4.1): the talker was silent, and
        whoever suppresses silence had nothing to send."""
        follows = (self._highest + 1) % _TURN == packet.sequence
        return packet.marker and packet.source == self._source and follows

    def take(self, packet: Rtp) -> bool:
        """Count a packet; whether it carries on the stream (a late or double one does not)."""
        if packet.source != self._source:
            self._begin(packet)
            return True
        ahead = (packet.sequence - self._highest) % _TURN
        if ahead == 0:
            self.double += 1
            return False
        if ahead > _TURN - MOST_LATE:
            self._behind += 1
            if self._behind == RESTART:
                self._begin(packet)
                return True
            if self._holes.pop(packet.sequence, self) is None:  # late, and missed until now
                self.lost -= 1
                self.new += 1
            else:
                self.double += 1
            return False
        if ahead > MOST_DROPPED:
            self._begin(packet)
            return True
        self._behind = 0
        self.lost += ahead - 1
        for back in range(1, min(ahead, MOST_LATE)):
            self._holes[(packet.sequence - back) % _TURN] = None
        while len(self._holes) > MOST_LATE:
            del self._holes[next(iter(self._holes))]
        self._highest = packet.sequence
        self.new += 1
        return True

    def _begin(self, packet: Rtp) -> None:
        self.restarts += self._source >= 0
        self._source, self._highest = packet.source, packet.sequence
        self._holes.clear()
        self._behind = 0
        self.new += 1
