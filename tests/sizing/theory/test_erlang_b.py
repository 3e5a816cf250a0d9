"""Erlang B and its inverses against the definition in 50 digits, published figures, and what must hold."""

from math import inf, log, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from simtel.sizing.formulas import erlang_b, erlang_b_load, erlang_b_servers
from simtel.sizing.theory.erlang_b import idle, log_blocking, served
from tests.sizing import oracle

GROUPS = [(a, n) for n in (1, 2, 30, 60, 500, 2000) for a in (0.001, 0.7 * n, float(n), 1.1 * n, 2200.0)]


@pytest.mark.parametrize(("a", "n"), GROUPS)
def test_it_is_the_definition(a: float, n: int) -> None:
    due = oracle.erlang_b(a, n)
    assert oracle.close(erlang_b(a, n), due, 1e-12)
    assert oracle.close(log_blocking(a, n), mp.log(due), 1e-12)
    assert oracle.close(served(a, n), 1 - due, 1e-12)
    assert oracle.close(idle(a, n), n - mpf(a) * (1 - due), 1e-11)


@settings(max_examples=60)
@given(a=st.floats(1e-3, 2200.0), n=st.integers(1, 400))
def test_random_groups_are_the_definition(a: float, n: int) -> None:
    assert oracle.close(erlang_b(a, n), oracle.erlang_b(a, n), 1e-12)


def test_no_servers_and_no_calls() -> None:
    assert erlang_b(3.0, 0) == erlang_b(0.0, 0) == 1
    assert erlang_b(0.0, 5) == 0
    assert log_blocking(0.0, 5) == -inf


def test_published_figures() -> None:
    """erlang.com, manual of its calculator: 15 lines carry 8.108 E at 1 %; 1,200 calls an hour of 100 s at 1 % take 45
    lines (its forum). Telektronikk 91 (2/3), 1995, figure 27: of a fresh call every 6 s, 20 E in all, one in 38 s finds
    20 servers busy, one in 11 s ten, one in 6.3 s the only one. erlang.com, manual: of 50,000 minutes a day 19 % in the
    busy hour, at 3 % 168 lines. R package queueing, example of `B_erlang`: a load of 0.5/0.7 on two servers."""
    assert erlang_b_servers(50_000 / 60 * 0.19, 0.03) == 168
    assert erlang_b(0.5 / 0.7, 2) == pytest.approx(0.1295337, abs=5e-8)
    assert erlang_b_load(15, 0.01) == pytest.approx(8.108, abs=5e-4)
    assert erlang_b_servers(1200 / 36, 0.01) == 45
    assert [round(6 / erlang_b(20.0, n), 1) for n in (1, 10)] == [6.3, 11.2]
    assert round(6 / erlang_b(20.0, 20)) == 38


@pytest.mark.parametrize("n", [1, 2, 4, 30, 60, 500, 2000])
@pytest.mark.parametrize("share", [1e-300, 1e-9, 0.001, 0.01, 0.3, 0.999, 1 - 2**-40])
def test_the_load_of_a_loss_is_its_inverse(n: int, share: float) -> None:
    """In 50 digits a load smaller by 1e-11 loses less, and one larger by 1e-11 loses more."""
    a, little = mpf(erlang_b_load(n, share)), mpf(10) ** -11
    less, more = (w[-1] / mp.fsum(w) for w in (oracle.poisson_weights(a * (1 + x), n) for x in (-little, little)))
    assert less < share < more


@settings(max_examples=60)
@given(a=st.floats(1e-6, 500.0), most=st.floats(1e-9, 1.0))
def test_the_servers_of_a_loss_are_enough_and_one_fewer_is_not(a: float, most: float) -> None:
    n = erlang_b_servers(a, most)
    assert erlang_b(a, n) <= most * (1 + 1e-13)
    assert n == 0 or erlang_b(a, n - 1) > most * (1 - 1e-13)


@settings(max_examples=40)
@given(a=st.floats(1.0, 300.0), n=st.integers(1, 100))
def test_more_servers_lose_less_and_more_load_loses_more(a: float, n: int) -> None:
    assert erlang_b(a, n + 1) < erlang_b(a, n) < erlang_b(a * 1.01, n)
    assert log(erlang_b(a, n)) == pytest.approx(log_blocking(a, n), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: erlang_b(-1.0, 1), "offered_load must be zero or more and finite, not -1.0"),
        (lambda: erlang_b(nan, 1), "offered_load"),
        (lambda: erlang_b(inf, 1), "offered_load"),
        (lambda: erlang_b(1.0, -1), "servers must be a whole number, 0 or more, not -1"),
        (lambda: erlang_b(1.0, 1.5), "servers"),  # type: ignore[arg-type]
        (lambda: erlang_b_servers(1.0, 0.0), "max_blocking must be above 0"),
        (lambda: erlang_b_servers(1.0, 1.1), "max_blocking must be from 0 to 1"),
        (lambda: erlang_b_servers(1.0, nan), "max_blocking"),
        (lambda: erlang_b_servers(1e9, 0.1), "offered_load must be 1,000,000 erlang at most"),
        (lambda: erlang_b_load(0, 0.1), "servers"),
        (lambda: erlang_b_load(3, 0.0), "blocking must lie between 0 and 1"),
        (lambda: erlang_b_load(3, 1.0), "blocking must lie between 0 and 1"),
        (lambda: erlang_b_load(3, nan), "blocking"),
    ],
)
def test_what_is_no_group_is_named(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()
