"""Who dials again: by hand, and as it went in; and room for a bounded number of calls."""

import numpy as np
import pytest

from simtel.sizing.fitting.redials import MOST, Callers


def add(callers: Callers, rows: list[tuple[int, float, float, bool]]) -> None:
    caller, start, end, served = zip(*rows, strict=True)
    callers.add(np.array(caller, np.uint64), np.array(start), np.array(end), np.array(served))


def test_by_hand() -> None:
    callers = Callers()
    add(callers, [(1, 0.0, 10.0, False), (1, 40.0, 90.0, True), (2, 5.0, 20.0, False), (2, 9000.0, 9100.0, True)])
    add(callers, [(3, 0.0, 10.0, True), (3, 100.0, 130.0, True), (0, 1.0, 2.0, False)])
    found = callers.redials()
    assert found is not None
    assert (found.calls, found.unserved) == (6, 2)  # 2 came back after the hour; 0 is not known
    assert (found.delay.number, found.delay.mean) == (1, 30.0)
    assert found.served == 1 / 4
    assert found.share == (1 / 2 - 1 / 4) / (1 - 1 / 4)  # a quarter would have called anyway
    assert found.repeats == pytest.approx(1 / 6 * (1 / 3) / (1 / 2))
    assert found.low < found.share < found.high


def test_who_calls_again_whatever_befalls_him_dials_not_because_of_it() -> None:
    rng = np.random.default_rng(5)
    callers = Callers()
    who, start = rng.integers(1, 4_000, 20_000, dtype=np.uint64), np.sort(rng.uniform(0, 40 * 86_400.0, 20_000))
    callers.add(who, start, start + 100, rng.random(20_000) < 0.7)
    found = callers.redials()
    assert found is not None
    assert found.served > 0
    assert found.low == 0.0
    assert found.share < 0.01


def test_a_number_of_many_people_is_nobody() -> None:
    callers = Callers()
    start = np.arange(MOST + 1) * 600.0
    callers.add(np.full(MOST + 1, 7, np.uint64), start, start + 60, np.zeros(MOST + 1, bool))
    add(callers, [(1, 0.0, 10.0, False), (1, 40.0, 90.0, True)])
    found = callers.redials()
    assert found is not None
    assert (found.calls, found.crowds, found.share) == (2, MOST + 1, 1.0)


def test_calls_may_come_in_any_order() -> None:
    callers = Callers()
    add(callers, [(1, 40.0, 90.0, True), (1, 0.0, 10.0, False)])
    found = callers.redials()
    assert found is not None
    assert found.share == 1.0


def test_nobody_known() -> None:
    callers = Callers()
    add(callers, [(0, 0.0, 1.0, True)])
    assert callers.redials() is None


def test_room_is_bounded_and_the_share_is_kept() -> None:
    rng = np.random.default_rng(7)
    callers = Callers(room=5_000)
    for block in range(20):
        who = rng.integers(1, 2**63, 1000, dtype=np.uint64)
        start = block * 1e5 + np.arange(1000) * 10.0
        callers.add(who, start, start + 5, np.zeros(1000, bool))
        again = rng.random(1000) < 0.4
        callers.add(who[again], start[again] + 50, start[again] + 90, np.ones(int(again.sum()), bool))
    found = callers.redials()
    assert found is not None
    assert 1_000 < found.calls <= 5_000
    assert found.low <= 0.4 <= found.high


@pytest.mark.parametrize("served", [True, False])
def test_without_a_known_caller_on_either_side_there_is_no_share_and_its_interval_holds_all_it_may_be(
    served: bool,
) -> None:
    callers = Callers()
    add(callers, [(n, at, at + 10.0, served) for n in range(1, 5) for at in ((0.0, 40.0) if n == 1 else (0.0,))])
    found = callers.redials()
    assert found is not None
    assert (found.share, found.repeats, found.low) == (None, 0.0, 0.0)
    if served:
        assert (found.served, found.high) == (1 / 5, 1.0)
    else:
        assert (found.served, found.again) == (None, 1 / 5)
        assert 0.5 < found.high < 0.8  # the upper end of 1 of 5: none of them need have come anyway
