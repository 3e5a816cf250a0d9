"""What the inverse finds is enough, and a little less is not: asked of the formula itself, from both sides."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.sizing.formulas import (
    Unreachable,
    erlang_a_agents,
    erlang_a_queue,
    erlang_a_rate,
    erlang_a_trunks,
    erlang_b_servers,
    erlang_c_agents,
    trunks_and_agents,
    trunks_ivr_agents,
)


@settings(max_examples=15)
@given(
    load=st.floats(0.1, 120.0), patience=st.floats(5.0, 2000.0), level=st.floats(0.3, 0.99),
    threshold=st.floats(0.0, 60.0), most=st.floats(0.005, 1.0),
)  # fmt: skip
def test_the_fewest_agents(load: float, patience: float, level: float, threshold: float, most: float) -> None:
    n = erlang_a_agents(load / 180, 180.0, patience, level, threshold, most)
    found = erlang_a_queue(load / 180, 180.0, patience, n, None, threshold)
    assert found.service_level >= level
    assert found.p_abandon <= most
    if n > 1:
        fewer = erlang_a_queue(load / 180, 180.0, patience, n - 1, None, threshold)
        assert fewer.service_level < level or fewer.p_abandon > most


def test_of_endless_patience_it_is_erlang_c() -> None:
    for load in (0.5, 15.0, 60.0):
        assert erlang_a_agents(load / 180, 180.0, inf, 0.8, 20.0) == erlang_c_agents(load / 180, 180.0, 0.8, 20.0)


def test_impatience_saves_seats() -> None:
    """300 calls an hour of three minutes: 19 seats for 80 % in 20 s if nobody gives up, 17 if they wait two minutes."""
    assert erlang_c_agents(300 / 3600, 180.0, 0.8, 20.0) == 19
    assert erlang_a_agents(300 / 3600, 180.0, 120.0, 0.8, 20.0) == 17


def test_as_many_agents_as_trunks_at_the_most() -> None:
    assert erlang_a_agents(15 / 180, 180.0, 120.0, 0.8, 20.0, trunks=30) == 17
    with pytest.raises(Unreachable, match=r"an agent for each of 10 trunks 5\d\.\d+% are answered, not 80\.0000%"):
        erlang_a_agents(15 / 180, 180.0, 120.0, 0.8, 20.0, trunks=10)


@settings(max_examples=15)
@given(n=st.integers(1, 60), load=st.floats(0.2, 1.5), patience=st.floats(1.0, 600.0), most=st.floats(1e-4, 0.5))
def test_the_fewest_trunks(n: int, load: float, patience: float, most: float) -> None:
    rate = n * load / 180
    trunks = erlang_a_trunks(rate, 180.0, patience, n, most)
    assert erlang_a_queue(rate, 180.0, patience, n, trunks).p_block <= most
    assert trunks == n or erlang_a_queue(rate, 180.0, patience, n, trunks - 1).p_block > most


def test_trunks_of_a_queue_without_end() -> None:
    """Twice the calls that the servers end, and nobody gives up: half are refused on any number of trunks."""
    with pytest.raises(Unreachable, match=r"refuses more than 50\.0000%: nobody gives up"):
        erlang_a_trunks(20 / 128, 128.0, inf, 10, 0.01)
    assert erlang_a_trunks(20 / 128, 128.0, inf, 10, 0.52) < 40


@settings(max_examples=8)
@given(
    n=st.integers(1, 60), patience=st.floats(1.0, 2000.0), level=st.floats(0.3, 0.99), threshold=st.floats(0.0, 60.0),
    places=st.none() | st.integers(0, 60),
)  # fmt: skip
def test_the_most_calls(n: int, patience: float, level: float, threshold: float, places: int | None) -> None:
    trunks = None if places is None else n + places
    rate = erlang_a_rate(180.0, patience, n, level, threshold, trunks)
    assert erlang_a_queue(rate, 180.0, patience, n, trunks, threshold).service_level == pytest.approx(level, rel=1e-9)
    more = erlang_a_queue(rate * 1.001, 180.0, patience, n, trunks, threshold)
    assert more.service_level < level


def test_the_most_calls_of_endless_patience() -> None:
    rate = erlang_a_rate(180.0, inf, 19, 0.8, 20.0)
    assert 300 / 3600 < rate < 19 / 180


@settings(max_examples=8)
@given(
    load=st.floats(0.5, 40.0), ivr=st.floats(0.0, 60.0), p=st.floats(0.3, 1.0), level=st.floats(0.5, 0.95),
    most=st.floats(0.001, 0.1),
)  # fmt: skip
def test_the_fewest_agents_and_with_them_the_fewest_trunks(
    load: float, ivr: float, p: float, level: float, most: float
) -> None:
    demand = (load / 150, ivr, p, 150.0)
    trunks, agents = trunks_and_agents(*demand, level, 20.0, most)
    found = trunks_ivr_agents(*demand, trunks, agents, 20.0)
    assert found.p_block <= most
    assert found.service_level_answered >= level
    assert trunks == 1 or trunks_ivr_agents(*demand, trunks - 1, agents, 20.0).p_block > most
    if agents > 1:  # with one agent fewer no number of trunks meets both
        for other in range(1, 2 * trunks + 20):
            fewer = trunks_ivr_agents(*demand, other, agents - 1, 20.0)
            assert fewer.p_block > most or fewer.service_level_answered < level


def test_a_site_of_three_hundred_calls_an_hour() -> None:
    """All calls let in reach an agent at once for nearly all: the trunks are those of Erlang B for the whole call, and
    two or three for the queue."""
    trunks, agents = trunks_and_agents(300 / 3600, 25.0, 1.0, 180.0, 0.8, 20.0, 0.01)
    assert agents == 19
    assert 0 <= trunks - erlang_b_servers(300 / 3600 * 205, 0.01) <= 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: erlang_a_agents(0.1, 180.0, 60.0, 1.0, 20.0), "service_level must lie between 0 and 1"),
        (lambda: erlang_a_agents(0.1, 180.0, 60.0, nan, 20.0), "service_level"),
        (lambda: erlang_a_agents(0.1, 180.0, 60.0, 0.8, 20.0, 0.0), "max_abandon must be above 0"),
        (lambda: erlang_a_agents(0.1, 180.0, -1.0, 0.8, 20.0), "patience"),
        (lambda: erlang_a_agents(1e9, 180.0, 60.0, 0.8, 20.0), "1,000,000 erlang at most"),
        (lambda: erlang_a_trunks(0.1, 180.0, 60.0, 10, 0.0), "max_blocking must be above 0"),
        (lambda: erlang_a_trunks(nan, 180.0, 60.0, 10, 0.1), "arrival_rate"),
        (lambda: erlang_a_rate(180.0, 60.0, 0, 0.8, 20.0), "servers"),
        (lambda: erlang_a_rate(180.0, 60.0, 10, 0.8, 20.0, 9), "trunks"),
        (lambda: trunks_and_agents(0.1, 25.0, 0.9, 150.0, 0.8, 20.0, 0.0), "max_blocking must lie between"),
        (lambda: trunks_and_agents(0.1, 25.0, 0.9, 150.0, 0.8, nan, 0.1), "threshold"),
    ],
)
def test_what_is_no_target_is_named(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert not isinstance(error.value, Unreachable)
