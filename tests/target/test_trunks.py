"""What trunks do to calls, in whole runs."""

from collections import Counter

from simtel.core.clock import MS, SECOND
from simtel.core.events import Kind
from simtel.core.quantity import Value
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.target.virtual import VirtualTarget
from tests.run.sites import site


def ends(scenario: str, at: str, **figures: Value) -> Counter[tuple[str, str]]:
    """How many calls ended how, and why."""
    spec = site(at)
    for path, value in figures.items():
        spec = spec.with_figure(path, value)
    (item,) = items(scenarios_of([scenario]), [spec], seed=7)
    log = to_memory(item, VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    return Counter((e.data["disposition"], e.data["cause"]) for e in log.of(Kind.CALL_ENDED))  # type: ignore[misc]


def test_a_surge_that_waits_in_line_on_the_dchannel_can_outwait_t303() -> None:
    """With a round trip of 2 s, 30 SETUPs need 8 s in windows of seven, and twice T303 is 8 s."""
    quick = {"servers.limits.attempts": 1000.0}
    near = ends("trunks.dchannel-surge", "proposal-as-drawn", **quick, **{"exchange.delay": 20 * MS})
    far = ends("trunks.dchannel-surge", "proposal-as-drawn", **quick, **{"exchange.delay": SECOND})
    wide = ends(
        "trunks.dchannel-surge", "proposal-as-drawn",
        **quick, **{"exchange.delay": SECOND, "exchange.line.window": 60, "gateways.line.window": 60},
    )  # fmt: skip
    assert near["failed", "trunk-dead"] == 0 < far["failed", "trunk-dead"]
    assert wide["failed", "trunk-dead"] < far["failed", "trunk-dead"], "the window is what keeps them waiting"
