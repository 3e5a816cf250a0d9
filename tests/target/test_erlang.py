"""Loss on 30 and 60 circuits is that of Erlang B, the queue that of Erlang C and A, within a 95 % interval.

Enough seats and licences, nobody dials again: then circuits alone are scarce, and the law of the holding time does not
matter. Calls that are lost come in clusters, so the interval is that of the means of ten parts of the run, not that of
single calls. The formulas stand here by themselves, so that the model is not compared with anything that it uses.
"""

from statistics import mean, stdev

import msgspec
import pytest

from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.scenario.spec import Load
from simtel.verdict.census import calls
from tests.properties.world import live, scenario_of, site_of

PARTS, T95 = 10, 2.306  # Student's t for the eight degrees of freedom of nine parts, two-sided
HOUR = 3600 * SECOND


def interval(parts: list[list[bool]]) -> tuple[float, float]:
    """Mean and half width of the share in the parts but the first, which fills the site."""
    shares = [mean(part) for part in parts[1:]]
    return mean(shares), T95 * stdev(shares) / len(shares) ** 0.5


def erlang_b(circuits: int, offered: float) -> float:
    """Share of calls lost when `offered` erlang meet so many circuits (A. K. Erlang)."""
    loss = 1.0
    for n in range(1, circuits + 1):
        loss = offered * loss / (n + offered * loss)
    return loss


def test_the_formula_gives_the_figures_of_the_tables() -> None:
    for circuits, offered, loss in ((30, 20.34, 0.01), (60, 46.95, 0.01), (60, 40.79, 0.001), (30, 24.80, 0.05)):
        assert erlang_b(circuits, offered) == pytest.approx(loss, rel=0.01)


@pytest.mark.parametrize(("spans", "rate"), [((1,), 0.75), ((1, 1), 1.55)])
def test_loss_is_that_of_erlang_b(spans: tuple[int, ...], rate: float) -> None:
    site = site_of("proposal-as-drawn", 100, people__redial=0.0, people__wrap_up=SECOND, people__ivr_time=10 * SECOND)
    layout = msgspec.structs.replace(site.layout, gateways=len(spans), spans=spans)
    site = msgspec.structs.replace(site, layout=layout)
    load = Load("poisson", rate=rate, length=Ns(HOUR), talk=Ns(20 * SECOND))
    log = live(site, scenario_of(load), rest=False).log
    lost: list[list[bool]] = [[] for _ in range(PARTS)]
    for call in calls(log).values():
        lost[call.offered[0].t * PARTS // HOUR].append(call.trouble == "trunk")
    share, half = interval(lost)
    freed = {event.call: event.t for event in log.of(Kind.TRUNK_FREED)}
    held = mean(freed[event.call] - event.t for event in log.of(Kind.TRUNK_SEIZED)) / SECOND
    due = erlang_b(30 * sum(spans), rate * held)
    print(f"{30 * sum(spans)} circuits, {rate * held:.2f} E: {share:.4f} +- {half:.4f}, Erlang B {due:.4f}")
    assert 0.01 < due < 0.2
    assert abs(share - due) <= half


def erlang_wait(agents: int, offered: float, impatience: float) -> float:
    """Share of callers who must wait: Erlang C for `impatience` 0, else Erlang A (C. Palm): the mean talk over the mean
    patience."""
    weights, weight = [1.0], 1.0
    for n in range(1, agents + 400):
        weight *= offered / (min(n, agents) + max(0, n - agents) * impatience)
        weights.append(weight)
    return sum(weights[agents:]) / sum(weights)


@pytest.mark.parametrize(("patience", "rate", "law"), [(100_000, 0.70, "C"), (60, 0.90, "A")])
def test_the_share_of_callers_who_wait_is_that_of_erlang(patience: int, rate: float, law: str) -> None:
    quick = {"people__answer_time": SECOND // 1000, "people__wrap_up": SECOND // 1000, "people__ivr_time": SECOND}
    site = site_of("proposal-as-drawn", 20, people__redial=0.0, people__queue_patience=patience * SECOND, **quick)
    talk, length = 20, 4 * HOUR
    load = Load("poisson", rate=rate, length=Ns(length), talk=Ns(talk * SECOND))
    log = live(site, scenario_of(load), rest=False).log
    waited: list[list[bool]] = [[] for _ in range(PARTS)]
    for call in calls(log).values():
        waited[call.offered[0].t * PARTS // length].append(call.queued is not None)
    share, half = interval(waited)
    rung: dict[str, int] = {}
    busy: list[int] = []  # from the ring until the agent is ready again: what the queue sees of a call
    for event in log.of(Kind.SEAT_RUNG, Kind.AGENT_STATE):
        if event.kind == Kind.SEAT_RUNG:
            rung[event.subject] = event.t
        elif event.data["state"] == "ready" and event.subject in rung:
            busy.append(event.t - rung.pop(event.subject))
    held = mean(busy) / SECOND
    due = erlang_wait(20, rate * held, 0.0 if law == "C" else held / patience)
    print(f"20 agents, {rate * held:.2f} E: {share:.4f} +- {half:.4f} wait, Erlang {law} {due:.4f}")
    assert 0.05 < due < 0.9
    assert abs(share - due) <= half
