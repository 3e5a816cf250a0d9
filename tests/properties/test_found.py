"""Faults that the random schedules found: each plan by hand, as small as it gets, and what must hold at its end.

Every one of them left something behind, or judged something wrongly, before the rule beside it was written.
"""

import pytest

from simtel.core.causes import NOT_DIALLED
from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.scenario.spec import Fault, Load, Trigger
from tests.properties.breaches import breaches
from tests.properties.plans import Draw
from tests.properties.world import World, live, scenario_of, site_of

NEVER = 10_000.0


def s(seconds: float) -> Ns:
    return Ns(round(seconds * SECOND))


def fault(kind: FaultKind, subject: str, at: float, lasting: float | None = None, **more: object) -> Fault:
    return Fault(kind, subject, s(at), None, None if lasting is None else s(lasting), **more)  # type: ignore[arg-type]


TALKS = Load("full-occupancy", ramp=s(10), hold=s(60))
IN = Load("poisson", rate=0.5, length=s(60), talk=s(20))
OUT = Load("poisson", rate=0.5, length=s(60), talk=s(20), outbound=1.0)
CRASH, LINK, POWER = FaultKind.CRASH, FaultKind.LINK_DOWN, FaultKind.POWER_LOST
DRAWN, HOUSED, TODAY, BARE = "proposal-as-drawn", "as-quoted-one-e1-each", "today", "option-2-all-there-is"

