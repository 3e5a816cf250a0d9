"""A stream cut into messages (RFC 3261, 7.5 and 18.3; keep-alives after RFC 5626, 4.4.1).

Over TCP every message says its Content-Length. Two line ends between messages ask "are you there?", one answers. What
is held of a message that is not whole yet is bounded, and no octet is looked at twice for the end of a head.
"""

import re
from enum import Enum

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.head import CRLF, MOST_BYTES
from simtel.protocols.sip.values import parse_number

MOST_HEAD = 16_384  # octets, ours: no telephone has a longer head
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\n(?:Content-Length|l)[ \t]*:((?:[^\r\n]|\r\n[ \t])*)", re.IGNORECASE)


class KeepAlive(Enum):
    """What stands between messages."""

    PING = _END
    PONG = CRLF


class Stream:
    """What came over one connection and is not given out yet.

    A MalformedMessage among what is given out is the last: where a message ends is then not known, and the connection
    is closed once it is answered. Its offset is that in the message.
    """

    __slots__ = ("_half", "_held", "_searched", "_whole")

    def __init__(self) -> None:
        self._held = bytearray()
        self._searched = 0
        self._whole = 0  # octets of the message that is coming; 0 before its head is whole
        self._half = False  # the half of a ping was given out as a pong

    def take(self, data: bytes) -> list[bytes | KeepAlive | MalformedMessage]:
        """What is whole with these octets, in order: messages that are not parsed yet, keep-alives, or an error."""
        self._held += data
        out: list[bytes | KeepAlive | MalformedMessage] = []
        try:
            while (found := self._next()) is not None:
                out.append(found)
        except MalformedMessage as wrong:
            self._held.clear()
            out.append(wrong)
        return out

    def _next(self) -> bytes | KeepAlive | None:
        if not self._whole:
            found = self._between()
            if found is not None:
                return found
            self._whole = self._measure()
        if not self._whole or len(self._held) < self._whole:
            return None
        message = bytes(self._held[: self._whole])
        del self._held[: self._whole]
        self._searched = self._whole = 0
        return message

    def _between(self) -> KeepAlive | None:
        """The keep-alive with which what is held begins."""
        if not self._held.startswith(CRLF):
            self._half = self._half and CRLF.startswith(self._held)
            return None
        if self._half or self._held.startswith(_END):
            del self._held[: len(CRLF) if self._half else len(_END)]
            self._half = False
            return KeepAlive.PING
        if len(self._held) == 3:  # the third octet of a ping
            return None
        del self._held[: len(CRLF)]
        self._half = not self._held
        return KeepAlive.PONG

    def _measure(self) -> int:
        """Octets of the message that begins, 0 while its head is not whole."""
        end = self._held.find(_END, max(0, self._searched - 3))
        self._searched = len(self._held)
        if end > MOST_HEAD or (end < 0 and self._searched > MOST_HEAD):
            raise MalformedMessage(f"has a head of more than {MOST_HEAD} octets", MOST_HEAD, 513)
        if end < 0:
            return 0
        lengths = list(_LENGTH.finditer(self._held, 0, end))
        if len(lengths) != 1:
            raise MalformedMessage(f"has {len(lengths) or 'no'} Content-Length in a stream", end)
        at = lengths[0].start(1)
        try:
            length = parse_number(lengths[0][1].replace(CRLF, b""), 2**32 - 1)
        except MalformedMessage as wrong:
            raise wrong.moved(at) from None
        if end + 4 + length > MOST_BYTES:
            raise MalformedMessage(f"is longer than {MOST_BYTES} octets", at, 413)
        return end + 4 + length
