"""Keys as events of RTP: sent after RFC 4733, and told once whatever the network does."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.protocols.sip.dtmf import KEYS, MOST_DURATION, Event, Listener, parse_event, pressed


def test_a_payload() -> None:
    assert parse_event(b"\x0b\x8a\x03\x20") == Event(11, end=True, volume=10, duration=800)
    assert Event(11, end=True, volume=10, duration=800).to_bytes() == b"\x0b\x8a\x03\x20"
    assert Event(16, end=False, volume=0, duration=1).key == ""
    assert parse_event(b"\x0b\x8a\x03") is None


@given(st.integers(0, 255), st.booleans(), st.integers(0, 63), st.integers(0, MOST_DURATION))
def test_what_is_written_is_read(event: int, end: bool, volume: int, duration: int) -> None:
    made = Event(event, end, volume, duration)
    assert parse_event(made.to_bytes()) == made


def test_a_key_is_sent_with_growing_duration_and_ends_three_times() -> None:
    sent = list(pressed("#", 800, 160))
    assert [one.duration for one in sent] == [160, 320, 480, 640, 800, 800, 800]
    assert [one.end for one in sent] == [False] * 4 + [True] * 3
    assert {one.key for one in sent} == {"#"}


@pytest.mark.parametrize(
    ("key", "duration", "step"),
    [("x", 800, 160), ("12", 800, 160), ("", 8, 8), ("1", 70_000, 160), ("1", 100, 160), ("1", 100, 0)],
)
def test_what_cannot_be_sent(key: str, duration: int, step: int) -> None:
    with pytest.raises(ValueError, match=r"no key|cannot be sent"):
        list(pressed(key, duration, step))


@given(st.text(KEYS, min_size=1, max_size=12), st.randoms(use_true_random=False), st.integers(0, 2**32 - 1))
def test_each_key_is_told_once_whatever_is_lost_or_doubled(keys: str, dice: random.Random, stamp: int) -> None:
    listener, told = Listener(), ""
    for at, key in enumerate(keys):
        packets = list(pressed(key, 800, 160))
        kept = dice.sample(packets, dice.randint(1, len(packets)))
        for packet in kept + kept[:1]:
            told += listener.take((stamp + at * 1_600) % (1 << 32), packet)
    assert told == keys


def test_a_long_key_in_segments_is_one_key_and_a_late_packet_none() -> None:
    listener = Listener()
    long = Event(5, end=False, volume=10, duration=MOST_DURATION)
    told = [listener.take(1_000, Event(5, False, 10, 160)), listener.take(1_000, long)]
    told += [listener.take(1_000 + MOST_DURATION, Event(5, False, 10, 160)), listener.take(1_000, long)]
    told.append(listener.take(1_000 + 2 * MOST_DURATION, Event(5, False, 10, 160)))
    assert told == ["5", "", "", "", "5"]  # the last began where no full segment ended
