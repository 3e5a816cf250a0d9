"""The whole site against its exact special cases, against the sum over all states, and against callers one by one."""

import heapq
import random
from collections import deque
from math import comb, factorial, inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.sizing.formulas import engset, erlang_a_queue, erlang_b, trunks_ivr_agents
from simtel.sizing.theory.queue import Queue
from simtel.sizing.theory.site_queue import Traffic, site_queue


def same(found: Queue, other: Queue) -> bool:
    return all(getattr(found, name) == pytest.approx(getattr(other, name), rel=1e-9, abs=1e-12)
               for name in Queue.__slots__)  # fmt: skip


@settings(max_examples=25)
@given(n=st.integers(1, 30), more=st.integers(0, 25), load=st.floats(0.1, 40.0), patience=st.floats(5.0, 2000.0))
def test_without_ivr_and_wrap_up_it_is_erlang_a_with_trunks(n: int, more: int, load: float, patience: float) -> None:
    found = site_queue(Traffic(load / 180, 180.0, patience=patience), n, n + more, 20.0)
    assert same(found, erlang_a_queue(load / 180, 180.0, patience, n, n + more, 20.0))


@settings(max_examples=25)
@given(n=st.integers(1, 30), trunks=st.integers(1, 50), load=st.floats(0.1, 40.0), share=st.floats(0.1, 1.0))
def test_with_endless_patience_it_is_trunks_ivr_agents(n: int, trunks: int, load: float, share: float) -> None:
    found = site_queue(Traffic(load / 180, 180.0, ivr=25.0, p_agent=share), n, trunks, 20.0)
    assert same(found, trunks_ivr_agents(load / 180, 25.0, share, 180.0, trunks, n, 20.0))


@settings(max_examples=25)
@given(sources=st.integers(1, 60), lines=st.integers(1, 40), each=st.floats(0.001, 0.9))
def test_few_extensions_refuse_as_engset_has_it(sources: int, lines: int, each: float) -> None:
    """Callers who hardly come meet the lines as the extensions leave them: all held for a share of the time."""
    extensions = Traffic(1e-12, 1e-3, extensions=each * sources, sources=sources)
    wanted = engset(sources, lines, each / (1 - each)).time_congestion
    assert site_queue(extensions, 1, lines, 20.0).p_block == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_many_extensions_are_a_poisson_stream() -> None:
    def refused(sources: int) -> float:
        return site_queue(Traffic(300 / 3600, 150.0, extensions=8.0, sources=sources), 17, 32, 20.0).p_block

    assert refused(12) < refused(40) < refused(1_000) < refused(0)
    assert refused(100_000) == pytest.approx(refused(0), rel=1e-3)


def summed(traffic: Traffic, n: int, trunks: int, ports: int) -> tuple[float, float]:
    """Blocking and mean queue, by the weight of each state: k with the IVR, j of extensions, s at the seats of whom w
    are written up."""
    rate, share = traffic.arrival_rate, traffic.wrap_up / traffic.aht
    through = 1 - (erlang_b(rate * traffic.ivr, ports) if ports < trunks else 0.0)
    total = lost = queue = 0.0
    seats = [1.0]
    for s in range(1, trunks + n + 1):
        ends = min(s, n) / traffic.aht + max(s - n, 0) / traffic.patience
        seats.append(seats[-1] * rate * through * traffic.p_agent / ends)
    for k in range(ports + 1):
        for j in range(trunks + 1):
            for s, weight in enumerate(seats):
                for w in range(min(s, n) + 1):
                    held = k + j + s - w
                    if held > trunks:
                        continue
                    here = (rate * traffic.ivr) ** k / factorial(k) * traffic.extensions**j / factorial(j) * weight
                    here *= comb(min(s, n), w) * share**w * (1 - share) ** (min(s, n) - w)
                    total += here
                    lost += here * (held == trunks or k == ports)
                    queue += here * max(s - n, 0)
    return lost / total, queue / total


@pytest.mark.parametrize("ports", [2, 4, 9])
def test_it_is_the_sum_over_all_states(ports: int) -> None:
    traffic = Traffic(1 / 30, 60.0, 40.0, 20.0, 0.8, 45.0, 0.5)
    found = site_queue(traffic, 3, 9, 20.0, ports)
    blocking, queue = summed(traffic, 3, 9, ports)
    assert found.p_block == pytest.approx(blocking, rel=1e-9)
    assert found.mean_queue == pytest.approx(queue, rel=1e-9)


def chained(traffic: Traffic, n: int, trunks: int, ports: int) -> tuple[float, float, float]:
    """Blocking, occupancy and abandonment by the balance of all states (k with the IVR, s at the seats), without
    wrap-up and extensions."""
    number = {(k, s): 0 for k in range(ports + 1) for s in range(trunks - k + 1)}
    number = {state: i for i, state in enumerate(number)}
    flow = np.zeros((len(number), len(number)))
    for (k, s), here in number.items():
        for there, rate in (
            ((k + 1, s), traffic.arrival_rate),
            ((k - 1, s + 1), k / traffic.ivr * traffic.p_agent),
            ((k - 1, s), k / traffic.ivr * (1 - traffic.p_agent)),
            ((k, s - 1), min(s, n) / traffic.talk + max(s - n, 0) / traffic.patience),
        ):
            if rate and there in number:
                flow[number[there], here] += rate
                flow[here, here] -= rate
    flow[-1] = 1.0
    shares = np.linalg.solve(flow, np.eye(len(number))[-1])
    asked = traffic.arrival_rate * traffic.p_agent
    return (
        sum(shares[i] for (k, s), i in number.items() if (k + 1, s) not in number),
        sum(shares[i] * min(s, n) for (k, s), i in number.items()) / n,
        sum(shares[i] * max(s - n, 0) for (k, s), i in number.items()) / traffic.patience / asked,
    )


