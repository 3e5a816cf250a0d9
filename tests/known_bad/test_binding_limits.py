"""For each limit a site on which that one alone binds; the verdict names it from the log, with no site at hand."""

from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from simtel.core.events import Kind
from simtel.core.log import read_log
from simtel.core.quantity import Value
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.once import to_file
from simtel.run.plan import items
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome


class Bound(NamedTuple):
    """On `site` with these figures, `waiting` callers beyond the seats: only `cause` keeps more from being served."""

    cause: str
    figures: dict[str, Value]
    waiting: int = 10
    site: str = "proposal-as-drawn"
    parts: str = "grown"
    seats: int = 20


BOUNDS = [
    Bound("trunk", {"servers.limits.attempts": 50.0}, waiting=60, site="today"),
    Bound("core-channel", {"licences.core-channel": 15}),
    Bound("agent-licence", {"licences.agent": 12}),
    Bound("recording-channel", {"licences.recording": 5}),
    Bound(
        "adapter-port",
        {"licences.agent": 30, "licences.recording": 30},
        site="as-quoted-one-e1-each",
        parts="as-quoted",
        seats=30,
        waiting=0,
    ),
    Bound("ivr-port", {"servers.limits.ivr": 1}),
    Bound("queue", {"servers.limits.queue": 3}),
    Bound("setups", {"gateways.limits.setups": 0.2, "servers.limits.attempts": 50.0}, site="public-smg-4"),
    Bound(
        "attempts", {"servers.limits.attempts": 0.5, "servers.limits.backlog": 10**8, "servers.overload_control": True}
    ),
]


@pytest.mark.parametrize("bound", BOUNDS, ids=[bound.cause for bound in BOUNDS])
def test_the_limit_that_alone_binds_is_named_from_the_log(bound: Bound, tmp_path: Path) -> None:
    (site,) = sites_of([bound.site], [bound.seats], bound.parts)
    for path, value in bound.figures.items():
        site = site.with_figure(path, value)
    (scenario,) = scenarios_of(["capacity.all-seats-busy"])
    load = msgspec.structs.replace(scenario.load, waiting=bound.waiting, recorded=1.0)
    (item,) = items([msgspec.structs.replace(scenario, load=load)], [site], seed=7)
    to_file(item, VirtualTarget(), tmp_path / "evidence.jsonl")
    log = read_log(tmp_path / "evidence.jsonl")
    refused = log.of(Kind.CALL_REFUSED, Kind.AGENT_REFUSED, Kind.RECORDING_REFUSED)
    assert {event.data["cause"] for event in refused} == {bound.cause}
    verdict = next(v for v in judge(log).verdicts if v.criterion == "agent-capacity")
    said = str([verdict.reason, *verdict.notes])
    assert bound.cause in said
    assert (verdict.outcome is Outcome.PASS) == (bound.cause in ("recording-channel", "queue", "trunk"))
