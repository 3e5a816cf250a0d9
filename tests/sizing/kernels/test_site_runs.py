"""Simulated sites: exact figures of what chains can say, counts that add up, what is refused."""

from collections.abc import Callable
from dataclasses import fields, replace
from math import inf, nan, sqrt
from typing import Any

import numpy as np
import pytest

from simtel.sizing.formulas import erlang_a_queue, erlang_b, trunks_ivr_agents
from simtel.sizing.intervals import paired_difference
from simtel.sizing.kernels import site_runs
from simtel.sizing.kernels import site_world as world
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.site_plan import CallBack, CallerClass, Demand, Group, Redial, Site, Team, Unit
from simtel.sizing.kernels.site_runs import SiteRuns, outcomes, simulate_site
from tests.sizing.memory import height, measured

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while

HOUR = 3_600.0
exponential = Law.exponential
NEVER_GIVES_UP = Law.fixed(inf)


def plain(agents: int = 32, trunks: int = 500, hours: int = 50) -> Site:
    return Site(HOUR, trunks, trunks, [Team([0], [agents] * hours)])


def calls(rate: float = 10 / 60, hours: int = 50, **others: Any) -> Demand:
    return Demand([rate] * hours, **({"talk": exponential(180.0), "patience": exponential(120.0)} | others))


def near(replications: np.ndarray, exact: float, close: float = 0.05) -> None:
    error = replications.std(ddof=1) / sqrt(replications.size)
    assert abs(replications.mean() - exact) < 4 * error
    assert error < close * exact  # or nothing would be shown


def warm(runs: SiteRuns) -> SiteRuns:
    """Without its first five intervals."""
    return SiteRuns(*(getattr(runs, field.name)[:, 5:] for field in fields(runs))).whole()


def test_a_queue_with_abandonment_has_its_exact_figures() -> None:
    found = warm(simulate_site(plain(), calls()))
    exact = erlang_a_queue(10 / 60, 180.0, 120.0, 32)
    near(found.service_level, exact.service_level)
    near(found.abandonment, exact.p_abandon)
    near(found.asa, exact.asa)
    near(found.occupancy, exact.occupancy)


def test_trunks_alone_lose_as_erlang_b_says() -> None:
    found = warm(simulate_site(plain(40, 28), calls()))
    near(found.blocking, erlang_b(30.0, 28))
    assert not found.gave_up.any()


def test_trunks_ivr_and_agents_have_their_product_form() -> None:
    """Blocking with the trunk held through menu, queue and talk; half of the callers want an agent, nobody gives up."""
    found = warm(
        simulate_site(
            plain(16, 30),
            calls(
                menu=exponential(60.0), classes=[CallerClass(wants_agent=0.5)], patience=NEVER_GIVES_UP,
                talk=exponential(170.0),
            ),
        )
    )  # fmt: skip
    exact = trunks_ivr_agents(10 / 60, 60.0, 0.5, 170.0, 30, 16, 20.0)
    near(found.blocking, exact.p_block)
    near(found.asa, exact.asa, 0.1)


def test_half_of_the_units_time_is_lost_with_a_unit_that_is_down_half_of_it() -> None:
    units = [Unit(HOUR / 8, HOUR / 8, range(28))]
    found = warm(simulate_site(replace(plain(40, 28, 400), units=units), calls(0.02, 400)))
    near(found.blocking, 0.5)
    assert found.cut.all()


def test_who_is_cut_while_he_waits_has_asked_and_was_not_served() -> None:
    """The only agent serves others, nobody gives up, and all trunks fail now and then: an outage is no service."""
    units = [Unit(HOUR / 4, HOUR / 8, range(28))]
    site = Site(HOUR, 28, 28, [Team([1], [1] * 12)], groups=[Group(), Group()], units=units)
    found = simulate_site(site, Demand([0.02] * 12, Law.fixed(60.0), NEVER_GIVES_UP)).whole()
    assert (found.cut_waiting > 0).all()
    np.testing.assert_array_equal(found.cut_waiting, found.cut)
    np.testing.assert_array_equal(found.asked, found.cut)
    assert not found.service_level.any()
    assert not found.abandonment.any()


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_each_attempt_has_a_chance_of_its_own(share: float) -> None:
    """Nobody is let in, and who is refused dials again with `share`: attempts of a caller are geometric."""
    site = Site(10_000.0, 0, 10, [Team([0], [1, 1])])
    demand = Demand([0.05, 0.0], Law.fixed(60.0), Law.fixed(60.0), redial=Redial(share, share, 10.0))
    whole = simulate_site(site, demand).whole()
    near(whole.attempts / whole.callers, 1 / (1 - share))


