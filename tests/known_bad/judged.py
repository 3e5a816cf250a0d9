"""A shipped scenario on the proposal's own site, with figures and servers of the test's choice, judged."""

from functools import cache

from simtel.core.clock import MS
from simtel.core.quantity import Value
from simtel.devices.server.server import Server
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from tests.run.sites import site

# The proposal states no advert interval; with the shortest assumed one a pair that keeps its promises passes.
QUICK: tuple[tuple[str, Value], ...] = (("servers.election.advert_interval", 100 * MS),)


@cache
def judged(
    scenario: str, figures: tuple[tuple[str, Value], ...] = QUICK, server: type[Server] = Server
) -> dict[str, Outcome]:
    """Criterion -> outcome."""
    spec = site()
    for path, value in figures:
        spec = spec.with_figure(path, value)
    (item,) = items(scenarios_of([scenario]), [spec], seed=7)
    log = to_memory(item, VirtualTarget(server))
    assert log.footer is not None
    assert not log.footer.error
    return {verdict.criterion: verdict.outcome for verdict in judge(log).verdicts}


def turned(before: dict[str, Outcome], after: dict[str, Outcome]) -> set[str]:
    """The criteria whose outcome is another one."""
    assert before.keys() == after.keys()
    return {name for name in before if before[name] is not after[name]}
