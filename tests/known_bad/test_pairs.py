"""Each broken pair is caught by the criteria named for it, and by no other."""

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.faults import FaultKind
from simtel.core.log import Expectation
from simtel.core.quantity import Value
from simtel.devices.server.server import Server
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.scenario.spec import Fault
from simtel.target.virtual import VirtualTarget
from simtel.verdict.criteria import ALWAYS
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from tests.known_bad.judged import QUICK, judged, turned
from tests.known_bad.pairs import Deleting, Doubling, Forgetful, Late, Levelling, Lying, Stubborn, Unfenced
from tests.run.sites import crash, site

CRASH, RETURNS, SPLIT = "failover.active-server-crash", "failover.server-returns", "failover.heartbeats-lost"
RUSH, RECORDED = "capacity.priority-callers", "failover.recorded-calls"
FENCED = (*QUICK, ("servers.election.fencing", "power"), ("servers.election.fencing_time", 500 * MS))
Figures = tuple[tuple[str, Value], ...]

CAUGHT: list[tuple[type[Server], str, Figures, set[str]]] = [
    (
        Unfenced,
        SPLIT,
        FENCED,
        {"one-active", "media-gap", "stable-calls-preserved", "new-calls-after", "cdr-exactly-once"},
    ),
    (Stubborn, RETURNS, QUICK, {"one-active", "promoted-once"}),
    (Forgetful, CRASH, QUICK, {"queue-kept"}),
    (Levelling, RUSH, QUICK, {"priority-first"}),
    (Levelling, "failover.priority-queue", QUICK, {"priority-first"}),
    (Deleting, RECORDED, (*QUICK, ("people.ivr_time", 500 * MS)), {"recordings-kept"}),
    (Doubling, CRASH, QUICK, {"cdr-exactly-once", "stable-calls-preserved"}),
    (Late, CRASH, QUICK, {"failover-time", "media-gap", "stable-calls-preserved", "queue-kept"}),
    (
        Lying,
        CRASH,
        QUICK,
        {
            "failover-time",
            "media-gap",
            "stable-calls-preserved",
            "new-calls-after",
            "queue-kept",
            "cdr-exactly-once",
        },
    ),
]


@pytest.mark.parametrize(("pair", "scenario", "figures", "named"), CAUGHT, ids=lambda x: getattr(x, "__name__", None))
def test_pair_is_caught_by_the_criteria_named_for_it(
    pair: type[Server], scenario: str, figures: Figures, named: set[str]
) -> None:
    healthy = judged(scenario, figures)
    assert set(healthy.values()) == {Outcome.PASS}
    broken = judged(scenario, figures, pair)
    assert turned(healthy, broken) == named
    assert {broken[name] for name in named} <= {Outcome.FAIL, Outcome.INCONCLUSIVE}


def test_a_pair_that_lies_deceives_the_criterion_that_hears_adverts_and_no_other() -> None:
    broken = judged(CRASH, QUICK, Lying)
    assert {name for name, outcome in broken.items() if outcome is Outcome.PASS} == {"promoted-once", *ALWAYS}


@pytest.mark.parametrize(
    ("boot", "outcome", "words"),
    [
        (100, Outcome.INCONCLUSIVE, "did not hear server.a fall silent after the fault at 60 s: it may have come back"),
        (1000, Outcome.FAIL, "server.a came back by itself"),
    ],
)
def test_a_crashed_server_that_is_back_at_once_is_not_overlooked(boot: int, outcome: Outcome, words: str) -> None:
    """Adverts of 1 s: it advertises again before the watch has called it silent, and its peer never takes over."""
    spec = site()
    for path, value in (("servers.election.advert_interval", SECOND), ("servers.boot_time", boot * MS)):
        spec = spec.with_figure(path, value)
    fault = Fault(FaultKind.CRASH, "servers.active", at=Ns(60 * SECOND), lasting=Ns(200 * MS))
    (item,) = items([crash(faults=(fault,), expect=(Expectation("promoted-once"),))], [spec], seed=7)
    verdicts = {v.criterion: v for v in judge(to_memory(item, VirtualTarget(Stubborn))).verdicts}
    assert verdicts["promoted-once"].outcome is outcome
    assert words in str(verdicts["promoted-once"].reason)
    assert verdicts["one-active"].outcome is Outcome.PASS