@settings(max_examples=40)
@given(
    n=st.integers(1, 8),
    more=st.integers(1, 8),
    few=st.floats(0.0, 1.0),
    load=st.floats(0.2, 1.5),
    ivr=st.sampled_from((5.0, 25.0, 60.0)),
    patience=st.sampled_from((30.0, 120.0, 600.0)),
)
def test_few_ports_keep_calls_from_the_seats(
    n: int, more: int, few: float, load: float, ivr: float, patience: float
) -> None:
    trunks = n + more
    ports = 1 + round(few * (trunks - 2))
    traffic = Traffic(load * n / 150, 150.0, ivr=ivr, p_agent=0.6, patience=patience)
    blocking, occupancy, abandonment = chained(traffic, n, trunks, ports)
    found = site_queue(traffic, n, trunks, 20.0, ports)
    near = 0.005 if blocking < 0.02 else 0.04 if blocking < 0.1 else 0.15
    assert found.p_block == pytest.approx(blocking, abs=near)
    assert found.occupancy == pytest.approx(occupancy, abs=near)
    assert found.p_abandon == pytest.approx(abandonment, abs=near)


@pytest.mark.parametrize("ports", [0, 1, 41, 42])
def test_without_an_ivr_its_ports_are_nothing(ports: int) -> None:
    traffic = Traffic(1 / 6, 150.0, 30.0, patience=120.0, extensions=2.0)
    found = site_queue(traffic, 32, 42, 20.0, ports)
    assert found == site_queue(traffic, 32, 42, 20.0)
    assert found.occupancy == pytest.approx((1 - found.p_block - found.p_abandon) * 30 / 32)
    assert found.p_abandon > 0.01


def test_a_single_port_leaves_many_seats_idle() -> None:
    """One port lets through a call in 25 s; for twenty seats that is nothing."""
    found = site_queue(Traffic(0.1, 150.0, ivr=25.0, patience=120.0), 20, 60, 20.0, 1)
    assert found.p_block == pytest.approx(erlang_b(2.5, 1), abs=1e-6)
    assert found.service_level_answered > 0.999999


def played(traffic: Traffic, n: int, trunks: int, threshold: float, calls: int) -> dict[str, float]:
    """Callers one by one: what happens to each is decided when its time comes."""
    draw, now, serial = random.Random(7), 0.0, 0
    events: list[tuple[float, int, str, int]] = []
    waiting: deque[int] = deque()
    since: dict[int, float] = {}
    held = taken = came = refused = asked = prompt = gone = 0

    def at(after: float, what: str, call: int) -> None:
        nonlocal serial
        serial += 1
        heapq.heappush(events, (now + after, serial, what, call))

    def answer(call: int, wait: float) -> None:
        nonlocal taken, prompt
        taken += 1
        prompt += wait <= threshold
        at(draw.expovariate(1 / traffic.talk), "end", call)

    at(0.0, "call", 0)
    while came < calls:
        now, _, what, call = heapq.heappop(events)
        if what == "call":
            came += 1
            at(draw.expovariate(traffic.arrival_rate), "call", came)
            if held == trunks:
                refused += 1
            else:
                held += 1
                at(draw.expovariate(1 / traffic.ivr), "asks", call)
        elif what == "asks":
            asked += 1
            if taken < n:
                answer(call, 0.0)
            else:
                waiting.append(call)
                since[call] = now
                at(draw.expovariate(1 / traffic.patience), "gives up", call)
        elif what == "gives up" and call in since:
            del since[call]
            gone, held = gone + 1, held - 1
        elif what == "end":
            held -= 1
            at(draw.expovariate(1 / traffic.wrap_up), "written up", call)
        elif what == "written up":
            taken -= 1
            while waiting and waiting[0] not in since:
                waiting.popleft()
            if waiting:
                first = waiting.popleft()
                answer(first, now - since.pop(first))
    return {"blocking": refused / came, "level": prompt / asked, "gone": gone / asked}


def test_with_wrap_up_it_is_near_what_callers_meet() -> None:
    """17 seats and 23 trunks for 300 calls/h; 60,000 calls leave 0.4 points of service level to chance."""
    traffic = Traffic(300 / 3600, 150.0, 30.0, 25.0, patience=120.0)
    formula, seen = site_queue(traffic, 17, 23, 20.0), played(traffic, 17, 23, 20.0, 60_000)
    let_in = 1 - formula.p_block
    assert formula.service_level / let_in == pytest.approx(seen["level"], abs=0.015)
    assert formula.p_abandon / let_in == pytest.approx(seen["gone"], abs=0.006)
    assert formula.p_block == pytest.approx(seen["blocking"], abs=0.003)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"arrival_rate": 0.0}, "arrival_rate"), ({"arrival_rate": nan}, "arrival_rate"), ({"talk": -1.0}, "talk"),
        ({"talk": inf}, "talk"), ({"p_agent": 1.1}, "p_agent"), ({"patience": 0.0}, "patience"),
        ({"extensions": nan}, "extensions"),
    ],
)  # fmt: skip
def test_what_is_no_traffic_is_named(bad: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Traffic(**{"arrival_rate": 0.1, "talk": 150.0, **bad})
