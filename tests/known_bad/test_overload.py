"""A server without overload control collapses under more attempts than it can process; with it, calls go on."""

from simtel.core.quantity import Value
from simtel.verdict.outcome import Outcome
from tests.known_bad.judged import judged, turned

SPOTS = "surge.overload"
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
