"""RTP as an onlooker sees it: headers, and streams with losses, turns of the counter and restarts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.protocols.rtp import RESTART, Reception, Rtp, parse


def packet(sequence: int, source: int = 1) -> Rtp:
    return Rtp(8, False, sequence % 65536, 0, source)


def take(*sequences: int) -> tuple[Reception, list[bool]]:
    reception = Reception()
    return reception, [reception.take(packet(sequence)) for sequence in sequences]


def test_a_header() -> None:
    assert parse(bytes([0x80, 0x88, 1, 2, 0, 0, 0, 9, 0, 0, 0, 7]) + bytes(160)) == Rtp(8, True, 258, 9, 7, 160)


@pytest.mark.parametrize(
    ("payload", "size", "comfort"),
    [(13, 1, True), (18, 2, True), (18, 22, True), (18, 20, False), (18, 0, False), (8, 2, False)],
)
def test_comfort_noise_and_silence_descriptors(payload: int, size: int, comfort: bool) -> None:
    found = parse(bytes([0x80, payload]) + bytes(10 + size))
    assert found is not None
    assert found.comfort is comfort


def test_a_talkspurt_has_the_marker_and_the_next_number() -> None:
    reception = take(65534, 65535)[0]
    assert reception.talkspurt(Rtp(8, True, 0, 0, 1))
    assert not reception.talkspurt(Rtp(8, False, 0, 0, 1))
    assert not reception.talkspurt(Rtp(8, True, 1, 0, 1))
    assert not reception.talkspurt(Rtp(8, True, 0, 0, 2))


@pytest.mark.parametrize(
    "data",
    [
        b"", bytes(11), bytes([0x40]) + bytes(20), bytes([0x80, 200]) + bytes(20), bytes([0x8F, 8]) + bytes(20),
    ],
    ids=["empty", "short", "version-1", "rtcp", "longer-than-it-is"],
)  # fmt: skip
def test_what_is_no_rtp(data: bytes) -> None:
    assert parse(data) is None


@given(st.binary(max_size=60))
def test_any_bytes_are_a_header_or_none(data: bytes) -> None:
    found = parse(data)
    assert found is None or 0 <= found.sequence < 65536


def test_losses_are_counted_across_the_turn_of_the_counter() -> None:
    reception, carried = take(65533, 65534, 2, 3)
    assert (reception.new, reception.lost, reception.restarts) == (4, 3, 0)
    assert all(carried)


def test_a_late_packet_is_no_loss_and_carries_nothing_on() -> None:
    reception, carried = take(65534, 1, 65535, 0, 2)
    assert (reception.new, reception.lost, reception.double) == (5, 0, 0)
    assert carried == [True, True, False, False, True]


def test_a_packet_that_comes_twice_counts_once() -> None:
    reception, carried = take(5, 5, 6, 5)
    assert (reception.new, reception.double) == (2, 2)
    assert carried == [True, False, True, False]


def test_another_source_or_a_large_jump_is_a_restart_and_no_loss() -> None:
    reception, _ = take(5, 6, 40_000)
    assert reception.take(packet(1, source=2))
    assert (reception.restarts, reception.lost) == (2, 0)


def test_a_stream_that_begins_a_little_earlier_again_is_a_restart_in_the_end() -> None:
    _, carried = take(90, *range(50, 50 + RESTART + 1))
    assert carried == [True, *[False] * (RESTART - 1), True, True]


@given(st.permutations(range(30)))
def test_in_whatever_order_a_block_comes_nothing_of_it_is_lost(order: list[int]) -> None:
    first = Reception()
    first.take(packet(1000))
    late_in_a_row = highest = 0
    for step in order:
        late_in_a_row = late_in_a_row + 1 if step < highest else 0
        highest = max(highest, step)
        if late_in_a_row >= RESTART:
            return
        first.take(packet(1001 + step))
    assert (first.new, first.lost, first.double) == (31, 0, 0)