def test_every_attempt_has_one_end() -> None:
    site = replace(
        plain(5, 9, 12), queue_places=3, ivr_ports=3, call_back=CallBack(20.0, 0.5),
        units=[Unit(HOUR, HOUR / 4, range(4), range(2))],
    )  # fmt: skip
    demand = calls(0.04, 12, menu=exponential(20.0), wrap_up=exponential(20.0), redial=Redial(0.7, 0.5, 60.0))
    runs = simulate_site(site, demand)
    whole = runs.whole()
    cut_before = whole.attempts - (
        whole.blocked + whole.menu_full + whole.menu_enough + whole.queue_full + whole.answered + whole.gave_up
        + whole.left_number
    )  # fmt: skip
    assert (cut_before >= 0).all()  # cut in the menu or the queue, or still there at the end
    assert (cut_before <= whole.cut + 9).all()
    assert (whole.attempts > whole.callers).all()
    assert (whole.called_back <= whole.left_number).all()
    assert (whole.within <= whole.answered).all()
    assert (runs.busy <= runs.staffed).all()
    np.testing.assert_allclose(runs.staffed, 5 * HOUR)
    assert (runs.trunks_held <= 9 * HOUR).all()
    assert (runs.queued <= 3 * HOUR).all()


def test_a_log_tells_what_the_counts_count() -> None:
    site, demand = plain(4, 6, 3), calls(0.03, 3)
    told = outcomes(site, demand, replication=2, seed=5)
    whole = simulate_site(site, demand, replications=range(2, 3), seed=5).whole()
    assert (told[:, 3] == world.ANSWERED).sum() == whole.answered[0]
    assert (told[:, 3] == world.BLOCKED).sum() == whole.blocked[0]
    assert (np.diff(told[:, 0]) >= 0).all()


def test_whoever_overflows_keeps_his_place() -> None:
    """Some go over to the agents of another group at once, some after a minute; all wait far longer, and are answered
    as they came."""
    site = Site(4_000.0, 200, 200, [Team([2], [1])], groups=[Group(2, 60.0), Group(2, 5.0), Group()])
    demand = Demand([0.05], Law.fixed(100.0), NEVER_GIVES_UP, classes=[CallerClass(0.5, 0), CallerClass(0.5, 1)])
    told = outcomes(site, demand)
    answered = told[told[:, 3] == world.ANSWERED, 1].tolist()[5:]
    assert len(answered) > 20
    assert answered == sorted(answered)


def test_arrivals_and_agents_follow_their_intervals() -> None:
    site = Site(HOUR, 400, 400, [Team([0], [9, 4, 0, 6])])
    found = simulate_site(site, Demand([0.02, 0.0, 0.04, 0.01], exponential(60.0), NEVER_GIVES_UP))
    near(found.callers[:, 0], 72.0)
    near(found.callers[:, 2], 144.0)
    near(found.callers[:, 3], 36.0)
    assert not found.callers[:, 1].any()
    assert found.staffed[:, 0].tolist() == [9 * HOUR] * 16
    assert (found.staffed[:, 1] >= 4 * HOUR).all()  # who talks when his time is over leaves after that
    assert (found.queued[:, 2] > HOUR).all()  # nobody is there
    assert (found.answered[:, 2] > 100).all()  # and in the next interval all are served


def test_designs_meet_the_same_callers() -> None:
    base = simulate_site(plain(31, hours=9), calls(hours=9)).whole().service_level
    more = simulate_site(plain(32, hours=9), calls(hours=9)).whole().service_level
    others = simulate_site(plain(32, hours=9), calls(hours=9), seed=2).whole().service_level
    paired, apart = paired_difference(more, base), paired_difference(others, base)
    assert paired.low > 0
    assert paired.half_width < apart.half_width / 2


def test_a_replication_is_the_same_whatever_runs_before_it() -> None:
    both = simulate_site(plain(hours=2), calls(hours=2), replications=range(3, 5))
    alone = simulate_site(plain(hours=2), calls(hours=2), replications=range(4, 5))
    np.testing.assert_array_equal(both.waited[1], alone.waited[0])


@measured
def test_memory_does_not_grow_with_calls() -> None:
    def most(hours: int) -> int:
        return height(lambda: simulate_site(plain(100, hours=hours), calls(0.5, hours=hours), replications=range(1)))

    most(1)  # what is loaded once
    assert most(300) < most(3) + 4_000_000  # eight bytes a call


def test_more_callers_at_once_than_there_is_room_for() -> None:
    with pytest.raises(OverflowError, match="more callers at once"):
        simulate_site(plain(1, 1, 1), calls(40.0, 1, redial=Redial(1.0, 1.0, 1e6)), replications=range(1))


def test_callers_patient_for_half_a_day_are_forgotten_once_they_are_gone() -> None:
    """What they would have done later is more than the agenda has room for."""
    site = Site(10_000.0, 2_000, 2_000, [Team([0], [10] * 7)])
    demand = Demand([9.9] + [0.0] * 6, Law.fixed(1.0), Law.uniform(50_000.0, 60_000.0))
    found = simulate_site(site, demand, replications=range(1)).whole()
    assert found.answered == found.callers
    assert found.callers > 1.4 * (4 * world.SLOTS)  # nine in ten of them wait


