"""VRRP adverts on the wire (version 2 after RFC 3768, version 3 after RFC 5798): who says that he is active.

Only the head is read. The authentication data of version 2, a password in clear, lies behind it.
"""

import msgspec

from simtel.core.clock import MS, SECOND

PROTOCOL = 112
_ADVERT = 1


class Advert(msgspec.Struct, frozen=True):
    """One advert. Priority 0: the sender gives the address up. `interval` in nanoseconds."""

    router: int
    priority: int
    interval: int


def parse(packet: bytes) -> Advert | None:
    """The advert, or None when these bytes are none."""
    if len(packet) < 8 or packet[0] & 0x0F != _ADVERT:
        return None
    version, router, priority = packet[0] >> 4, packet[1], packet[2]
    if version == 2:
        interval = packet[5] * SECOND
    elif version == 3:
        interval = ((packet[4] & 0x0F) << 8 | packet[5]) * 10 * MS
    else:
        return None
    return Advert(router, priority, interval) if interval else None
