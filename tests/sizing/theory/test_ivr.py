"""Trunks, IVR and agents: against the chain itself, the product form in 50 digits, and the formulas at its corners."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from simtel.sizing.formulas import erlang_a_queue, erlang_b, trunks_ivr_agents
from tests.sizing import oracle


def chain(rate: float, ivr: float, p: float, aht: float, trunks: int, agents: int, threshold: float) -> dict[str, Any]:
    """All states (calls with the IVR, calls that wait for or talk to an agent) as balance equations, solved at once;
    what a call that leaves the IVR meets is weighed by how often it leaves from where."""
    states = [(k, q) for k in range(trunks + 1) for q in range(trunks + 1 - k)]
    number = {state: i for i, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for (k, q), here in number.items():
        moves = [((k + 1, q), rate), ((k - 1, q + 1), p * k / ivr), ((k - 1, q), (1 - p) * k / ivr),
                 ((k, q - 1), min(q, agents) / aht)]  # fmt: skip
        for state, speed in moves:
            if state in number:
                rates[number[state], here] += speed
                rates[here, here] -= speed
    rates[0] = 1.0
    shares = dict(zip(states, np.linalg.solve(rates, np.eye(len(states))[0]), strict=True))
    met = np.zeros(trunks)
    for (k, q), share in shares.items():
        if k:
            met[q] += k * share
    met /= met.sum()
    blocked = sum(share for (k, q), share in shares.items() if k + q == trunks)
    late = [
        (
            x,
            float(1 - mp.gammainc(q - agents + 1, agents / aht * threshold, regularized=True)),
            (q - agents + 1) * aht / agents,
        )
        for q, x in enumerate(met)
        if q >= agents
    ]
    prompt = float(met[:agents].sum()) + sum(x * within for x, within, _ in late)
    asa = sum(x * mean for x, _, mean in late)
    return {
        "p_block": blocked, "p_wait": (1 - blocked) * sum(x for x, _, _ in late), "p_abandon": 0.0,
        "service_level": (1 - blocked) * prompt, "service_level_answered": prompt, "asa": asa, "mean_wait": asa,
        "mean_queue": sum(max(q - agents, 0) * share for (_, q), share in shares.items()),
        "occupancy": sum(min(q, agents) * share for (_, q), share in shares.items()) / agents,
    }  # fmt: skip


@mp.workdps(250)  # hardly anybody may be in time: 1 less nearly 1
def product(
    rate: float, ivr: float, p: float, aht: float, trunks: int, agents: int, threshold: float
) -> dict[str, Any]:
    """The product form in many digits, its sums taken as they are written."""
    lam, mu = mpf(rate), 1 / mpf(aht)
    with_ivr = oracle.poisson_weights(lam * mpf(ivr), trunks)
    with_agents = [mpf(1)]
    for q in range(1, trunks + 1):
        with_agents.append(with_agents[-1] * lam * mpf(p) / (min(q, agents) * mu))
    sums = [mpf(0)]
    for weight in with_ivr:
        sums.append(sums[-1] + weight)  # of the IVR's states with fewer calls
    total = mp.fsum(w * sums[trunks - q + 1] for q, w in enumerate(with_agents))
    met = [w * sums[trunks - q] for q, w in enumerate(with_agents[:-1])]
    every = mp.fsum(met)
    blocked = mp.fsum(w * with_ivr[trunks - q] for q, w in enumerate(with_agents)) / total
    waits = mp.fsum(met[agents:]) / every
    late, term = mpf(0), mp.exp(-agents * mu * mpf(threshold))
    ends = mpf(0)
    for k, weight in enumerate(met[agents:]):
        ends += term  # k ends or fewer before the threshold
        term *= agents * mu * mpf(threshold) / (k + 1)
        late += weight * ends
    asa = mp.fsum(w * (k + 1) for k, w in enumerate(met[agents:])) / every / (agents * mu)
    prompt = 1 - late / every
    seen = [w * sums[trunks - q + 1] / total for q, w in enumerate(with_agents)]
    return {
        "p_block": blocked, "p_wait": (1 - blocked) * waits, "p_abandon": mpf(0),
        "service_level": (1 - blocked) * prompt, "service_level_answered": prompt, "asa": asa, "mean_wait": asa,
        "mean_queue": mp.fsum(max(q - agents, 0) * s for q, s in enumerate(seen)),
        "occupancy": mp.fsum(min(q, agents) * s for q, s in enumerate(seen)) / agents,
    }  # fmt: skip


@pytest.mark.parametrize(
    "site",
    [
        (0.1, 25.0, 0.9, 150.0, 12, 8, 20.0),
        (0.1, 60.0, 0.3, 150.0, 10, 3, 5.0),
        (1.0, 25.0, 0.9, 150.0, 15, 4, 100.0),  # far too much
        (0.01, 25.0, 1.0, 150.0, 8, 8, 20.0),
        (0.1, 25.0, 0.5, 60.0, 4, 9, 20.0),  # more agents than trunks
    ],
)
def test_it_is_the_chain(site: tuple[float, float, float, float, int, int, float]) -> None:
    oracle.same(trunks_ivr_agents(*site), chain(*site))


SITES = [
    (300 / 3600, 25.0, 0.9, 150.0, 30, 20, 20.0),
    (900 / 3600, 40.0, 0.8, 180.0, 60, 40, 20.0),
    (10.0, 30.0, 0.9, 180.0, 2000, 1500, 20.0),
    (5.0, 200.0, 0.9, 180.0, 2000, 900, 20.0),  # the IVR alone holds half of the trunks
    (11.0, 200.0, 0.9, 200.0, 2000, 1000, 200.0),  # far too much, of either
    (0.001, 1.0, 0.5, 10.0, 100, 2, 1.0),
]


@pytest.mark.parametrize("site", SITES)
def test_it_is_the_product_form(site: tuple[float, float, float, float, int, int, float]) -> None:
    oracle.same(trunks_ivr_agents(*site), product(*site))


@settings(max_examples=40)
@given(
    rate=st.floats(1e-3, 3.0), ivr=st.floats(0.0, 200.0), p=st.floats(0.01, 1.0), aht=st.floats(1.0, 300.0),
    trunks=st.integers(1, 120), agents=st.integers(1, 120), threshold=st.floats(0.0, 300.0),
)  # fmt: skip
def test_what_must_hold(
    rate: float, ivr: float, p: float, aht: float, trunks: int, agents: int, threshold: float
) -> None:
    site = (rate, ivr, p, aht, trunks, agents, threshold)
    found = trunks_ivr_agents(*site)
    oracle.same(found, product(*site))
    asked = rate * p * (1 - found.p_block)
    assert found.mean_queue == pytest.approx(asked * found.asa, rel=1e-9, abs=1e-12)  # Little
    assert found.occupancy * agents == pytest.approx(asked * aht, rel=1e-9)
    more = trunks_ivr_agents(rate, ivr, p, aht, trunks + 1, agents, threshold)
    assert more.p_block <= found.p_block * (1 + 1e-12)


def test_without_an_ivr_it_is_a_queue_on_so_many_trunks() -> None:
    found, queue = trunks_ivr_agents(0.2, 0.0, 1.0, 100.0, 30, 20, 20.0), erlang_a_queue(0.2, 100.0, inf, 20, 30)
    for name in ("p_block", "p_wait", "service_level", "asa", "mean_queue", "occupancy"):
        assert getattr(found, name) == pytest.approx(getattr(queue, name), rel=1e-10)


def test_with_an_agent_for_each_trunk_it_is_erlang_b_of_the_whole_call() -> None:
    found = trunks_ivr_agents(0.2, 25.0, 0.8, 100.0, 20, 20, 20.0)
    assert found.p_block == pytest.approx(erlang_b(0.2 * (25 + 80), 20), rel=1e-12)
    assert (found.p_wait, found.asa, found.service_level_answered) == (0, 0, pytest.approx(1))


def test_nobody_wants_an_agent() -> None:
    found = trunks_ivr_agents(0.5, 25.0, 0.0, 100.0, 20, 5, 20.0)
    assert found.p_block == pytest.approx(erlang_b(12.5, 20), rel=1e-12)
    assert (found.p_wait, found.occupancy, found.mean_queue) == (0, 0, 0)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, -1.0, "arrival_rate"), (0, nan, "arrival_rate"), (1, -1.0, "ivr_mean"),
        (1, inf, "arrival_rate [*] ivr_mean"), (2, 1.5, "p_agent must be from 0 to 1"), (2, nan, "p_agent"),
        (3, 0.0, "aht"), (4, 0, "trunks"), (4, 2.5, "trunks"), (5, 0, "agents"), (6, nan, "threshold"),
    ],
)  # fmt: skip
def test_what_is_no_site_is_named(place: int, value: float, words: str) -> None:
    site: list[Any] = [0.1, 25.0, 0.9, 150.0, 30, 20, 20.0]
    site[place] = value
    with pytest.raises(ValueError, match=words):
        trunks_ivr_agents(*site)
