"""What speech costs on a LAN and on a disk: packets, bits and octets by codec.

A voice packet of 20 ms holds the codec's octets and, before them, 12 of RTP (RFC 3550), 8 of UDP (RFC 768), 20 of IP
(RFC 791) and 18 of Ethernet with its check sequence (IEEE 802.3); preamble and gap are not counted. G.711: 160 + 58 =
218 octets, 50 a second, 87.2 kbit/s each way.
"""

from dataclasses import dataclass

PACKETS = 50  # a second and direction: 20 ms of speech each
_HEADERS = 12 + 8 + 20 + 18  # octets
CODECS = {"G.711": 64_000, "G.722": 64_000, "G.729": 8_000}  # bit/s


@dataclass(frozen=True, slots=True)
class Streams:
    """Packets and bits per second that the switch forwards, and those of one talk in one direction."""

    packets: float
    bits: float
    one: int


def streams(codec: str, calls: int, copies: int) -> Streams:
    """`calls` with speech both ways, and `copies` of both directions to the recorder. KeyError: no such codec."""
    octets = CODECS[codec] // 8 // PACKETS + _HEADERS
    packets = PACKETS * 2 * (calls + copies)
    return Streams(packets, packets * octets * 8, octets * 8 * PACKETS)


def recordings(codec: str, talks: float, days: float, hours: float) -> float:
    """Octets that are kept: `talks` at once in the mean, `hours` a day, for so many days, both directions mixed into one
    file at the codec's rate. KeyError: no such codec."""
    return talks * hours * 3600 * days * CODECS[codec] / 8
