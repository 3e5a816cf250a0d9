"""A switching core that is one short: blocking fails it on the evidence alone and names what was wanting, each time
something else. The same site with one more passes, and the pass says how many attempts it rests on.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from simtel.core.log import read_log
from simtel.core.quantity import Value
from simtel.run.choose import scenarios_of
from simtel.run.once import to_file
from simtel.run.plan import items
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Verdict
from tests.run.sites import site

ALL, SOUGHT = "switching.non-blocking", "switching.sought-refusal"


class Short(NamedTuple):
    """On `name`, the figure that is one `short` leaves some call without `cause`; `enough` does not."""

    cause: str
    scenario: str
    name: str
    path: str
    short: Value
    enough: Value


SHORT = [
    # Clos, 1953: n = 4 ports at each outer switch, so that 2n-1 = 7 middle switches never block, and 2n-2 do.
    Short("middle-stage", SOUGHT, "saving-clos", "switching.stages.middle", 6, 7),
    # Twenty calls of 100 packets a second.
    Short("fabric", ALL, "today", "lan.forwarding.packets", 1_999.0, 2_000.0),
    Short("core-channel", ALL, "today", "licences.core-channel", 19, 20),
]


def verdict(one: Short, figure: Value, folder: Path) -> Verdict:
    """Of blocking, judged from the file: no site is at hand."""
    spec = site(one.name).with_figure(one.path, figure)
    (item,) = items(scenarios_of([one.scenario]), [spec], seed=7)
    to_file(item, VirtualTarget(), folder / "evidence.jsonl")
    return next(v for v in judge(read_log(folder / "evidence.jsonl")).verdicts if v.criterion == "blocking")


@pytest.mark.parametrize("one", SHORT, ids=[one.cause for one in SHORT])
def test_what_is_one_too_few_fails_blocking_and_is_named_in_its_reason(one: Short, tmp_path: Path) -> None:
    failed = verdict(one, one.short, tmp_path)
    assert failed.outcome is Outcome.FAIL
    assert f": {one.cause} " in str(failed.reason)
    assert [other.cause for other in SHORT if other.cause in str(failed.reason)] == [one.cause]


@pytest.mark.parametrize("one", SHORT, ids=[one.cause for one in SHORT])
def test_one_more_passes_and_the_pass_counts_the_attempts_behind_it(one: Short, tmp_path: Path) -> None:
    passed = verdict(one, one.enough, tmp_path)
    assert passed.outcome is Outcome.PASS
    behind = passed.figures["trunk-and-seat-free"].value
    assert f"{behind} had a free trunk and a free seat behind them" in str(passed.reason)
    assert isinstance(behind, int)
    assert behind >= 10
