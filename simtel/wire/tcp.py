"""Octets of TCP connections put in order again out of a capture's segments (RFC 9293, 3.4), one direction at a time.

What comes again is left out, what comes early waits. What never comes is a gap: a capture may begin in the middle, or
lose packets. All that is held is bounded.
"""

import struct
from collections import OrderedDict
from collections.abc import Iterator

from simtel.wire.capture import Packet

MOST_DIRECTIONS = 1_024  # connections longer silent than so many others are forgotten
MOST_WAITING = 64 << 10  # octets; a hole before which more waits is not filled any more
_FIN, _SYN, _RST = 1, 2, 4
_TURN = 1 << 32

Direction = tuple[str, int, str, int]


class Gap:
    """Octets are missing here, or the connection begins anew."""


class _Order:
    """One direction: the next number, and what waits for those before it."""

    def __init__(self, first: int) -> None:
        self.next = first
        self._waiting: dict[int, bytes] = {}
        self._size = 0

    def take(self, number: int, data: bytes) -> Iterator[bytes | Gap]:
        early = (number - self.next + _TURN // 2) % _TURN - _TURN // 2
        if early > 0:
            if len(data) > len(self._waiting.get(number, b"")):
                self._size += len(data) - len(self._waiting.get(number, b""))
                self._waiting[number] = data
            if self._size > MOST_WAITING or early > MOST_WAITING * 16:
                yield Gap()
                self.next = min(self._waiting, key=lambda one: (one - self.next) % _TURN)
                yield from self._come()
            return
        if len(data) > -early:
            self.next = (number + len(data)) % _TURN
            yield data[-early:]
            yield from self._come()

    def _come(self) -> Iterator[bytes | Gap]:
        """What waited and is next now; what came otherwise meanwhile goes."""
        while self._waiting:
            number = min(self._waiting, key=lambda one: (one - self.next + _TURN // 2) % _TURN)
            early = (number - self.next + _TURN // 2) % _TURN - _TURN // 2
            if early > 0:
                return
            data = self._waiting.pop(number)
            self._size -= len(data)
            if len(data) > -early:
                self.next = (number + len(data)) % _TURN
                yield data[-early:]


class Connections:
    """The connections of a capture."""

    def __init__(self) -> None:
        self._orders: OrderedDict[Direction, _Order] = OrderedDict()

    def take(self, packet: Packet) -> Iterator[bytes | Gap]:
        """What is in order with this segment; nothing of a segment whose header cannot be read."""
        way = (packet.source, packet.from_port, packet.target, packet.to_port)
        if len(packet.payload) < 20:
            return
        number, offset, flags = struct.unpack_from("!4xI4xBB", packet.payload)
        data = packet.payload[4 * (offset >> 4) :]
        if offset >> 4 < 5:
            return
        if flags & _SYN:
            yield Gap()
            self._orders[way] = _Order((number + 1) % _TURN)
            number += 1
        order = self._orders.get(way)
        if order is None and data:
            yield Gap()
            order = self._orders[way] = _Order(number)
        if order is not None:
            self._orders.move_to_end(way)
            if data:
                yield from order.take(number % _TURN, data)
        if flags & _RST:
            self._orders.pop(way, None)
        if len(self._orders) > MOST_DIRECTIONS:
            self._orders.popitem(last=False)
