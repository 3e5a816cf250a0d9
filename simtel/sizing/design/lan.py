"""What speech costs on a LAN and on a disk: packets, bits and octets by codec.

A voice packet holds the codec's octets and, before them, 12 of RTP (RFC 3550), 8 of UDP (RFC 768), 20 of IP (RFC 791)
and 18 of Ethernet with its check sequence (IEEE 802.3); preamble and gap are not counted. G.711 and 20 ms: 160 + 58 =
218 octets, 50 a second, 87.2 kbit/s each way.
"""

from dataclasses import dataclass

_HEADERS = 12 + 8 + 20 + 18  # octets
CODECS = {"g711": 64_000, "g729": 8_000}  # bit/s


@dataclass(frozen=True, slots=True)
class Streams:
    """Packets and bits per second that the switch forwards, and those of one talk in one direction."""

    packets: float
    bits: float
    one_packets: float
    one_bits: float


def streams(codec: str, packet_time: float, calls: int, copies: int) -> Streams:
    """`calls` with speech both ways, and `copies` of both directions to the recorder; `packet_time` in seconds.
    KeyError: no such codec."""
    rate = 1 / packet_time
    bits = CODECS[codec] + _HEADERS * 8 * rate
    ways = 2 * (calls + copies)
    return Streams(ways * rate, ways * bits, rate, bits)


def recordings(codec: str, talks: float, days: float, hours: float) -> float:
    """Octets that are kept: `talks` at once in the mean, `hours` a day, for so many days.

    Both directions are mixed into one file at the codec's rate. KeyError: no such codec.
    """
    return talks * hours * 3600 * days * CODECS[codec] / 8
