"""DTMF as events in RTP (RFC 4733): the payload, what a sender sends for one key, and what a receiver makes of it.

1. One key is several packets of one RTP timestamp, each with the duration so far; the last one has the end bit and is
   sent three times (2.5.1.3, 2.5.1.4).
2. A receiver tells a key once, by its timestamp, whatever is lost or comes twice (2.5.2.2).
3. A duration that would not fit into 16 bits goes on as a new segment with a timestamp of its own (2.5.1.3); the
   receiver here tells it as the same key, for a segment begins where the one before ended.
"""

import struct
from collections.abc import Iterator

import msgspec

KEYS = "0123456789*#ABCD"
MOST_DURATION = 0xFFFF  # in units of the RTP clock
_END, _VOLUME = 0x80, 0x3F
_REPEATED = 3  # times that the end is sent


class Event(msgspec.Struct, frozen=True, gc=False):
    """One payload. `volume` in dB below 0 dBm0, `duration` in units of the RTP clock."""

    event: int
    end: bool
    volume: int
    duration: int

    @property
    def key(self) -> str:
        """The key, "" for an event that is none (a flash is 16)."""
        return KEYS[self.event] if self.event < len(KEYS) else ""

    def to_bytes(self) -> bytes:
        """The payload of one packet."""
        return struct.pack("!BBH", self.event, (_END if self.end else 0) | self.volume, self.duration)


def parse_event(payload: bytes) -> Event | None:
    """The event of a payload, None when it is none."""
    if len(payload) < 4:
        return None
    event, flags, duration = struct.unpack_from("!BBH", payload)
    return Event(event, bool(flags & _END), flags & _VOLUME, duration)


def pressed(key: str, duration: int, step: int, volume: int = 10) -> Iterator[Event]:
    """The payloads for one key that is held for `duration`, a packet each `step` (both in units of the RTP clock), then
    the end three times. ValueError for what is no key or fits into no segment."""
    if len(key) != 1 or key not in KEYS:
        raise ValueError(f"{key!r} is no key of a telephone")
    if not 0 < step <= duration <= MOST_DURATION or not 0 <= volume <= _VOLUME:
        raise ValueError(f"a key of duration {duration}, step {step} and volume {volume} cannot be sent")
    for so_far in range(step, duration, step):
        yield Event(KEYS.index(key), end=False, volume=volume, duration=so_far)
    for _ in range(_REPEATED):
        yield Event(KEYS.index(key), end=True, volume=volume, duration=duration)


class Listener:
    """Tells each key of one stream once, at the first packet of it that arrives."""

    __slots__ = ("_duration", "_event", "_stamp")

    def __init__(self) -> None:
        self._event = -1
        self._stamp = self._duration = 0

    def take(self, timestamp: int, event: Event) -> str:
        """The key that begins with this packet, "" when none does."""
        ahead = (timestamp - self._stamp) % (1 << 32)
        known = self._event >= 0
        if known and ahead >= 1 << 31:  # late: of a key before this one
            return ""
        goes_on = known and event.event == self._event and ahead == self._duration == MOST_DURATION
        same = known and ahead == 0
        self._duration = max(self._duration, event.duration) if same else event.duration
        self._event, self._stamp = event.event, timestamp
        return "" if same or goes_on else event.key
