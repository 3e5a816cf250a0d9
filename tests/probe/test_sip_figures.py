"""The metrics of RFC 6076, counted by hand."""

from collections import Counter

import pytest

from simtel.probe.sip_figures import Delays, Ratios, Tally, delays


def test_ratios() -> None:
    tally = Tally(attempts=20, answered=10, completed=8)
    tally.refused = Counter({302: 2, 486: 3, 408: 1, 503: 2, 404: 2})
    tally.broken = Counter({"gone": 2})
    assert tally.open == 0
    assert tally.ratios() == Ratios(ser=10 / 18, seer=13 / 18, isa=3 / 20, scr=8 / 20)


def test_nothing_has_no_ratio() -> None:
    assert Tally().ratios() == Ratios(None, None, None, None)
    assert Tally(attempts=1, refused=Counter({302: 1})).ratios() == Ratios(None, None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ([], None),
        ([7], Delays(1, 7.0, (7, 7, 7, 7))),
        ([4, 1, 3, 2], Delays(4, 2.5, (2, 4, 4, 4))),
        (list(range(1, 101)), Delays(100, 50.5, (50, 95, 99, 100))),
    ],
)
def test_delays(sample: list[int], expected: Delays | None) -> None:
    assert delays(sample) == expected
