"""A server without overload control collapses under more attempts than it can process; with it, calls go on."""

import pytest

from simtel.core.quantity import Value
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from tests.known_bad.judged import judged, turned
from tests.run.sites import site

SPOTS, RUSH, HALF_AGAIN = "surge.overload", "surge.failover-in-the-rush", "surge.half-as-many-again"
Figures = tuple[tuple[str, Value], ...]


def of(attempts: float, *, control: bool) -> Figures:
    return ("servers.limits.attempts", attempts), ("servers.overload_control", control)


def test_without_overload_control_a_server_too_slow_collapses() -> None:
    before, after = judged(SPOTS, of(4.0, control=True)), judged(SPOTS, of(4.0, control=False))
    assert set(before.values()) == {Outcome.PASS}
    assert turned(before, after) == {"overload"}
    assert after["overload"] is Outcome.FAIL


def test_a_server_fast_enough_for_all_circuits_at_once_needs_no_control() -> None:
    assert set(judged(SPOTS, of(40.0, control=False)).values()) == {Outcome.PASS}


def test_a_server_just_fast_enough_for_its_rated_load_loses_too_many_attempts_beyond_it() -> None:
    """It keeps its pace by refusing one attempt in seven: a throughput alone would not show that."""
    before, after = judged(HALF_AGAIN, ()), judged(HALF_AGAIN, of(1.3, control=True))
    assert set(before.values()) == {Outcome.PASS}
    assert turned(before, after) == {"handled-attempts"}
    assert after["handled-attempts"] is Outcome.FAIL


@pytest.mark.parametrize(
    ("line", "named"),
    [("servers.replication.dialogs", "cut-off-ratio"), ("servers.replication.agents", "agent-state-kept")],
)
def test_what_the_standby_is_not_told_is_lost_in_the_rush(line: str, named: str) -> None:
    before, after = judged(RUSH, ()), judged(RUSH, ((line, False),))
    assert set(before.values()) == {Outcome.PASS}
    assert turned(before, after) == {named}
    assert after[named] is Outcome.FAIL


@pytest.mark.parametrize(("rate", "due"), [(50.0, Outcome.PASS), (10.0, Outcome.FAIL)])
def test_a_hundred_seats_register_anew_as_fast_as_the_servers_take_it(rate: float, due: Outcome) -> None:
    """Two parts of each seat register with two servers: at 10/s most are lost, and come again after 32 s."""
    spec = site("proposal-as-drawn", 100).with_figure("servers.limits.registrations", rate)
    (item,) = items(scenarios_of(["surge.registration-storm"]), [spec], seed=7)
    (storm,) = [v for v in judge(to_memory(item, VirtualTarget())).verdicts if v.criterion == "registration-recovery"]
    assert storm.outcome is due, str(storm.reason)
    assert "100 of 100 seats had to register again" in str(storm.reason)
