"""Loads of kind `connections` as arrivals, and what they show on whole sites."""

from itertools import pairwise

import pytest

from simtel.core.clock import MINUTE, SECOND
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog
from simtel.core.quantity import Value
from simtel.core.streams import Streams
from simtel.devices.callers import Arrival
from simtel.profiles.spec import SiteSpec
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.scenario.spec import Load
from simtel.target.connections import connections
from simtel.target.plan import START_UP, load_length
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Verdict
from tests.run.sites import site

PACE = 3 * MINUTE
SOUGHT, PERMUTED = (Load("connections", calls=60, pace=PACE, order=order) for order in ("sought", "permuted"))


def changed(name: str, **figures: Value) -> SiteSpec:
    spec = site(name)
    for path, value in figures.items():
        spec = spec.with_figure(path.replace("__", "."), value)
    return spec


def offered(load: Load, spec: SiteSpec, seed: int = 7) -> list[Arrival]:
    return list(connections(load, spec, Streams(seed), lambda *_said: None))


@pytest.mark.parametrize("load", [SOUGHT, PERMUTED])
def test_a_call_every_pace_each_on_a_circuit_and_for_a_seat_of_its_own(load: Load) -> None:
    found = offered(load, site("saving-clos"))
    assert [one.at for one in found] == [START_UP + n * PACE for n in range(len(found))]
    assert all(one.circuit is not None and one.skill.startswith("seat.") for one in found)
    assert 3 < len(found) <= 60


def test_a_call_ends_half_a_pace_before_the_one_that_takes_its_place() -> None:
    found = offered(PERMUTED, site("today"))
    for before, after in ((a, b) for n, b in enumerate(found) for a in found[:n] if a.skill == b.skill):
        assert before.at + before.talk <= after.at - PACE // 2
    ends = sorted(one.at + one.talk for one in found)
    assert ends[-20:] == [load_length(PERMUTED)] * 20
    assert {end - start for start, end in pairwise(ends[:40])} == {PACE}


def test_same_seed_same_calls() -> None:
    assert offered(SOUGHT, site("today")) == offered(SOUGHT, site("today")) != offered(SOUGHT, site("today"), 8)


