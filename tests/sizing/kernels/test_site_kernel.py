"""The site kernel, call by call against a site told the slow way, on random sites with everything switched on."""

from collections import Counter

import numpy as np
import pytest

from simtel.sizing.kernels import site_world as world
from simtel.sizing.kernels.draws import SECOND, Law
from simtel.sizing.kernels.site_plan import CallBack, CallerClass, Demand, Group, Office, Redial, Site, Team, Unit
from simtel.sizing.kernels.site_runs import outcomes, simulate_site
from tests.sizing.plain_site import PlainSite

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while

SITES = 220


def random_site(number: int) -> tuple[Site, Demand]:
    """A small site under about as much load as it can bear, half of all features on."""
    rng = np.random.default_rng((20_26, number))

    def on(share: float = 0.5) -> bool:
        return bool(rng.random() < share)

    intervals = int(rng.integers(1, 6))
    groups = int(rng.integers(1, 4))
    teams = [
        Team(
            [n for n in range(groups) if n == first or on(0.3)],
            rng.integers(0 if first or intervals > 1 else 1, 6, intervals).tolist(),
        )
        for first in [*range(groups), int(rng.integers(0, groups))]
    ]
    teams[0] = Team(teams[0].groups, [n + 1 for n in teams[0].agents])
    seats = sum(max(team.agents) for team in teams)
    trunks = int(seats * rng.uniform(0.9, 2.0)) + 1
    mean = float(rng.uniform(60, 200))
    rate = seats / mean * rng.uniform(0.4, 1.0)
    half = int(rng.integers(0, trunks))
    units = [
        Unit(float(rng.uniform(200, 1_500)), float(rng.uniform(50, 400)), range(half)),
        Unit(float(rng.uniform(200, 1_500)), float(rng.uniform(50, 400)), range(half // 2, trunks)),
        Unit(float(rng.uniform(200, 1_500)), float(rng.uniform(50, 400)), range(half), range(seats // 2)),
        Unit(float(rng.uniform(200, 1_500)), float(rng.uniform(50, 400)), range(0), range(seats // 3, seats)),
    ]
    site = Site(
        float(rng.integers(250, 600)),
        trunks,
        int(rng.integers(1, 8)) if on() else trunks,
        teams,
        int(rng.integers(0, 8)) if on() else trunks,
        [
            Group((groups - 1 if on(0.7) else int(rng.integers(0, groups))) if on(0.7) else None, float(after))
            for after in rng.choice([5, 15, 30, 60], groups)
        ],
        [unit for unit in units if on(0.4)],
        CallBack(float(rng.uniform(5, 60)), float(rng.uniform(0.3, 1.0))) if on() else None,
        int(rng.integers(0, 3)) if on() else None,
    )
    shares = rng.dirichlet(np.ones(groups + 1))
    classes = [
        CallerClass(
            float(share), n % groups, int(rng.choice([0, 0, 0, 1, 3])), float(rng.uniform(0.6, 1)) if on() else 1.0,
            float(rng.uniform(0.5, 1.5)),
        )
        for n, share in enumerate(shares)
    ]  # fmt: skip
    demand = Demand(
        (rate * rng.uniform(0.5, 1.5, intervals)).tolist(),
        Law.lognormal(mean, 1.1) if on() else Law.exponential(mean),
        Law.uniform(0.0, 120.0) if on() else Law.hyperexponential(0.4, 10.0, 90.0),
        Law.exponential(20.0) if on() else Law.fixed(0.0),
        Law.erlang_2(25.0) if on() else Law.fixed(0.0),
        classes,
        Redial(float(rng.uniform(0.3, 0.9)), float(rng.uniform(0.2, 0.8)), float(rng.uniform(20, 200)))
        if on()
        else Redial(),
        Office(float(rng.uniform(0.2, 1.5)), float(rng.uniform(30, 200))) if on() else Office(),
    )
    return site, demand


def seen(number: int) -> Counter[int]:
    """One site both ways; how often each outcome was met."""
    site, demand = random_site(number)
    told = PlainSite(site, demand, 3, number).run()
    found = outcomes(site, demand, replication=3, seed=number)
    assert sorted(map(tuple, found.tolist())) == sorted(told.told)
    threshold = sorted(told.waits)[2 * len(told.waits) // 3] if told.waits else 0  # somebody waits just as long
    runs = simulate_site(site, demand, replications=range(3, 4), seed=number, threshold=threshold / SECOND)
    assert runs.within.sum() == sum(wait <= threshold for wait in told.waits)
    assert runs.waited.sum() == pytest.approx(sum(told.waits) / SECOND, rel=1e-12)
    for n, time in enumerate((runs.busy, runs.staffed, runs.trunks_held, runs.queued)):
        np.testing.assert_allclose(time[0], told.spent[:, n] / SECOND, rtol=1e-9, atol=1e-6)
    return Counter(what for *_, what in told.told)


def test_every_call_meets_what_it_met_the_slow_way() -> None:
    met = sum((seen(number) for number in range(SITES)), Counter[int]())
    for what in range(world.DIALLED_OUT + 1):
        assert met[what] > 200, what  # or nothing would be shown about it
    assert sum(met.values()) > 20_000


def test_agents_who_dial_all_day_go_on_with_other_calls() -> None:
    """More calls than are drawn ahead."""
    site = Site(900.0, 40, 1, [Team([0], [40])], dial_above=0)
    demand = Demand([0.0], Law.uniform(2.0, 12.0), Law.fixed(1.0), wrap_up=Law.uniform(0.0, 4.0))
    told = PlainSite(site, demand, 0, 1).run().told
    assert len(told) > 1.5 * world.DIALS
    assert outcomes(site, demand, seed=1).tolist() == [list(row) for row in told]