PLANS = {
    # the ground
    "one unit crashes twice": Draw(
        DRAWN, 2, {}, IN, (fault(CRASH, "gateways.2", 10), fault(CRASH, "gateways.2", 20)), 1
    ),
    "both devices of one box crash": Draw(
        HOUSED, 2, {}, IN, (fault(CRASH, "servers.2", 10), fault(CRASH, "gateways.2", 20)), 1
    ),
    "a crashed unit loses its power too": Draw(
        TODAY, 2, {}, IN, (fault(CRASH, "gateways.1", 10), fault(POWER, "feeds.1", 20)), 1
    ),
    "a port dies on which nothing hangs": Draw(
        TODAY, 2, {}, IN, (fault(FaultKind.PORT_DEAD, "boards.1", 10, unit=9),), 1
    ),
    # seats
    "an agent whose seat was switched off logs in again": Draw(
        BARE, 1, {}, Load("poisson", rate=0.02, length=s(300), talk=s(2)), (fault(CRASH, "seats.1", 4, 1),), 1
    ),
    "a server is deaf while an agent reports ready": Draw(
        DRAWN, 2, {}, IN, (fault(FaultKind.HANG, "servers.active", 20, 40),), 1
    ),
    "the LAN of the only server is pulled while agents dial": Draw(
        TODAY, 3, {}, OUT, (fault(LINK, "servers.1", 12),), 1
    ),
    "a console crashes while its call is on hold": Draw(
        BARE, 2, {}, Load("poisson", rate=0.5, length=s(60), talk=s(20), held=1.0),
        tuple(fault(CRASH, f"seats.{n}", 30, 50) for n in (1, 2)), 1,
    ),
    "a talk that the new server does not know ends": Draw(
        DRAWN, 4, {"servers__media__talk": "direct"}, TALKS,
        (fault(FaultKind.REPLICATION_LOST, "servers.1", 1), fault(CRASH, "servers.active", 30)), 1,
    ),
    # orders, attempts, gateways
    "one agent is told to dial more than he can": Draw(
        DRAWN, 1, {}, Load("poisson", rate=2.0, length=s(60), outbound=1.0), (), 1
    ),
    "gateways register late in a rush": Draw(
        DRAWN, 100, {"gateways__registration__mode": "vip"},
        Load("burst", calls=203, length=s(20), hold=s(24), rate=0.1, outbound=0.3, talk=s(20)), (), 600,
    ),
    "phones that register with a server that does not serve": Draw(
        DRAWN, 4, {"phones__registration__mode": "successive", "servers__replication__agents": False}, IN,
        (fault(POWER, "feeds.1", 29, 20), fault(LINK, "seats.4", 0.4)), 1,
    ),
    # the pair
    "a split pair comes together again": Draw(
        DRAWN, 10, {}, Load("full-occupancy", ramp=s(15), hold=s(73), rate=0.1, outbound=1.0, talk=s(20)),
        (fault(FaultKind.HEARTBEAT_LOST, "servers.1", 55.8),), 1,
    ),
    "a split pair with one address comes together again": Draw(
        HOUSED, 4, {"gateways__registration__mode": "vip"}, IN,
        (fault(FaultKind.HEARTBEAT_LOST, "servers.1", 20, 20),), 1,
    ),
    "a server is switched off by its peer after the last repair": Draw(
        "as-quoted-two-e1-active", 4, {"servers__election__fencing": "power"},
        Load("burst", calls=1, length=s(28), hold=s(17), rate=0.5, outbound=0.3, held=0.5, talk=s(20)),
        (
            fault(POWER, "feeds.1", 24.8, 5),
            Fault(FaultKind.LATENT, "servers.1", None, Trigger("dialog.request", 3, Ns(20 * MS)), s(20)),
        ), 23,
    ),
    "a server stalls while two devices wait to be registered": Draw(
        DRAWN, 34, {}, Load("poisson", rate=0.1, length=s(10)), (fault(FaultKind.STALL, "servers.active", 0.4, 5),), 1
    ),
    "a module lifts a line for a call that was given up meanwhile": Draw(
        "as-quoted-with-loop-lines", 3, {"consoles__registration__mode": "flows"},
        Load("burst", calls=4, length=s(1), hold=s(1), rate=0.1, outbound=1.0, held=1.0, talk=s(20)),
        (Fault(LINK, "servers.active", None, Trigger("media.interrupted", 1, Ns(0)), s(60)),), 942,
    ),
    "a module answers a caller who has just given up": Draw(
        "as-quoted-with-loop-lines", 2, {"people__queue_patience": s(10)},
        Load("poisson", rate=1.0, length=s(60), talk=s(10)), (), 5,
    ),
    "a fault is due after the last repair": Draw(
        TODAY, 2, {}, Load("poisson", rate=0.1, length=s(10)),
        (Fault(FaultKind.STALL, "servers.1", None, Trigger("load.ended", 1, s(107))),), 1,
    ),
    # trunks
    "one end of an E1 takes its D-channel down and the other does not": Draw(
        "as-quoted-two-e1-active", 37,
        {"exchange__line__alarm_drops_dchannel": True, "gateways__line__alarm_drops_dchannel": False},
        Load("burst", calls=73, length=s(20), hold=s(24), rate=0.5, talk=s(20)),
        (
            fault(FaultKind.SPAN_CUT, "spans.2", 53.4, 5),
            fault(FaultKind.HEARTBEAT_LOST, "servers.1", 35.4, 1),
            Fault(FaultKind.HANG, "servers.active", None, Trigger("call.queued", 14, Ns(20 * MS)), s(60)),
        ), 307,
    ),
    "a caller who is called out when one end alone has dropped the call": Draw(
        HOUSED, 25, {"exchange__line__alarm_drops_dchannel": True, "gateways__line__alarm_drops_dchannel": False},
        Load("poisson", rate=0.5, length=s(90), outbound=0.3, recorded=0.5, priority=0.3, held=0.5, talk=s(20)),
        (
            fault(FaultKind.SPAN_CUT, "spans.1", 58.659880066, 20),
            fault(FaultKind.SPAN_CUT, "spans.2", 58.713495522, 3),
            fault(FaultKind.SPAN_CUT, "spans.1", 14.710259478, 5),
            fault(FaultKind.SPAN_CUT, "spans.1", 59.762410015, 3),
            fault(CRASH, "servers.active", 64.229264458, 5),
        ), 855,
    ),
    "a pair that splits while the active server hangs": Draw(
        "as-quoted-two-e1-active", 10,
        {"exchange__line__alarm_drops_dchannel": True, "gateways__line__alarm_drops_dchannel": False},
        Load("poisson", rate=0.5, length=s(90), recorded=0.5, priority=0.3, held=0.5, talk=s(20)),
        (
            fault(FaultKind.SPAN_CUT, "spans.1", 51.680191108, 20),
            fault(FaultKind.SPAN_CUT, "spans.1", 13.939004930, 40),
            fault(FaultKind.SPAN_CUT, "spans.2", 73.197202748, 10),
            fault(FaultKind.SPAN_CUT, "spans.2", 23.616227831, 25),
            fault(FaultKind.HANG, "servers.active", 46.985420963, 60),
            fault(FaultKind.HEARTBEAT_LOST, "servers.1", 53.926861198, 30),
        ), 267,
    ),
    "a call on hold that a split pair leads to another seat": Draw(
        DRAWN, 25, {"exchange__line__alarm_drops_dchannel": True, "gateways__line__alarm_drops_dchannel": False},
        Load("burst", calls=50, length=s(20), hold=s(60), rate=0.5, recorded=0.5, priority=0.3, held=0.5, talk=s(20)),
        (
            fault(FaultKind.SPAN_CUT, "spans.1", 24.260988289, 40),
            fault(FaultKind.SPAN_CUT, "spans.1", 10.446720594, 40),
            fault(FaultKind.SPAN_CUT, "spans.2", 44.808242340, 1),
            fault(CRASH, "servers.active", 57.745697582, 60),
            fault(FaultKind.HEARTBEAT_LOST, "servers.1", 39.098737266, 30),
        ), 792,
    ),
    # people
    "people who would talk for hours": Draw(DRAWN, 4, {}, Load("poisson", rate=0.5, length=s(20), talk=s(7200)), (), 1),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_nothing_is_left_behind(name: str) -> None:
    plan = PLANS[name]
    assert breaches(live(plan.spec, plan.scenario, plan.seed), plan.scenario) == []


def of(world: World, kind: Kind, **data: object) -> int:
    """How many events of a kind with these fields."""
    return sum(data.items() <= event.data.items() for event in world.log.of(kind))


def test_orders_for_which_there_was_no_time_are_offered_and_refused() -> None:
    plan = PLANS["one agent is told to dial more than he can"]
    world = live(plan.spec, plan.scenario, plan.seed)
    offered = of(world, Kind.CALL_OFFERED, direction="out")
    (ended,) = world.log.of(Kind.LOAD_ENDED)
    assert ended.data["offered"] == offered > 90
    assert 0 < offered - of(world, Kind.CALL_REFUSED, by="seat.1", cause=NOT_DIALLED) < 20


def test_a_call_that_rings_at_the_crash_rings_again() -> None:
    """The new server's ring must not be forgotten together with the dead server's: the agent would be logged out."""
    crash = Fault(CRASH, "servers.active", None, Trigger("seat.rung", 4, Ns(300 * MS)))
    scenario = scenario_of(TALKS, crash)
    world = live(site_of(DRAWN, 4, people__answer_time=s(6)), scenario, 4)
    assert breaches(world, scenario) == []
    assert of(world, Kind.SEAT_TALKING) == 4


def first_after(world: World, kind: Kind, subject: str, after: float, **data: object) -> float:
    """When something was first seen of a unit after an instant, in seconds."""
    seen = (
        e.t for e in world.log.of(kind) if e.subject == subject and e.t >= s(after) and data.items() <= e.data.items()
    )
    return next(seen, Ns(round(NEVER * SECOND))) / SECOND


def test_a_feed_that_fails_twice_at_once_is_back_when_both_faults_are_over() -> None:
    scenario = scenario_of(IN, fault(POWER, "feeds.1", 10, 5), fault(POWER, "feeds.1", 12, 20))
    world = live(site_of(TODAY, 2), scenario)
    assert breaches(world, scenario) == []
    assert 52 <= first_after(world, Kind.REGISTRATION_MADE, "gateway.a", 10) < NEVER  # 32 s and 20 s to boot


def test_a_port_stays_dead_when_the_cable_on_it_is_plugged_again() -> None:
    port = fault(FaultKind.PORT_DEAD, "boards.1", 12, 40, unit=1)
    scenario = scenario_of(IN, fault(LINK, "seats.1", 10, 5), port)
    world = live(site_of(TODAY, 2), scenario)
    assert breaches(world, scenario) == []
    assert first_after(world, Kind.SEAT_PART, "seat.1", 10, part="phone", up=True) == 52