def run(scenario: str, spec: SiteSpec) -> tuple[EvidenceLog, Verdict]:
    (one,) = items(scenarios_of([scenario]), [spec], seed=7)
    log = to_memory(one, VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    return log, next(verdict for verdict in judge(log).verdicts if verdict.criterion == "blocking")


def said(verdict: Verdict) -> dict[str, object]:
    return {name: figure.value for name, figure in verdict.figures.items() if name.startswith("cause.")}


def test_the_search_finds_on_the_whole_site_what_it_found_on_paper() -> None:
    """Clos, m = 2n-2: the last call of the sequence is refused by the server for want of a middle switch, no other."""
    spec = site("saving-clos")
    log, verdict = run("switching.sought-refusal", spec)
    refused = log.of(Kind.CALL_REFUSED)
    assert {event.data["cause"] for event in refused} == {"middle-stage"}
    assert refused[0].t // PACE == offered(SOUGHT, spec)[-1].at // PACE
    assert verdict.outcome is Outcome.FAIL
    assert said(verdict) == {"cause.middle-stage": len(refused)}


ALL = "switching.non-blocking"
BOUND: list[tuple[str, str, str, dict[str, Value], dict[str, Value]]] = [
    # scenario, cause, site, one too few, just enough
    ("switching.sought-refusal", "middle-stage", "saving-clos", {}, {"switching__stages__middle": 7}),
    ("switching.sought-refusal", "middle-stage", "saving-clos", {"switching__routing": "packing"},
     {"switching__rearranges": True}),
    ("switching.sought-refusal", "middle-stage", "saving-clos", {"switching__routing": "cyclic"},
     {"switching__rearranges": True, "switching__stages__middle": 4}),
    ("switching.sought-refusal", "middle-stage", "saving-clos", {"switching__routing": "random"},
     {"switching__routing": "random", "switching__stages__middle": 7}),
    (ALL, "speech-memory", "timeslot-matrix", {"switching__memory__slots": 39}, {"switching__memory__slots": 40}),
    (ALL, "speech-memory", "timeslot-matrix", {"switching__memory__accesses": 639_999.0},
     {"switching__memory__accesses": 640_000.0}),
    (ALL, "fabric", "today", {"lan__forwarding__packets": 1_999.0}, {"lan__forwarding__packets": 2_000.0}),
    (ALL, "fabric", "today", {"lan__forwarding__bitrate": 20 * 87_200 - 1}, {"lan__forwarding__bitrate": 20 * 87_200}),
    (ALL, "core-channel", "today", {"licences__core-channel": 19}, {"licences__core-channel": 20}),
]  # fmt: skip


@pytest.mark.parametrize(("scenario", "cause", "name", "few", "enough"), BOUND)
def test_what_is_one_too_few_blocks_and_is_named_from_the_evidence_alone(
    scenario: str, cause: str, name: str, few: dict[str, Value], enough: dict[str, Value]
) -> None:
    _, short = run(scenario, changed(name, **few))
    assert short.outcome is Outcome.FAIL
    assert said(short).keys() == {f"cause.{cause}"}
    _, whole = run(scenario, changed(name, **enough))
    assert whole.outcome is Outcome.PASS
    assert said(whole) == {}


def test_what_no_search_finds_and_no_figure_excludes_is_no_pass() -> None:
    """n = 8, m = 14 and the lowest switch first: sixty calls are too few for it. With m = 15 Clos proves it."""
    stages: dict[str, Value] = {"switching__stages__inlets": 8, "switching__stages__outer": 8}
    log, verdict = run("switching.sought-refusal", changed("saving-clos", **stages, switching__stages__middle=14))
    (searched,) = log.of(Kind.FABRIC_SEARCHED)
    assert not searched.data["found"]
    assert not searched.data["never"]
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "no calls in an order that shows it" in str(verdict.reason)
    log, verdict = run("switching.sought-refusal", changed("saving-clos", **stages, switching__stages__middle=15))
    assert log.of(Kind.FABRIC_SEARCHED)[0].data["never"]
    assert verdict.outcome is Outcome.PASS


@pytest.mark.parametrize(("n", "m", "r"), [(8, 14, 8), (10, 18, 6)])
def test_larger_switches_one_middle_switch_short_are_refused_on_the_site(n: int, m: int, r: int) -> None:
    spec = changed("saving-clos", switching__stages__inlets=n, switching__stages__middle=m)
    spec = spec.with_figure("switching.stages.outer", r).with_figure("switching.routing", "cyclic")
    _, verdict = run("switching.sought-refusal", spec)
    assert verdict.outcome is Outcome.FAIL
    assert said(verdict).keys() == {"cause.middle-stage"}


def test_circuits_and_seats_without_a_port_are_refused_for_want_of_one() -> None:
    spec = changed("saving-clos", switching__stages__middle=7, switching__stages__outer=4)
    _, verdict = run("switching.sought-refusal", spec)
    assert verdict.outcome is Outcome.FAIL
    assert said(verdict).keys() == {"cause.fabric-port"}


@pytest.mark.parametrize("name", ["today", "timeslot-matrix", "saving-clos"])
def test_the_last_seat_is_filled_in_any_order(name: str) -> None:
    log, verdict = run("switching.last-connection", site(name))
    assert verdict.outcome is Outcome.PASS
    assert len(log.of(Kind.SEAT_TALKING)) == 60
    up = most = 0
    for event in log.events:
        up += (event.kind == Kind.SEAT_TALKING) - (event.kind == Kind.SEAT_LEFT)
        most = max(most, up)
    assert most == 20
    assert log.events[-1].t > 60 * PACE - MINUTE > SECOND
