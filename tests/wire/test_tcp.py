"""Segments in whatever order, twice, overlapping or lost: what comes out is the stream, or says where it has a hole."""

import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simtel.wire import tcp
from simtel.wire.capture import TCP, Packet
from simtel.wire.tcp import Connections, Gap

SYN, ACK, RST = 2, 16, 4
TEXT = bytes(range(200))


def segment(number: int, data: bytes = b"", flags: int = ACK, port: int = 5061) -> Packet:
    head = struct.pack("!HHIIBBHHH", port, 5060, number % (1 << 32), 0, 5 << 4, flags, 0, 0, 0)
    return Packet(0, "192.0.2.1", "192.0.2.2", TCP, port, 5060, head + data)


def read(*packets: Packet) -> list[bytes | None]:
    """What comes out, None for a hole."""
    connections = Connections()
    return [None if isinstance(one, Gap) else one for packet in packets for one in connections.take(packet)]


@given(
    first=st.sampled_from([0, 1_000, (1 << 32) - 100, (1 << 32) - 1]),
    cuts=st.lists(st.integers(1, 199), max_size=12), data=st.data(),
)  # fmt: skip
def test_whatever_the_order_the_stream_comes_out(first: int, cuts: list[int], data: st.DataObject) -> None:
    edges = sorted({0, 200, *cuts})
    pieces = [(a, TEXT[a:b]) for a, b in pairwise(edges)]
    doubled = pieces + data.draw(st.lists(st.sampled_from([*pieces, (0, TEXT[:120]), (50, TEXT[50:180])]), max_size=4))
    shuffled = data.draw(st.permutations(doubled))
    out = read(segment(first, flags=SYN), *(segment(first + 1 + at, piece) for at, piece in shuffled))
    assert out[0] is None
    assert b"".join(one for one in out if one is not None) == TEXT
    assert None not in out[1:]


def test_a_capture_that_begins_in_the_middle() -> None:
    assert read(segment(500, b"ab"), segment(502, b"cd")) == [None, b"ab", b"cd"]


def test_what_never_comes_is_a_hole() -> None:
    large = bytes(tcp.MOST_WAITING // 2)
    first, *rest = read(segment(0, b"ab"), segment(10, large), segment(10 + len(large), large), segment(2**20, b"z"))
    assert first is None
    assert rest[:3] == [b"ab", None, large]
    assert read(segment(0, b"ab"), segment(9, b"cd")) == [None, b"ab"], "a small one may still come"


def test_a_new_connection_on_the_same_ports_begins_anew() -> None:
    assert read(segment(0, b"ab"), segment(2, flags=RST), segment(90, b"x")) == [None, b"ab", None, b"x"]
    assert read(segment(0, b"ab"), segment(7_000, flags=SYN), segment(7_001, b"x")) == [None, b"ab", None, b"x"]


def test_what_has_no_header_is_passed_over() -> None:
    packet = segment(0, b"ab")
    assert read(packet._replace(payload=packet.payload[:19])) == []
    assert read(packet._replace(payload=packet.payload[:12] + b"\x10" + packet.payload[13:])) == []


def test_what_is_held_is_bounded() -> None:
    connections = Connections()
    for port in range(tcp.MOST_DIRECTIONS + 10):
        list(connections.take(segment(0, b"a", port=port)))
    assert len(connections._orders) == tcp.MOST_DIRECTIONS
