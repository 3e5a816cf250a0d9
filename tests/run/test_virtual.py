"""The run room with the real virtual target."""

from pathlib import Path

import msgspec
import pytest

from simtel.core.clock import MS
from simtel.core.log import read_log
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.run.session import run_all, strikes_of
from simtel.run.targets import make_target
from simtel.run.unnoticed import unnoticed
from simtel.run.variants import basis_of, values_of
from simtel.verdict.outcome import Outcome
from tests.run.sites import crash, site, stated

CASES = [
    ("failover.active-server-dies", "today"),
    ("failover.active-server-dies", "proposal-as-drawn"),
    ("failover.active-server-crash", "as-quoted-one-e1-each"),
    ("trunks.e1-cut-short", "proposal-as-drawn"),
]


@pytest.mark.parametrize(("scenario", "name"), CASES)
def test_a_value_that_the_run_would_not_notice_changes_nothing(scenario: str, name: str) -> None:
    (item,) = items(scenarios_of([scenario]), [site(name)], seed=1)
    target = make_target("virtual")
    digest = to_memory(item, target).footer.digest  # type: ignore[union-attr]
    spread = {path: values_of(given) for path, given in item.site.figures.items() if basis_of(given)}
    found = unnoticed(item, target, digest, spread)
    assert len(found) > sum(map(len, spread.values())) / 4  # or it is not worth its run
    for path, value in found:
        other = to_memory(msgspec.structs.replace(item, site=item.site.with_figure(path, value)), target)
        assert other.footer.digest == digest, (path, value)  # type: ignore[union-attr]


def test_two_assumptions_that_are_harmless_alone_and_not_together(tmp_path: Path) -> None:
    # A takeover of some 3 s nominally: either time may be 1.4 s longer, both may not, for 5 s are the limit.
    spec = site()
    for path, given in spec.figures.items():
        if basis_of(given):
            spec = stated(spec, path, given.value)
    for path in ("servers.election.promote_time", "servers.election.address_time"):
        spec = stated(spec, path, 100 * MS, low=0, high=1500 * MS)
    (item,) = items([crash(watch=True)], [spec], seed=1)
    (result,) = run_all([item], tmp_path, jobs=1)
    verdict = next(one for one in result.judgement.verdicts if one.criterion == "failover-time")
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "PASS with each assumed figure alone, but FAIL with 2 of them together" in str(verdict.reason)


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
