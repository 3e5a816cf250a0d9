from collections.abc import Callable

import pytest

from simtel.core.clock import SECOND
from simtel.core.log import Limit
from simtel.core.problems import BadInput, Problem
from simtel.core.quantity import Unit
from simtel.scenario.limits import read_limits

GOOD = """\
simtel: limits/1
limits:
  failover-time:
    at_most: {value: 3s, basis: buyer, source: contract 4.2}
  stable-calls-preserved:
    at_least: {value: 99.9%, basis: buyer, source: contract 4.3}
  agent-capacity:
    at_least: {value: seats, basis: buyer, source: contract 5}
"""


def test_limits_are_read() -> None:
    limits = read_limits(GOOD.encode())
    assert limits["failover-time"] == {"at_most": Limit("at_most", 3 * SECOND, Unit.TIME, "buyer", "contract 4.2")}
    assert limits["stable-calls-preserved"]["at_least"].value == pytest.approx(0.999)
    assert limits["agent-capacity"]["at_least"].value == "seats"


BAD = [
    ("simtel: limits/1", "simtel: §scenario/1", "limits/1"),
    ("  failover-time:", "  §failover-tyme:", "unknown key"),
    ("    at_most: {value: 3s", "    §at_least: {value: 3s", "unknown key 'at_least'"),
    ("value: 3s", "value: §3", "bare value"),
    ("basis: buyer, source: contract 4.2", "basis: §wish, source: contract 4.2", "one of these is due"),
    ("at_most: {value: 3s, basis: buyer, source: contract 4.2}", "§at_most: {value: 3s, basis: buyer}",
     "'source' is missing"),
    ("at_most: {value: 3s, basis: buyer, source: contract 4.2}", "§at_most: 3s", "a mapping (key: value) is due"),
    ("value: 99.9%", "value: §101%", "more than everything"),
    ("  agent-capacity:", "  §promoted-once: {}\n  agent-capacity:", "unknown key 'promoted-once'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=[new[:40] for _, new, _ in BAD])
def test_bad_limits(complains: Callable[..., list[Problem]], old: str, new: str, message: str) -> None:
    complains(lambda text: read_limits(text, "limits.yaml"), GOOD, old, new, message)


def test_limits_of_nothing_are_refused() -> None:
    with pytest.raises(BadInput, match="sets no limit"):
        read_limits(b"simtel: limits/1\nlimits: {}\n")
