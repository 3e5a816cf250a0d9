"""Every scenario on three sites gives the events of tests/golden/digests.toml, to the last one."""

import tomllib
from collections.abc import Callable

import pytest

from simtel.run.plan import Item
from tests.expected.outcomes import Ran
from tests.golden.digests import TABLE, all_items, ends, named

GOLDEN: dict[str, str] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
ITEMS = {named(item): item for item in all_items()}


def test_the_table_has_every_scenario_on_three_sites() -> None:
    assert sorted(GOLDEN) == sorted(ITEMS)


@pytest.mark.parametrize("name", ITEMS)
def test_the_events_are_those_of_the_table(name: str, once: Callable[[Item], Ran]) -> None:
    assert " ".join(ends(once(ITEMS[name]).digests)) == GOLDEN.get(name), (
        "written anew by: python tests/golden/digests.py"
    )
