"""A sweep strikes at every step of one call."""

from simtel.core.clock import MS, SECOND, US
from simtel.core.log import EvidenceLog
from simtel.run.once import to_memory
from simtel.run.sweep import LAG, baseline, steps, strikes
from tests.run.fake import FakeTarget
from tests.run.sites import crash, item, site, stated

SWEEP = item(stated(site(), LAG, 200 * MS), crash(sweep="takeover"))


def test_the_baseline_has_no_fault() -> None:
    log = to_memory(baseline(SWEEP), FakeTarget())
    assert not [event for event in log.events if event.kind.startswith("fault.")]


def test_each_instant_of_the_first_call_is_a_step() -> None:
    log = to_memory(baseline(SWEEP), FakeTarget())
    assert [event.t for event in steps(log)] == [1 * SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND, 80 * SECOND]


def test_each_step_is_struck_before_and_after_it_is_replicated() -> None:
    found = strikes(SWEEP, to_memory(baseline(SWEEP), FakeTarget()))
    at = {one.scenario.id: one.scenario.faults[0].at for one in found}
    assert len(found) == 10
    assert at["failover.active-server-crash@2-call.connected-before"] == 2 * SECOND + US
    assert at["failover.active-server-crash@2-call.connected-after"] == 2 * SECOND + 201 * MS
    assert all(not one.scenario.sweep and one.scenario.faults[0].after is None for one in found)
    assert len({one.name for one in found}) == 10


def test_without_a_call_there_is_nothing_to_strike_at() -> None:
    log = to_memory(baseline(SWEEP), FakeTarget())
    assert steps(EvidenceLog(log.header, log.events[:3], None)) == []
