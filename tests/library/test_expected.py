"""Every shipped scenario on every shipped site gives what its design must give: see tests/expected/outcomes.toml."""

from collections.abc import Callable

import pytest

from simtel.core.causes import CAUSES
from simtel.profiles.catalogue import find_site
from simtel.profiles.resolve import resolve
from simtel.run.once import roles_of
from simtel.run.plan import Item
from simtel.run.targets import make_target
from tests.expected.outcomes import Ran, all_items, named, read

ROWS = read()
ITEMS = {named(item): item for item in all_items()}


def test_every_scenario_on_every_site_has_a_row() -> None:
    assert sorted(ROWS) == sorted(ITEMS)


def test_every_row_that_does_not_pass_says_why() -> None:
    for name, row in ROWS.items():
        given = {outcome for key, outcome in row.items() if key != "why"}
        assert given <= {"PASS", "FAIL", "INCONCLUSIVE"}, name  # an ERROR is never expected
        assert (given == {"PASS"}) == ("why" not in row), name
        assert row.get("why", "said").strip(), f"{name}: its outcome has no reason yet"


@pytest.mark.parametrize("name", ITEMS)
def test_the_outcome_is_the_expected_one(name: str, once: Callable[[Item], Ran]) -> None:
    expected = {key: outcome for key, outcome in ROWS.get(name, {}).items() if key != "why"}
    said = once(ITEMS[name])
    assert set(said.causes) <= set(CAUSES)
    found = said.outcomes
    changed = {
        key: f"{'an expected failure that passes' if found.get(key) == 'PASS' else 'expected'}:"
        f" {expected.get(key)}, found {found.get(key)}"
        for key in {**expected, **found}
        if expected.get(key) != found.get(key)
    }
    assert not changed, f"{name}: {changed} (expected because: {ROWS.get(name, {}).get('why', 'all pass')})"


def test_the_log_says_which_seats_hang_on_which_port() -> None:
    roles = roles_of(make_target("virtual"), resolve(find_site("today"), 30))
    assert [len(roles["board.1"]), len(roles["board.2"])] == [24, 6]
    assert roles["board.1 port 3"] == ("seat.3",)
    assert roles["board.2 port 1"] == ("seat.25",)
    assert roles["servers"] == ("server.a",)
    drawn = roles_of(make_target("virtual"), resolve(find_site("proposal-as-drawn")))
    assert not [role for role in drawn if role.startswith("board.")]  # IP phones hang on no board
