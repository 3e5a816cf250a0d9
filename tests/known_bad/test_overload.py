"""A server without overload control collapses under more attempts than it can process; with it, calls go on."""

import pytest

from simtel.core.quantity import Value
from simtel.verdict.outcome import Outcome
from tests.known_bad.judged import judged, turned

SPOTS, RUSH = "surge.overload", "surge.failover-in-the-rush"
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


@pytest.mark.parametrize(
    ("line", "named"),
    [("servers.replication.dialogs", "cut-off-ratio"), ("servers.replication.agents", "agent-state-kept")],
)
def test_what_the_standby_is_not_told_is_lost_in_the_rush(line: str, named: str) -> None:
    before, after = judged(RUSH, ()), judged(RUSH, ((line, False),))
    assert set(before.values()) == {Outcome.PASS}
    assert turned(before, after) == {named}
    assert after[named] is Outcome.FAIL
