"""What the requirements ask in their own words: every shipped scenario is judged, and none is idle."""

from functools import cache

import pytest

from simtel.core import data
from simtel.quotes.asked import BEYOND, KNOWN, LONG, MORE, OTHER, SECOND, WITHIN, beyond, shown
from simtel.report.claims import speaks_of
from simtel.scenario.collect import collect
from simtel.scenario.spec import Scenario


@cache
def library() -> dict[str, Scenario]:
    return {one.id: one for one in collect([data.scenarios()])}


def test_every_scenario_of_a_requirement_is_judged_and_no_other() -> None:
    certain = [one for one in library().values() if one.random is None]
    assert {one.id for one in certain if any(claim.startswith("R") for claim in one.requirement)} == KNOWN


def test_what_asks_what_a_requirement_says_names_it_and_measures_it() -> None:
    for claim, names in WITHIN.items():
        for name in names:
            scenario = library()[name]
            assert claim in scenario.requirement, name
            assert any(speaks_of(wanted.criterion, claim) for wanted in scenario.expect), (claim, name)


def test_nothing_asks_what_a_requirement_says_and_more_than_any() -> None:
    assert not BEYOND.keys() & frozenset().union(*WITHIN.values())


@pytest.mark.parametrize(
    ("claim", "scenario", "why"),
    [
        ("R1", "failover.active-server-crash", None),
        ("R1", "failover.platform-crash", None),  # the box of the active server, with what else is in it
        ("R5", "failover.platform-crash", MORE),  # no word of a box that survives
        ("R16", "failover.active-server-crash", MORE),  # there are records; none is promised to outlive a crash
        ("R1", "failover.lan-switch-crash", OTHER),
        ("R1", "failover.double-failure", SECOND),
        ("R1", "my.own", None),
    ],
)
def test_a_failure_is_a_deviation_or_asks_for_more(claim: str, scenario: str, why: object) -> None:
    assert beyond(claim, scenario) == why


def test_what_is_shown_beside_takes_a_moment_and_asks_no_more() -> None:
    assert set(shown()).isdisjoint(LONG | BEYOND.keys())
    assert {"maintenance.board-added", "trunks.loop-lines"} <= set(shown())