SITE: dict[str, Any] = {"interval": HOUR, "trunks": 9, "ivr_ports": 9, "teams": [Team([0], [3])]}
DEMAND: dict[str, Any] = {"rates": [0.1], "talk": exponential(9.0), "patience": exponential(9.0)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"interval": 0.0}, "interval must be"),
        ({"interval": 4e-10}, "interval must be 1 ns"),
        ({"interval": 1e9}, "must last"),
        ({"trunks": -1}, "trunks must be"),
        ({"trunks": 2_049}, "trunks must be"),
        ({"trunks": nan}, "trunks must be"),
        ({"ivr_ports": 1.5}, "ivr_ports must be"),
        ({"queue_places": -1}, "queue_places must be"),
        ({"teams": []}, "number of teams"),
        ({"teams": [Team([0], [])]}, "number of intervals"),
        ({"teams": [Team([0], [3]), Team([0], [3, 3])]}, "each team needs"),
        ({"teams": [Team([0], [-1])]}, "agents must be"),
        ({"teams": [Team([0], [0])]}, "number of seats"),
        ({"teams": [Team([0], [1_000]), Team([0], [25])]}, "number of seats"),
        ({"teams": [Team([1], [3])]}, "group that is served"),
        ({"groups": [Group(1)]}, "overflow_to must be"),
        ({"groups": [Group(None, -1.0)]}, "overflow_after must be"),
        ({"groups": [Group(None, inf)]}, "overflow_after must be"),
        ({"units": [Unit(0.0, 1.0)]}, "mtbf must be"),
        ({"units": [Unit(1.0, nan)]}, "mttr must be"),
        ({"units": [Unit(1.0, 1.0, range(8, 10))]}, "trunks of a unit"),
        ({"units": [Unit(1.0, 1.0, range(0, 8, 2))]}, "trunks of a unit"),
        ({"units": [Unit(1.0, 1.0, range(0), range(4))]}, "seats of a unit"),
        ({"call_back": CallBack(-1.0, 0.5)}, "call_back.after"),
        ({"call_back": CallBack(1.0, 1.5)}, "call_back.share"),
        ({"dial_above": -1}, "dial_above"),
    ],
)
def test_a_site_that_cannot_be(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Site(**(SITE | wrong))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rates": []}, "number of rates"),
        ({"rates": [-0.1]}, "a rate"),
        ({"rates": [inf]}, "a rate"),
        ({"classes": []}, "number of classes"),
        ({"classes": [CallerClass(0.5)]}, "add up to 1"),
        ({"classes": [CallerClass(nan)]}, "share of a class"),
        ({"classes": [CallerClass(wants_agent=2.0)]}, "wants_agent"),
        ({"classes": [CallerClass(priority=4)]}, "priority"),
        ({"classes": [CallerClass(talk_scale=0.0)]}, "talk_scale"),
        ({"redial": Redial(1.1)}, "redial.blocked"),
        ({"redial": Redial(0.0, -0.1)}, "redial.abandoned"),
        ({"redial": Redial(0.5, 0.5, 0.0)}, "redial.delay"),
    ],
)
def test_callers_who_cannot_be(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Demand(**(DEMAND | wrong))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (lambda: simulate_site(Site(**SITE), Demand(**DEMAND | {"rates": [0.1, 0.1]})), "rates must be given"),
        (
            lambda: simulate_site(Site(**SITE), Demand(**DEMAND | {"classes": [CallerClass(group=1)]})),
            "group of a class",
        ),
        (lambda: simulate_site(Site(**SITE), Demand(**DEMAND), seed=-1), "seed must be"),
        (lambda: simulate_site(Site(**SITE), Demand(**DEMAND), threshold=nan), "threshold must be"),
        (lambda: simulate_site(Site(**SITE), Demand(**DEMAND), replications=range(0)), "replications must be"),
    ],
)
def test_refused(run: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        run()


def test_a_record_that_was_used_is_as_good_as_new() -> None:
    """Another site, whose calls, agents and failures filled the same record, leaves nothing behind."""
    site, demand = plain(3, 5, 4), calls(2 / 60, 4, redial=Redial(0.5, 0.5, 60.0))
    site_runs._spare.clear()
    first = simulate_site(site, demand, replications=range(2))
    simulate_site(replace(plain(40, 60, 8), units=[Unit(900.0, 600.0, range(9), range(9))], dial_above=2),
                  calls(hours=8), replications=range(2))  # fmt: skip
    assert site_runs._spare
    assert not np.array_equal(first.answered[0], first.answered[1])  # or nothing was lived in a record that was used
    again = simulate_site(site, demand, replications=range(2))
    for field in fields(SiteRuns):
        assert np.array_equal(getattr(first, field.name), getattr(again, field.name)), field.name
