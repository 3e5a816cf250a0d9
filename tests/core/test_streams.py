import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core.clock import LIMIT, SECOND, US
from simtel.core.streams import Stream, Streams

KNOWN = [202095000, 1175014000, 139413000]  # seed 7, "talk", mean 1 s, in ns


def draws(stream: Stream, count: int = 5) -> list[int]:
    return [stream.exponential(SECOND) for _ in range(count)]


def test_known_draws() -> None:
    """The same on every platform and in every version: digests of runs rest on it."""
    assert draws(Stream(7, "talk"), 3) == KNOWN


def test_same_seed_and_name_same_draws_and_otherwise_others() -> None:
    first = draws(Stream(1, "talk"))
    assert draws(Stream(1, "talk")) == first
    assert draws(Stream(2, "talk")) != first
    assert draws(Stream(1, "arrivals")) != first
    assert draws(Stream(12, "3")) != draws(Stream(1, "23"))


def test_a_stream_is_made_once_and_others_do_not_shift_it() -> None:
    alone, mixed = Streams(3), Streams(3)
    assert mixed("a") is mixed("a")
    expected = draws(alone("a"), 6)
    seen = []
    for _ in range(6):
        draws(mixed("b"), 2)
        seen += draws(mixed("a"), 1)
    assert seen == expected


def test_mean_of_the_exponential_law() -> None:
    stream = Stream(1, "mean")
    values = [stream.exponential(SECOND) for _ in range(20_000)]
    assert abs(sum(values) / 20_000 - SECOND) < 4 * SECOND / 20_000**0.5
    longer = sum(value > SECOND for value in values) / 20_000
    assert abs(longer - 0.3679) < 0.014, "e**-1, four standard deviations"


def test_shares_and_positions() -> None:
    stream = Stream(1, "share")
    hits = sum(stream.chance(0.3) for _ in range(10_000))
    assert abs(hits - 3000) < 184
    assert not any(stream.chance(0.0) for _ in range(1000))
    assert all(stream.chance(1.0) for _ in range(1000))
    assert {stream.index(4) for _ in range(200)} == {0, 1, 2, 3}


@given(st.integers(0, 2**64), st.integers(0, LIMIT // US), st.integers(0, LIMIT // US))
def test_durations_are_whole_microseconds_within_their_bounds(seed: int, a: int, b: int) -> None:
    low, high = min(a, b) * US, max(a, b) * US
    stream = Stream(seed, "bounds")
    drawn = stream.uniform(low, high)
    assert drawn % US == 0
    assert low <= drawn <= high
    waited = stream.exponential(a)
    assert waited % US == 0
    assert waited >= US


@pytest.mark.parametrize("mean", [0, 1])
def test_nothing_happens_twice_at_one_instant(mean: int) -> None:
    assert Stream(1, "x").exponential(mean) == US
