"""Erlang A and M/M/n/K+M against the chain in 50 digits, at the edges, and against published figures."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.sizing.formulas import Queue, Unstable, erlang_a_queue, erlang_b, erlang_c_queue
from tests.sizing import oracle

CHAINS = [  # rate, aht, patience, servers, places (None: any number), threshold
    (10 / 60, 180.0, 120.0, 32, None, 20.0),
    (10 / 60, 180.0, 120.0, 32, 28, 20.0),
    (300 / 3600, 180.0, 120.0, 20, 40, 20.0),
    (1.0, 1.0, 1.0, 1, None, 0.5),
    (1.0, 1.0, 1.0, 1, 1, 0.5),
    (7.0, 1.0, 0.01, 3, None, 0.02),
    (7.0, 1.0, 0.01, 3, 5, 1.0),
    (3.0, 1.0, 30.0, 3, None, 1.0),  # saturation
    (3.0, 1.0, 30.0, 3, 50, 1.0),
    (50.0, 1.0, 10.0, 3, None, 0.1),  # sixteen times too much
    (50.0, 1.0, 10.0, 3, 200, 30.0),
    (50.0, 1.0, 10.0, 3, 200, 0.1),  # hardly anybody in time
    (0.001, 1.0, 5.0, 4, None, 1.0),
    (0.001, 1.0, 5.0, 4, 10, 1.0),
    (95.0, 1.0, 0.5, 100, None, 0.1),
    (110.0, 1.0, 2.0, 100, 80, 0.0),
    (2200 / 180, 180.0, 60.0, 2000, None, 20.0),
    (2200 / 180, 180.0, 600.0, 2000, 1500, 20.0),
    (1990 / 180, 180.0, 120.0, 2000, 300, 20.0),
    (1900 / 180, 180.0, 3600.0, 2000, None, 5.0),
    (1.0, 1.0, 3.0, 2000, None, 5.0),  # a chance of waiting far below the smallest float
    (2200.0, 1.0, 3.0, 1, 500, 100.0),
]


@pytest.mark.parametrize("case", CHAINS)
def test_every_field_is_that_of_the_chain(case: tuple[float, float, float, int, int | None, float]) -> None:
    rate, aht, patience, n, places, threshold = case
    found = erlang_a_queue(rate, aht, patience, n, None if places is None else n + places, threshold)
    oracle.same(found, oracle.chain(rate, aht, patience, n, places, threshold))


@settings(max_examples=25)
@given(
    n=st.integers(1, 60), load=st.floats(0.01, 3.0), aht=st.floats(0.1, 1000.0), patience=st.floats(-2.0, 0.7),
    places=st.none() | st.integers(0, 60), threshold=st.floats(0.0, 3.0),
)  # fmt: skip
def test_random_queues_are_those_of_the_chain(
    n: int, load: float, aht: float, patience: float, places: int | None, threshold: float
) -> None:
    given_ = (n * load / aht, aht, aht * 10**patience, n)
    found = erlang_a_queue(*given_, None if places is None else n + places, threshold * aht / n)
    oracle.same(found, oracle.chain(*given_, places, threshold * aht / n))


def test_the_queue_of_the_benchmark() -> None:
    """10 calls a minute, 180 s, 32 seats, patience 120 s: three figures known from elsewhere to six digits."""
    found = erlang_a_queue(10 / 60, 180, 120, 32)
    assert found.p_abandon == pytest.approx(0.0509523, abs=5e-8)
    assert found.service_level == pytest.approx(0.841826, abs=5e-7)
    assert found.asa == pytest.approx(5.63838, abs=5e-6)


def test_the_example_of_the_literature() -> None:
    """Mandelbaum & Zeltyn, The Palm/Erlang-A Queue (2005), section 1: 48 calls a minute of one minute each meet 50
    agents; callers wait for two minutes in the mean. 3.1 % give up and the mean wait is 3.7 s; were they endlessly
    patient, it would be 20.8 s."""
    found = erlang_a_queue(48 / 60, 60, 120, 50)
    assert round(found.p_abandon, 3) == 0.031
    assert round(found.mean_wait, 1) == 3.7
    assert round(erlang_c_queue(48 / 60, 60, 50, 20).asa, 1) == 20.8


@pytest.mark.parametrize("places", [0, 1, 30])
@pytest.mark.parametrize("rate", [0.1, 0.2, 1.0])
def test_endless_patience_on_so_many_trunks(rate: float, places: int) -> None:
    oracle.same(erlang_a_queue(rate, 100.0, inf, 20, 20 + places, 15.0), oracle.patient(rate, 100.0, 20, places, 15.0))


def test_endless_patience_and_endless_trunks_is_erlang_c() -> None:
    assert erlang_a_queue(0.15, 100.0, inf, 20) == erlang_c_queue(0.15, 100.0, 20, 20.0)
    with pytest.raises(Unstable, match="20 erlang meet 20 servers"):
        erlang_a_queue(0.2, 100.0, inf, 20)


@pytest.mark.parametrize("trunks", [None, 25])
def test_without_patience_who_finds_no_free_server_is_gone(trunks: int | None) -> None:
    found, lost = erlang_a_queue(0.2, 100.0, 0.0, 20, trunks), erlang_b(20.0, 20)
    assert (found.p_block, found.mean_wait, found.service_level_answered) == (0, 0, 1)
    assert found.p_wait == found.p_abandon == lost
    assert found.service_level == pytest.approx(1 - lost, rel=1e-12)


def test_as_many_trunks_as_servers_is_erlang_b() -> None:
    found = erlang_a_queue(0.2, 100.0, 60.0, 20, 20)
    assert found.p_block == erlang_b(20.0, 20)
    assert (found.p_wait, found.p_abandon, found.mean_queue, found.service_level_answered) == (0, 0, 0, 1)


@pytest.mark.parametrize("patience", [1e-9, 1e-3, 1e3, 1e5])
@pytest.mark.parametrize("load", [15.0, 20.0, 24.0])
def test_more_trunks_than_are_ever_held_change_nothing(load: float, patience: float) -> None:
    """The sum over states and the integral over waits share no line, and agree."""
    endless = erlang_a_queue(load / 128, 128.0, patience, 20, None, 12.0)
    plenty = erlang_a_queue(load / 128, 128.0, patience, 20, 20 + 14 * int(endless.mean_queue + 500), 12.0)
    oracle.same(endless, {name: getattr(plenty, name) for name in Queue.__slots__})


@pytest.mark.parametrize("load", [19.0, 20.0, 21.0])
def test_the_longest_patience(load: float) -> None:
    """Below saturation Erlang C; above, the share that is too much gives up, after a wait that patience alone sets."""
    found = erlang_a_queue(load / 128, 128.0, 1e100, 20)
    if load < 20:
        oracle.same(found, oracle.patient(load / 128, 128.0, 20, None, 20.0) | {"p_abandon": found.p_abandon})
    elif load == 20:
        assert found.p_abandon < 1e-49
        assert found.p_wait == pytest.approx(1)
    else:
        assert found.p_abandon == pytest.approx(1 / 21, rel=1e-9)
        assert found.mean_wait == pytest.approx(1e100 / 21, rel=1e-9)


def test_without_calls_nobody_waits() -> None:
    for trunks in (None, 1, 5):
        found = erlang_a_queue(0.0, 100.0, 60.0, 1, trunks)
        assert (found.service_level, found.p_wait, found.mean_wait, found.occupancy) == (1, 0, 0, 0)


@settings(max_examples=30)
@given(
    n=st.integers(1, 60), load=st.floats(0.1, 2.0), patience=st.floats(1.0, 1e4), places=st.integers(0, 60),
    threshold=st.floats(0.0, 500.0),
)  # fmt: skip
def test_what_must_hold_of_every_queue(n: int, load: float, patience: float, places: int, threshold: float) -> None:
    rate, aht = n * load / 200, 200.0
    found = erlang_a_queue(rate, aht, patience, n, n + places, threshold)
    answered = 1 - found.p_block - found.p_abandon
    assert found.occupancy * n == pytest.approx(rate * aht * answered, rel=1e-9)  # who is answered keeps servers busy
    assert found.p_abandon * rate == pytest.approx(found.mean_queue / patience, rel=1e-9)  # who waits gives up
    assert found.mean_queue == pytest.approx(
        rate * (1 - found.p_block) * found.mean_wait, rel=1e-6, abs=1e-12
    )  # Little
    assert found.service_level == pytest.approx(found.service_level_answered * answered, rel=1e-9)
    one_more = erlang_a_queue(rate, aht, patience, n, n + places + 1, threshold)
    assert one_more.p_block <= found.p_block * (1 + 1e-12)
    assert one_more.p_wait >= found.p_wait * (1 - 1e-12)
    server_more = erlang_a_queue(rate, aht, patience, n + 1, n + places + 1, threshold)
    assert server_more.service_level >= found.service_level - 1e-12


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"arrival_rate": -0.1}, "arrival_rate must be zero or more and finite, not -0.1"),
        ({"arrival_rate": nan}, "arrival_rate"),
        ({"arrival_rate": inf}, "arrival_rate"),
        ({"aht": 0.0}, "aht must be above zero"),
        ({"aht": nan}, "aht"),
        ({"patience": -1.0}, "patience must be zero or more seconds, not -1.0"),
        ({"patience": nan}, "patience"),
        ({"patience": 1e101}, "patience must be 1e[+]100 s at most, or infinite"),
        ({"servers": 0}, "servers must be a whole number, 1 or more, not 0"),
        ({"servers": 2.5}, "servers"),
        ({"servers": nan}, "servers"),
        ({"servers": 10_000_000}, "servers must be 1,000,000 at most"),
        ({"trunks": 19}, "trunks must be as many as servers, 20, or more, not 19"),
        ({"threshold": -1.0}, "threshold"),
        ({"threshold": nan}, "threshold"),
    ],
)
@pytest.mark.parametrize("trunks", [None, 30])
def test_what_is_no_queue_is_named(change: dict[str, float], words: str, trunks: int | None) -> None:
    good = {"arrival_rate": 0.1, "aht": 100.0, "patience": 60.0, "servers": 20, "trunks": trunks, "threshold": 20.0}
    with pytest.raises(ValueError, match=words):
        erlang_a_queue(**(good | change))  # type: ignore[arg-type]
