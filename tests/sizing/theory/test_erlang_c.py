"""Erlang C against the definition in 50 digits, close to saturation too, and its inverse."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from simtel.sizing.formulas import Unstable, erlang_a_queue, erlang_c, erlang_c_agents, erlang_c_queue
from tests.sizing import oracle

# Rates and times are powers of two apart, so that the load of the floats is exact where saturation is near.
QUEUES = [
    (rate, 128.0, n, threshold)
    for n in (1, 20, 100, 2000)
    for rate in (0.001 / 128, 0.5 * n / 128, 0.95 * n / 128, n * (1 - 2.0**-36) / 128)
    for threshold in (0.0, 20.0)
]


@pytest.mark.parametrize(("rate", "aht", "n", "threshold"), QUEUES)
def test_every_field_is_the_definition(rate: float, aht: float, n: int, threshold: float) -> None:
    wanted = oracle.patient(rate, aht, n, None, threshold)
    oracle.same(erlang_c_queue(rate, aht, n, threshold), wanted)
    assert oracle.close(erlang_c(rate * aht, n), wanted["p_wait"])


@settings(max_examples=60)
@given(n=st.integers(1, 300), load=st.floats(0.01, 0.9999), aht=st.floats(0.1, 1e4), threshold=st.floats(0.0, 1e4))
def test_random_queues_are_the_definition(n: int, load: float, aht: float, threshold: float) -> None:
    rate = n * load / aht
    oracle.same(erlang_c_queue(rate, aht, n, threshold), oracle.patient(rate, aht, n, None, threshold))


def test_near_saturation_the_load_itself_counts() -> None:
    """The product of rate and time as floats is off by a unit of the last place, a 1e-4th of what is spare here."""
    rate = 0.1 * (1 - 2e-12)
    spare = 1 - mpf(rate) * 10
    assert oracle.close(erlang_c_queue(rate, 10.0, 1, 20.0).asa, 10 * (1 - spare) / spare)


def test_what_rounding_leaves_of_saturation_is_saturation() -> None:
    """10 calls a minute of 180 s are 30 erlang; the float of 10/60 is a little less than a sixth."""
    words = "unstable: 30 erlang meet 30 servers, and nobody gives up; .* below the servers, by 1e-12 of them at least"
    with pytest.raises(Unstable, match=words):
        erlang_c_queue(10 / 60, 180.0, 30, 20.0)
    with pytest.raises(Unstable, match=words):
        erlang_a_queue(10 / 60, 180.0, inf, 30)
    with pytest.raises(Unstable, match=words):
        erlang_c(30 * (1 - 1e-13), 30)
    assert erlang_c_agents(10 / 60, 180.0, 0.8, 1e20) == 31
    assert erlang_c(30 * (1 - 1e-11), 30) == pytest.approx(1)


def test_published_figures() -> None:
    """Manual of the Erlang C calculator of personal.telefonica.terra.es/web/vr/erlang: 600 calls an hour of 120 s are
    20 E; for 15 % of them to wait, 26 agents, and 3 s in the mean; with 30 agents 2.5 %; they take 23.6 E at 15 %."""
    assert next(n for n in range(21, 40) if erlang_c(20.0, n) <= 0.15) == 26
    assert round(erlang_c_queue(600 / 3600, 120.0, 26, 20.0).asa) == 3
    assert round(erlang_c(20.0, 30), 3) == 0.025
    assert round(erlang_c(23.6, 30), 2) == 0.15


def test_without_calls_and_without_a_limit() -> None:
    assert erlang_c(0.0, 3) == 0
    assert erlang_c_queue(0.0, 10.0, 3, 0.0).service_level == 1
    assert erlang_c_queue(0.1, 10.0, 3, inf).service_level == 1


@settings(max_examples=60)
@given(
    load=st.floats(0.0, 300.0),
    aht=st.floats(1.0, 1000.0),
    level=st.floats(0.01, 0.9999),
    threshold=st.floats(0.0, 1000.0),
)
def test_the_agents_of_a_service_level_are_enough_and_one_fewer_is_not(
    load: float, aht: float, level: float, threshold: float
) -> None:
    rate = load / aht
    n = erlang_c_agents(rate, aht, level, threshold)
    assert erlang_c_queue(rate, aht, n, threshold).service_level >= level - 1e-12
    if n - 1 > load:  # with one agent fewer the queue still keeps up
        assert erlang_c_queue(rate, aht, n - 1, threshold).service_level < level + 1e-12
    else:
        assert n - 1 <= load < n or n == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: erlang_c(-1.0, 1), "offered_load"),
        (lambda: erlang_c(nan, 1), "offered_load"),
        (lambda: erlang_c(1.0, 0), "servers"),
        (lambda: erlang_c_queue(nan, 1.0, 1, 1.0), "arrival_rate"),
        (lambda: erlang_c_queue(0.1, -1.0, 1, 1.0), "aht"),
        (lambda: erlang_c_queue(0.1, 1.0, 0, 1.0), "servers"),
        (lambda: erlang_c_queue(0.1, 1.0, 1, -1.0), "threshold"),
        (lambda: erlang_c_agents(0.1, 1.0, 1.0, 1.0), "service_level must lie between 0 and 1"),
        (lambda: erlang_c_agents(0.1, 1.0, 0.0, 1.0), "service_level must lie between 0 and 1"),
        (lambda: erlang_c_agents(0.1, 1.0, nan, 1.0), "service_level"),
        (lambda: erlang_c_agents(1e9, 1e9, 0.8, 1.0), "1,000,000 erlang at most"),
        (lambda: erlang_c_agents(0.1, inf, 0.8, 1.0), "aht"),
    ],
)
def test_what_is_no_queue_is_named(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert not isinstance(error.value, Unstable)


@pytest.mark.parametrize("load", [20.0, 20.5, 1e6])
def test_at_and_above_saturation_it_says_why(load: float) -> None:
    with pytest.raises(
        Unstable, match=r"erlang meet 20 servers, and nobody gives up; the load must be below the servers"
    ):
        erlang_c(load, 20)
    with pytest.raises(Unstable, match="unstable"):
        erlang_c_queue(load / 128, 128.0, 20, 20.0)
