from typing import Any

import pytest

from simtel.core.clock import MINUTE, SECOND, Ns
from simtel.core.faults import FaultKind
from simtel.core.timers import TimerHeap
from simtel.devices.alarms import LOF
from simtel.devices.ground import Ground
from simtel.devices.messages.operation import Cables
from simtel.devices.messages.physics import (
    ClockSet,
    DiskFull,
    Hang,
    PartState,
    Signal,
    Slip,
    Slow,
    Sound,
    Unacknowledged,
    Unanswered,
)
from simtel.devices.messages.trunk import Proceeding
from simtel.devices.plane import MediaPlane
from simtel.devices.wiring import Wiring
from simtel.protocols.election import Claim, Fence
from tests.devices.recorder import live

A, B, GA, GB = "server.a", "server.b", "gateway.a", "gateway.b"
BOOT = {A: 60 * SECOND, B: 60 * SECOND, GA: 90 * SECOND, GB: 90 * SECOND, "switch.1": 30 * SECOND}
BOOT |= {"board.1": 20 * SECOND, "seat.1/console": 40 * SECOND, "seat.2/console": 40 * SECOND}


class Site:
    """Two servers, two gateways with a span each, two switches and feeds, a board with two seats; all of it works."""

    def __init__(self, housed: bool = False, **settings: Any) -> None:
        self.wiring = Wiring(1, 1, 1)
        self.told: list[tuple[str, object]] = []
        self.stopped: list[str] = []
        self.started: list[tuple[str, int]] = []
        self.plane = MediaPlane(self.wiring.reaches, self.tell)
        self.ground = ground = Ground(self.wiring, self.plane, self, TimerHeap())
        for element in (A, B, GA, GB, "board.1", "station", "watch"):
            self.wiring.hang(element, "switch.1", "switch.2")
        for n in (1, 2):
            for part, parents in (("phone", ("board.1",)), ("console", ("switch.1", "switch.2"))):
                element = f"seat.{n}/{part}"
                self.wiring.hang(element, *parents)
                ground.parts[element] = (f"seat.{n}", part)
            self.wiring.hang(f"seat.{n}", f"seat.{n}/phone", f"seat.{n}/console")
            ground.boards.ports[("board.1", n)] = f"seat.{n}/phone"
        self.wiring.plug("span.1", GA)
        self.wiring.plug("span.2", GB)
        self.wiring.holder = A
        ground.boot = dict(BOOT)
        ground.hosted = frozenset((A, B, GA, GB))
        ground.feeds = dict.fromkeys((A, GA, "switch.1"), ("feed.1",)) | dict.fromkeys((B, GB, "switch.2"), ("feed.2",))
        if housed:
            for server, gateway in ((A, GA), (B, GB)):
                ground.boxes[server] = ground.boxes[gateway] = (server, gateway)
                self.wiring.house(server, server)
                self.wiring.house(gateway, server)
        for name, value in settings.items():
            owners = (ground, ground.boards, ground.clocks, ground.cables)
            setattr(next(owner for owner in owners if hasattr(owner, name)), name, value)

    def tell(self, device: str, message: object) -> None:
        self.told.append((device, message))

    def stop(self, device: str) -> None:
        self.stopped.append(device)

    def start(self, device: str, now: Ns) -> None:
        self.started.append((device, now // SECOND))

    def strike(self, kind: FaultKind, subject: str, unit: int | None = None, at: float = 0) -> list[tuple[str, object]]:
        self.told.clear()
        self.ground.strike(kind, subject, unit, 7 * SECOND, Ns(round(at * SECOND)))
        return self.told[:]

    def undo(self, kind: FaultKind, subject: str, unit: int | None = None, at: float = 0) -> list[tuple[str, object]]:
        self.told.clear()
        self.ground.undo(kind, subject, unit, Ns(round(at * SECOND)))
        return self.told[:]

    def until(self, second: float) -> list[tuple[str, object]]:
        self.told.clear()
        live(self.ground, round(second * SECOND))
        return self.told[:]


def call(site: Site, *hops: str) -> None:
    site.plane.connect("c1", ("span.1", GA, *hops))


def test_a_crash_stops_the_unit_and_all_that_passed_through_it_and_it_starts_again_after_its_boot_time() -> None:
    site = Site()
    call(site, A, "seat.1/console")
    assert site.strike(FaultKind.CRASH, A) == [("exchange", Sound("c1", False)), ("seat.1", Sound("c1", False))]
    assert site.stopped == [A]
    assert not site.wiring.route(GA, A).up
    site.undo(FaultKind.CRASH, A, at=100)
    site.until(159)
    assert site.started == []
    assert site.until(160) == [], "what passed through it stays silent"
    assert site.started == [(A, 160)]
    assert site.wiring.route(GA, A).up
    assert not site.plane.flows("c1")


def test_after_the_scenario_nobody_waits_for_a_boot() -> None:
    site = Site(hurried=True)
    site.strike(FaultKind.CRASH, A)
    site.undo(FaultKind.CRASH, A, at=100)
    site.until(100)
    assert site.started == [(A, 100)]


def test_a_crash_of_a_gateway_is_a_dead_span_for_the_exchange_alone() -> None:
    site = Site()
    assert site.strike(FaultKind.CRASH, GA) == [("exchange", Signal("span.1", False))]
    site.undo(FaultKind.CRASH, GA, at=100)
    assert site.until(189) == []
    assert site.until(190) == [("exchange", Signal("span.1", True)), (GA, Signal("span.1", True))]


def test_server_and_gateway_of_one_box_go_and_come_together() -> None:
    site = Site(housed=True)
    site.strike(FaultKind.CRASH, A)
    assert site.stopped == [A, GA]
    site.undo(FaultKind.CRASH, A)
    site.until(89)
    assert site.started == []
    site.until(90)
    assert site.started == [(A, 90), (GA, 90)]


def test_a_crashed_board_is_felt_by_each_phone_on_it() -> None:
    site = Site()
    dead = [(f"seat.{n}", PartState("phone", False)) for n in (1, 2)]
    assert site.strike(FaultKind.CRASH, "board.1") == dead
    assert site.stopped == [], "no machine of its own"
    site.undo(FaultKind.CRASH, "board.1")
    assert site.until(19) == []
    assert site.until(20) == [(f"seat.{n}", PartState("phone", True)) for n in (1, 2)]


def test_a_crashed_seat_loses_its_parts_and_they_return_together() -> None:
    site = Site()
    assert set(site.strike(FaultKind.CRASH, "seat.1")) == {
        ("seat.1", PartState(part, False)) for part in ("phone", "console")
    }
    site.undo(FaultKind.CRASH, "seat.1")
    assert site.until(39) == []
    assert set(site.until(40)) == {("seat.1", PartState(part, True)) for part in ("phone", "console")}


def test_one_dead_switch_of_two_is_felt_by_nobody_and_both_by_all() -> None:
    site = Site()
    call(site, "seat.1/phone")
    assert site.strike(FaultKind.CRASH, "switch.1") == []
    told = site.strike(FaultKind.CRASH, "switch.2")
    assert ("exchange", Sound("c1", False)) in told
    assert sum(isinstance(message, PartState) for _, message in told) == 4
    assert site.stopped == []


def test_a_hang_stops_nothing_and_cuts_no_speech() -> None:
    site = Site()
    call(site, A)
    assert site.strike(FaultKind.HANG, A) == [(A, Hang(True))]
    assert site.plane.flows("c1")
    assert site.wiring.whole
    assert site.undo(FaultKind.HANG, A) == [(A, Hang(False))]


def test_a_server_that_died_meanwhile_is_not_told_to_go_on() -> None:
    site = Site()
    site.strike(FaultKind.HANG, A)
    site.strike(FaultKind.CRASH, A)
    assert site.undo(FaultKind.HANG, A) == []


def test_a_pulled_link_leaves_the_unit_running_with_its_direct_cable() -> None:
    site = Site()
    call(site, A)
    direct = site.wiring.route(A, f"{B}/hb1")
    assert site.strike(FaultKind.LINK_DOWN, A) == [("exchange", Sound("c1", False))]
    assert site.stopped == []
    assert direct.up
    assert not site.wiring.route(A, f"{B}/hb2").up
    assert site.undo(FaultKind.LINK_DOWN, A) == [("exchange", Sound("c1", True))]
    assert site.wiring.route(A, f"{B}/hb2").up


def test_a_pulled_link_of_a_gateway_keeps_its_spans() -> None:
    site = Site()
    assert site.strike(FaultKind.LINK_DOWN, GA) == []
    assert site.wiring.signal("span.1")
    assert not site.wiring.route(GA, "service").up


@pytest.mark.parametrize("kind", [FaultKind.HEARTBEAT_LOST, FaultKind.REPLICATION_LOST])
def test_lost_paths_between_servers_stop_nothing(kind: FaultKind) -> None:
    site = Site()
    paths = ("hb1", "hb2") if kind is FaultKind.HEARTBEAT_LOST else ("repl",)
    others = {"hb1", "hb2", "repl"} - set(paths)
    routes = {path: site.wiring.route(A, f"{B}/{path}") for path in ("hb1", "hb2", "repl")}
    assert site.strike(kind, A) == []
    assert [routes[path].up for path in paths] == [False] * len(paths)
    assert all(routes[path].up for path in others)
    assert site.wiring.route(A, B).up
    site.undo(kind, A)
    assert all(route.up for route in routes.values())
    assert site.stopped == []


def test_late_replication_takes_longer_by_its_delay() -> None:
    site = Site()
    route = site.wiring.route(A, f"{B}/repl")
    site.strike(FaultKind.REPLICATION_LATE, A)
    assert (route.up, route.delay) == (True, 1 + 7 * SECOND)
    site.undo(FaultKind.REPLICATION_LATE, A)
    assert route.delay == 1


@pytest.mark.parametrize(("at", "found"), [(10, 100), (99, 100), (100, 200), (150, 200)])
def test_a_latent_fault_is_found_by_the_next_standby_test(at: int, found: int) -> None:
    site = Site(test_interval=100 * SECOND)
    site.strike(FaultKind.LATENT, B, at=at)
    assert site.stopped == [B]
    site.until(found + 59)
    assert site.started == []
    site.until(found + 60)
    assert site.started == [(B, found + 60)]
    assert site.undo(FaultKind.LATENT, B, at=found + 61) == []
    site.until(10_000)
    assert len(site.started) == 1


@pytest.mark.parametrize(
    ("kind", "errors", "every", "ends"),
    [
        (FaultKind.CLOCK_TWO_MASTERS, (32_000_000, 0), 3_906_250_000, ("exchange", GA)),  # 32 ppm: 3.9 s
        (FaultKind.CLOCK_TWO_MASTERS, (4_600_000, 10), 27_173_853_969, ("exchange", GA)),  # 4.6 ppm: 27.2 s
        (FaultKind.CLOCK_TWO_MASTERS, (10, 10), 6_250_000 * SECOND, ("exchange", GA)),  # G.811 twice: 72 days
        (FaultKind.CLOCK_TWO_MASTERS, (0, 0), 0, ()),
        (FaultKind.CLOCK_TWO_SLAVES, (4_600_000, 10), 2_500_000_000, ("exchange",)),  # 50 ppm: 2.5 s
    ],
)
def test_two_clocks_slip_when_they_have_come_apart_by_a_frame(
    kind: FaultKind, errors: tuple[int, int], every: int, ends: tuple[str, ...]
) -> None:
    site = Site()
    site.ground.clocks.errors = errors
    site.strike(kind, "span.1")
    if not ends:
        assert len(site.ground.timers) == 0
        return
    far = {"exchange": GA, GA: "exchange"}
    told = [(who, Slip("span.1", here)) for end in ends for who, here in ((end, True), (far[end], False))]
    for n in (1, 2):
        assert site.until((n * every - 1) / SECOND) == []
        assert site.until(n * every / SECOND) == told
    site.strike(FaultKind.SPAN_CUT, "span.1", at=2 * every / SECOND)
    assert not [m for _, m in site.until(3 * every / SECOND) if isinstance(m, Slip)], "no frame, no slip"
    site.undo(kind, "span.1", at=3 * every / SECOND)
    assert len(site.ground.timers) == 0
    assert site.stopped == []


def test_a_latent_fault_undone_before_the_test() -> None:
    site = Site(test_interval=100 * SECOND)
    site.strike(FaultKind.LATENT, B, at=10)
    site.undo(FaultKind.LATENT, B, at=20)
    site.until(1000)
    assert site.started == [(B, 80)]


def test_a_cut_span_is_felt_at_both_ends_and_stops_nothing() -> None:
    site = Site()
    assert site.strike(FaultKind.SPAN_CUT, "span.1") == [
        ("exchange", Signal("span.1", False)),
        (GA, Signal("span.1", False)),
    ]
    assert site.stopped == []
    assert site.undo(FaultKind.SPAN_CUT, "span.1") == [
        ("exchange", Signal("span.1", True)),
        (GA, Signal("span.1", True)),
    ]


@pytest.mark.parametrize(
    ("kind", "exchange", "gateway"),
    [
        (FaultKind.SPAN_DEAF, "rai", "los"),
        (FaultKind.SPAN_MUTE, "los", "rai"),
        (FaultKind.SPAN_AIS, "ais", "ais"),
        (FaultKind.SPAN_LOF, "lof", "lof"),
        (FaultKind.SPAN_TS16, "t16ais", "t16ais"),
    ],
)
def test_each_defect_of_a_span_is_seen_at_both_ends_in_its_own_way(
    kind: FaultKind, exchange: str, gateway: str
) -> None:
    site = Site()
    struck = [("exchange", Signal("span.1", False, exchange)), (GA, Signal("span.1", False, gateway))]
    assert site.strike(kind, "span.1") == struck
    los = [("exchange", Signal("span.1", False, "los")), (GA, Signal("span.1", False, "los"))]
    assert site.strike(FaultKind.SPAN_CUT, "span.1") == los
    assert site.undo(FaultKind.SPAN_CUT, "span.1") == struck
    assert site.undo(kind, "span.1") == [("exchange", Signal("span.1", True)), (GA, Signal("span.1", True))]
    assert site.stopped == []


@pytest.mark.parametrize(
    ("kind", "subject", "unit", "seat", "part"),
    [
        (FaultKind.PORT_DEAD, "board.1", 2, "seat.2", "phone"),
        (FaultKind.CONSOLE_CRASH, "seat.1", None, "seat.1", "console"),
        (FaultKind.HEADSET_LOST, "seat.1", None, "seat.1", "phone"),
    ],
)
def test_parts_of_a_seat_fail_alone(kind: FaultKind, subject: str, unit: int | None, seat: str, part: str) -> None:
    site = Site()
    assert site.strike(kind, subject, unit) == [(seat, PartState(part, False))]
    assert site.undo(kind, subject, unit) == [(seat, PartState(part, True))]


def test_a_feed_takes_along_what_hangs_on_it_alone_and_all_of_it_together() -> None:
    site = Site()
    site.ground.feeds[B] = ("feed.1", "feed.2")
    told = site.strike(FaultKind.POWER_LOST, "feed.1")
    assert site.stopped == [GA, A]
    assert told == [("exchange", Signal("span.1", False))]
    assert not site.wiring.alive("switch.1")
    site.undo(FaultKind.POWER_LOST, "feed.1")
    site.until(30)
    assert site.wiring.alive("switch.1")
    site.until(100)
    assert site.started == [(A, 60), (GA, 90)]


def test_what_hangs_on_two_feeds_stops_with_the_second() -> None:
    site = Site()
    site.ground.feeds = {B: ("feed.1", "feed.2")}
    site.strike(FaultKind.POWER_LOST, "feed.1")
    assert site.stopped == []
    site.strike(FaultKind.POWER_LOST, "feed.2")
    assert site.stopped == [B]
    site.undo(FaultKind.POWER_LOST, "feed.1")
    site.until(60)
    assert site.started == [(B, 60)]
    assert site.undo(FaultKind.POWER_LOST, "feed.2", at=70) == []
    site.until(1000)
    assert site.started == [(B, 60)]


def test_power_returns_to_both_halves_of_a_box_at_once() -> None:
    site = Site(housed=True)
    site.strike(FaultKind.POWER_LOST, "feed.1")
    site.undo(FaultKind.POWER_LOST, "feed.1")
    site.until(1000)
    assert site.started == [(A, 90), (GA, 90)]


# --- what servers ask of the ground


def test_the_service_address_goes_to_who_claims_it() -> None:
    site = Site()
    route = site.wiring.route(GA, "service")
    site.ground.receive(Claim(B), Ns(5))
    assert (site.wiring.holder, route.node) == (B, B)


@pytest.mark.parametrize(("holder", "becomes"), [(A, A), ("", B)])
def test_an_address_that_does_not_move_stays_with_its_first_owner(holder: str, becomes: str) -> None:
    site = Site(moving_address=False)
    site.wiring.holder = holder
    site.ground.receive(Claim(B), Ns(5))
    assert site.wiring.holder == becomes


def test_fencing_switches_the_peer_off_once() -> None:
    site = Site()
    site.ground.receive(Fence(A), Ns(5))
    site.ground.receive(Fence(A), Ns(6))
    assert site.stopped == [A]
    assert not site.wiring.alive(A)
    site.ground.restart_fenced(Ns(10 * SECOND))
    site.until(70)
    assert site.started == [(A, 70)]


def test_at_the_end_only_what_is_dead_and_does_not_start_already_is_started() -> None:
    site = Site()
    site.strike(FaultKind.CRASH, A)
    site.undo(FaultKind.CRASH, A, at=10)
    site.ground.restart_fenced(Ns(20 * SECOND))
    site.until(1000)
    assert site.started == [(A, 70)]


def test_the_ground_has_no_use_for_other_messages() -> None:
    with pytest.raises(TypeError, match="the ground cannot handle"):
        Site().ground.receive(Proceeding("c1"), Ns(0))


# --- moved cables


def spare(**settings: Any) -> Site:
    site = Site(housed=True, spare=(GA, GB), move_time=30 * MINUTE, **settings)
    site.wiring.plug("span.2", GA)
    site.ground._settle()
    return site


@pytest.mark.parametrize("subject", [A, GA])
def test_a_person_moves_the_cables_of_a_crashed_box_to_the_spare_one(subject: str) -> None:
    moved: list[tuple[str, str]] = []
    site = spare(recable=lambda span, gateway: moved.append((span, gateway)))
    site.strike(FaultKind.CRASH, subject, at=60)
    assert site.until(60 + 1799) == []
    told = site.until(60 + 1800)
    assert moved == [("span.1", GB), ("span.2", GB)]
    assert set(site.wiring.spans().values()) == {GB}
    assert (GB, Cables(("span.1", "span.2"))) in told
    assert ("exchange", Signal("span.1", True)) in told
    assert ("exchange", Signal("span.2", True)) in told


def test_whoever_gets_the_cables_of_a_span_that_is_out_has_them_before_it_sees_that() -> None:
    site = spare()
    site.strike(FaultKind.SPAN_LOF, "span.1", at=50)
    site.strike(FaultKind.CRASH, A, at=60)
    told = [message for device, message in site.until(60 + 1800) if device == GB]
    assert told[:2] == [Cables(("span.1", "span.2")), Signal("span.1", False, LOF)]


def test_nobody_moves_cables_for_the_other_box_nor_when_the_box_is_back() -> None:
    site = spare()
    site.strike(FaultKind.CRASH, B)
    site.undo(FaultKind.CRASH, B)
    site.strike(FaultKind.CRASH, A)
    site.undo(FaultKind.CRASH, A, at=10)
    site.until(10_000)
    assert set(site.wiring.spans().values()) == {GA}


def test_nobody_moves_cables_to_a_dead_box() -> None:
    site = spare()
    site.strike(FaultKind.CRASH, A)
    site.strike(FaultKind.CRASH, B)
    site.until(10_000)
    assert set(site.wiring.spans().values()) == {GA}


def test_a_second_crash_finds_the_cables_in_the_other_box() -> None:
    site = spare()
    site.strike(FaultKind.CRASH, A)
    site.until(1800)
    site.undo(FaultKind.CRASH, A, at=2000)
    site.until(3000)
    site.strike(FaultKind.CRASH, B, at=4000)
    site.until(4000 + 1800)
    assert set(site.wiring.spans().values()) == {GA}


def test_a_claim_that_is_repeated_is_learned_no_later_and_one_called_off_never() -> None:
    site = Site()
    site.strike(FaultKind.ADDRESS_STALE, A)  # by seven seconds
    for second in (1, 4):
        site.ground.receive(Claim(B), Ns(second * SECOND))
    site.until(7.9)
    assert site.wiring.holder == A
    site.until(8)
    assert site.wiring.holder == B
    site.ground.receive(Claim(A), Ns(9 * SECOND))
    site.ground.receive(Claim(B), Ns(10 * SECOND))  # it never left
    site.until(30)
    assert site.wiring.holder == B
    site.ground.receive(Claim(A), Ns(31 * SECOND))
    site.undo(FaultKind.ADDRESS_STALE, A, at=32)
    assert site.wiring.holder == A


def test_a_link_that_flaps_ends_as_it_was() -> None:
    for end in (1, 5):  # while it is down, and while it is up
        site = Site()
        site.strike(FaultKind.LINK_FLAP, GA)  # 3.5 s down, 3.5 s up
        assert not site.wiring.reaches(GA, GB)
        site.until(end)
        assert site.wiring.reaches(GA, GB) is (end > 3.5)
        site.undo(FaultKind.LINK_FLAP, GA, at=end)
        site.until(60)
        assert site.wiring.whole


def test_a_port_that_listens_forwards_later_than_its_link_is_back() -> None:
    site = Site(listening=30 * SECOND)
    site.strike(FaultKind.LINK_DOWN, GA, at=1)
    site.undo(FaultKind.LINK_DOWN, GA, at=2)
    site.until(31)
    assert not site.wiring.reaches(GA, GB)
    site.until(32)
    assert site.wiring.reaches(GA, GB)
    # A switch that starts listens at all of its ports.
    site.strike(FaultKind.CRASH, "switch.1", at=40)
    site.undo(FaultKind.CRASH, "switch.1", at=50)
    site.until(50 + 30 + 29)
    assert not site.wiring.alive("switch.1")
    site.until(50 + 30 + 30)
    assert site.wiring.alive("switch.1")


def test_a_link_that_flaps_faster_than_its_port_listens_never_forwards() -> None:
    site = Site(listening=30 * SECOND)
    site.strike(FaultKind.LINK_FLAP, GA)
    for second in range(1, 100, 2):
        site.until(second)
        assert not site.wiring.reaches(GA, GB)
    site.undo(FaultKind.LINK_FLAP, GA, at=100)
    site.until(131)
    assert site.wiring.whole


@pytest.mark.parametrize(
    ("kind", "told"),
    [(FaultKind.RELEASE_UNANSWERED, Unanswered), (FaultKind.RESTART_UNANSWERED, Unacknowledged)],
)
def test_both_ends_of_a_span_feel_that_releases_stay_unanswered_and_whoever_gets_its_cable_too(
    kind: FaultKind, told: type[Unanswered | Unacknowledged]
) -> None:
    site = Site(spare=(GA, GB), move_time=300 * SECOND)
    assert site.strike(kind, "span.1") == [("exchange", told("span.1", True)), (GA, told("span.1", True))]
    assert site.stopped == []
    site.strike(FaultKind.CRASH, GA)
    assert (GB, told("span.1", True)) in site.until(300)
    assert site.undo(kind, "span.1", at=301) == [("exchange", told("span.1", False)), (GB, told("span.1", False))]
    assert site.wiring.undone("span.1") == []


@pytest.mark.parametrize(
    ("kind", "begun", "over"),
    [(FaultKind.SLOW, Slow(7 * SECOND), Slow(1)), (FaultKind.DISK_FULL, DiskFull(True), DiskFull(False))],
)
def test_what_a_restart_does_not_help_against_is_felt_again_after_it(
    kind: FaultKind, begun: object, over: object
) -> None:
    site = Site()
    assert site.strike(kind, A) == [(A, begun)]
    site.strike(FaultKind.CRASH, A)
    site.undo(FaultKind.CRASH, A, at=100)
    assert (A, begun) in site.until(160)
    assert site.undo(kind, A, at=200) == [(A, over)]
    site.strike(FaultKind.CRASH, A, at=300)
    assert site.strike(kind, A, at=310) == site.undo(kind, A, at=320) == []  # nobody is there to feel it
    site.undo(FaultKind.CRASH, A, at=400)
    assert not [message for message in site.until(500) if message[1] in (begun, over)]


def test_a_clock_that_was_set_is_set_right_but_at_the_end_only_if_nobody_waits_for_it() -> None:
    ahead, back = (A, ClockSet(7 * SECOND)), (A, ClockSet(-7 * SECOND))
    for hurried in (False, True):
        site = Site()
        assert site.strike(FaultKind.CLOCK_AHEAD, A) == [ahead]
        site.ground.hurried = hurried
        assert site.undo(FaultKind.CLOCK_AHEAD, A) == ([] if hurried else [back])
        assert site.strike(FaultKind.CLOCK_BACK, A) == [back]
        assert site.undo(FaultKind.CLOCK_BACK, A) == [ahead]
