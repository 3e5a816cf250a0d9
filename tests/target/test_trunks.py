"""What trunks do to calls, in whole runs."""

from collections import Counter

import msgspec

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.quantity import Value
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.scenario.spec import Fault
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
    """With a round trip of 2 s, 30 SETUPs need 8 s in windows of seven, and twice T303 is 8 s. No line is so long: at
    100 ms, where the figure's range ends, the D-channel alone keeps nobody waiting until then."""
    quick = {"servers.limits.attempts": 1000.0}
    near = ends("trunks.dchannel-surge", "proposal-as-drawn", **quick, **{"exchange.delay": 100 * MS})
    far = ends("trunks.dchannel-surge", "proposal-as-drawn", **quick, **{"exchange.delay": SECOND})
    wide = ends(
        "trunks.dchannel-surge", "proposal-as-drawn",
        **quick, **{"exchange.delay": SECOND, "exchange.line.window": 60, "gateways.line.window": 60},
    )  # fmt: skip
    assert near["failed", "trunk-dead"] == 0 < far["failed", "trunk-dead"]
    assert wide["failed", "trunk-dead"] < far["failed", "trunk-dead"], "the window is what keeps them waiting"


FLAP = "trunks.dchannel-flap"
DEAF_TO_EACH_OTHER: dict[str, Value] = {"gateways.line.status_enquiry": False, "exchange.line.status_enquiry": False}


def stuck(*more: Fault, **figures: Value) -> int:
    """Timeslots that the gateways still hold after callers hung up in a flap of the D-channel, and whatever follows."""
    spec = site("proposal-as-drawn")
    for path, value in figures.items():
        spec = spec.with_figure(path, value)
    (scenario,) = scenarios_of([FLAP])
    scenario = msgspec.structs.replace(scenario, faults=(*scenario.faults, *more))
    log = to_memory(items([scenario], [spec], seed=7)[0], VirtualTarget())
    held = [e for e in log.of(Kind.DEVICE_HOLDS) if e.subject.startswith("gateway") and e.data["what"] == "timeslots"]
    return sum(int(e.data["count"]) for e in held)


def test_a_release_lost_in_a_flap_is_found_by_the_question_of_the_other_end() -> None:
    assert stuck() == 0
    assert stuck(**{"exchange.line.status_enquiry": False}) == 0, "who still has the call has to ask"
    assert stuck(**DEAF_TO_EACH_OTHER) > 0


def test_a_stuck_channel_is_freed_by_a_reset_of_the_channels() -> None:
    """The gateway starts anew and says RESTART: it knows no call, and neither does the exchange after that."""
    again = Fault(FaultKind.CRASH, "gateways.1", at=Ns(150 * SECOND), lasting=Ns(SECOND))
    assert stuck(again, **DEAF_TO_EACH_OTHER) == 0
