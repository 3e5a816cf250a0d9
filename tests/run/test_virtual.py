"""The run room with the real virtual target."""

from pathlib import Path

import msgspec
import pytest

from simtel.core.log import read_log
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.run.session import run_all, strikes_of
from simtel.run.targets import make_target
from simtel.run.variants import basis_of, values_of, watched
from tests.run.sites import site


@pytest.mark.parametrize("name", ["today", "proposal-as-drawn"])
def test_a_figure_that_was_not_looked_at_changes_nothing(name: str) -> None:
    (item,) = items(scenarios_of(["failover.active-server-dies"]), [site(name)], seed=1)
    target = make_target("virtual")
    shown, looked = watched(item.site)
    digest = to_memory(item, target, shown).footer.digest  # type: ignore[union-attr]
    left = [(path, given) for path, given in item.site.figures.items() if basis_of(given) and path not in looked.at]
    assert len(left) < len(item.site.figures)
    for path, given in left:
        for value in values_of(given):
            other = to_memory(item, target, item.site.with_figure(path, value))
            assert other.footer.digest == digest, path  # type: ignore[union-attr]


def test_a_run_names_its_units_and_what_it_can_see(tmp_path: Path) -> None:
    (item,) = items(scenarios_of(["failover.active-server-dies"]), [site()], seed=1, vary=False)
    (result,) = run_all([item], tmp_path, jobs=1)
    log = read_log(tmp_path / str(result.entry.evidence))
    assert len(log.header.roles["servers"]) == 2
    assert "call.offered" in log.header.observes
    assert log.complete


def test_two_runs_of_one_plan_agree_and_another_seed_does_not() -> None:
    (item,) = items(scenarios_of(["failover.active-server-dies"]), [site()], seed=1)
    target = make_target("virtual")
    digests = [
        to_memory(msgspec.structs.replace(item, seed=seed), target).footer.digest  # type: ignore[union-attr]
        for seed in (1, 1, 2)
    ]
    assert digests[0] == digests[1] != digests[2]


def test_the_shipped_sweep_strikes_each_step_twice() -> None:
    (item,) = items(scenarios_of(["sweep.takeover"]), [site()], seed=1)
    found = strikes_of(item)
    assert len(found) >= 8
    assert len(found) % 2 == 0
    assert {one.scenario.id.rpartition("-")[2] for one in found} == {"before", "after"}
