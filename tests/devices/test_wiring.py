import pytest

from simtel.core.clock import MS
from simtel.devices.wiring import CABLE_DELAY, IN, OUT, Wiring

LAN, DCHANNEL, LAG = 1 * MS, 20 * MS, 100 * MS


def site() -> Wiring:
    """Two servers, gateways and switches; gateway.b in the box of server.b; an analog set on board.1."""
    wiring = Wiring(LAN, DCHANNEL, LAG)
    for element in ("server.a", "server.b", "gateway.a", "gateway.b", "board.1", "station", "watch", "seat.1/console"):
        wiring.hang(element, "switch.1", "switch.2")
    wiring.hang("seat.1/phone", "board.1")
    wiring.hang("seat.1", "seat.1/phone", "seat.1/console")
    wiring.house("server.b", "server.b")
    wiring.house("gateway.b", "server.b")
    wiring.plug("span.1", "gateway.a")
    wiring.plug("span.2", "gateway.b")
    wiring.holder = "server.a"
    return wiring


def after(wiring: Wiring, *dead: str) -> Wiring:
    for element in dead:
        wiring.kill(element)
    wiring.changed()
    return wiring


@pytest.mark.parametrize(
    ("dead", "reaches"),
    [
        ([], True),
        (["switch.1"], True),
        (["switch.1", "switch.2"], False),
        (["server.b"], False),
        (["server.a"], False),
    ],
)
def test_two_elements_need_each_other_and_one_common_switch(dead: list[str], reaches: bool) -> None:
    assert after(site(), *dead).reaches("server.a", "server.b") is reaches


def test_different_switches_do_not_join() -> None:
    wiring = site()
    wiring.cut("server.a", "switch.1")
    wiring.cut("gateway.a", "switch.2")
    wiring.changed()
    assert not wiring.reaches("server.a", "gateway.a")
    assert wiring.reaches("server.a", "server.b")
    wiring.cut("server.a", "switch.1", on=True)
    wiring.changed()
    assert wiring.reaches("server.a", "gateway.a")


@pytest.mark.parametrize("dead", [[], ["switch.1", "switch.2"]])
def test_in_one_box_no_switch_is_needed(dead: list[str]) -> None:
    wiring = after(site(), *dead)
    assert wiring.reaches("gateway.b", "server.b")
    assert not after(wiring, "server.b").reaches("gateway.b", "server.b")


def test_an_analog_set_needs_its_board_and_a_seat_any_of_its_parts() -> None:
    wiring = site()
    assert wiring.lan("seat.1/phone") == {"switch.1", "switch.2"}
    after(wiring, "board.1")
    assert wiring.lan("seat.1/phone") == frozenset()
    assert wiring.lan("seat.1") == {"switch.1", "switch.2"}
    after(wiring, "seat.1/console")
    assert wiring.lan("seat.1") == frozenset()


def test_two_reasons_to_be_dead_need_two_healings() -> None:
    wiring = after(site(), "server.a", "server.a")
    assert not wiring.whole
    assert not wiring.heal("server.a")
    assert not wiring.alive("server.a")
    assert wiring.heal("server.a")
    assert wiring.alive("server.a")
    assert wiring.whole
    assert wiring.heal("server.a"), "healing what works leaves it working"


def test_a_cut_cable_is_damage() -> None:
    wiring = site()
    assert wiring.whole
    wiring.cut("server.a", "switch.1")
    assert not wiring.whole
    wiring.cut("server.a", "switch.1", on=True)
    assert wiring.whole


@pytest.mark.parametrize("dead", ["span.1", "gateway.a"])
def test_a_span_has_signal_while_cable_and_gateway_work(dead: str) -> None:
    wiring = site()
    assert wiring.signal("span.1")
    assert wiring.reaches("span.1", "gateway.a")
    assert not wiring.reaches("span.1", "gateway.b")
    after(wiring, dead)
    assert not wiring.signal("span.1")
    assert not wiring.reaches("span.1", "gateway.a")
    assert wiring.signal("span.2")


@pytest.mark.parametrize(
    ("spoilt", "sees"),
    [
        ([], ("", "")),
        ([((IN,), "los")], ("rai", "los")),
        ([((OUT,), "los")], ("los", "rai")),
        ([((IN, OUT), "ais")], ("ais", "ais")),
        ([((IN, OUT), "lof"), ((IN, OUT), "ais")], ("ais", "ais")),
        ([((IN, OUT), "lof"), ((IN, OUT), "ais"), ((IN,), "los")], ("ais", "los")),
        ([((IN,), "lof"), ((OUT,), "ais")], ("ais", "lof")),
        ([((IN, OUT), "t16ais"), ((OUT,), "los")], ("los", "rai")),
    ],
)
def test_each_end_of_a_span_sees_the_root_of_its_own_defects_before_what_the_far_end_reports(
    spoilt: list[tuple[tuple[str, ...], str]], sees: tuple[str, str]
) -> None:
    wiring = site()
    for ways, defect in spoilt:
        wiring.spoil("span.1", ways, defect, True)
    wiring.changed()
    assert (wiring.sees("span.1", OUT), wiring.sees("span.1", IN)) == sees
    assert wiring.signal("span.1") is wiring.whole is wiring.reaches("span.1", "gateway.a") is (not spoilt)
    assert wiring.route("gateway.a", "exchange/span.1").up is (not spoilt)
    assert wiring.signal("span.2")
    for ways, defect in spoilt:
        wiring.spoil("span.1", ways, defect, False)
    assert wiring.whole
    assert wiring.signal("span.1")


def test_without_timeslot_16_speech_passes_and_signalling_does_not() -> None:
    wiring = site()
    wiring.spoil("span.1", (IN, OUT), "t16ais", True)
    wiring.changed()
    assert (wiring.sees("span.1", OUT), wiring.sees("span.1", IN)) == ("t16ais", "t16ais")
    assert wiring.reaches("span.1", "gateway.a")
    assert wiring.framed("span.1")
    assert not wiring.signal("span.1")
    assert not wiring.route("gateway.a", "exchange/span.1").up
    wiring.kill("span.1")
    assert not wiring.reaches("span.1", "gateway.a")
    assert wiring.sees("span.1", IN) == "los"


def test_a_cut_behind_a_transmission_system_that_had_failed_is_loss_of_signal() -> None:
    wiring = site()
    wiring.spoil("span.1", (IN, OUT), "ais", True)
    after(wiring, "span.1")
    assert (wiring.sees("span.1", OUT), wiring.sees("span.1", IN)) == ("los", "los")


def test_a_gateway_that_is_out_sends_nothing() -> None:
    wiring = site()
    after(wiring, "gateway.a")
    assert (wiring.sees("span.1", OUT), wiring.sees("span.1", IN)) == ("los", "rai")


def test_the_service_address_leads_to_who_claimed_it_last() -> None:
    wiring = site()
    route = wiring.route("gateway.a", "service")
    assert (route.node, route.up, route.delay) == ("server.a", True, LAN)
    after(wiring, "server.a")
    assert not route.up
    wiring.holder = "server.b"
    wiring.changed()
    assert (route.node, route.up) == ("server.b", True)


@pytest.mark.parametrize(("source", "address"), [("exchange", "gateway.a/span.1"), ("gateway.a", "exchange/span.1")])
def test_a_dchannel_has_its_own_delay_and_needs_the_signal_alone(source: str, address: str) -> None:
    wiring = after(site(), "switch.1", "switch.2")
    route = wiring.route(source, address)
    assert (route.up, route.delay) == (True, DCHANNEL)
    after(wiring, "span.1")
    assert not route.up


def test_a_dchannel_leads_only_to_the_gateway_in_whose_socket_the_cable_is() -> None:
    wiring = site()
    wrong = wiring.route("exchange", "gateway.b/span.1")
    right = wiring.route("exchange", "gateway.a/span.1")
    back = wiring.route("gateway.a", "exchange/span.1")
    assert (wrong.up, right.up, back.up) == (False, True, True)
    wiring.plug("span.1", "gateway.b")
    wiring.changed()
    assert (wrong.up, right.up, back.up) == (True, False, False)


@pytest.mark.parametrize(("path", "delay", "by_lan"), [("hb1", CABLE_DELAY, False), ("hb2", LAN, True)])
def test_one_heartbeat_has_a_cable_of_its_own_and_the_other_takes_the_lan(path: str, delay: int, by_lan: bool) -> None:
    wiring = site()
    route = wiring.route("server.a", f"server.b/{path}")
    assert (route.up, route.delay, route.node, route.buffered) == (True, delay, "server.b", False)
    after(wiring, "switch.1", "switch.2")
    assert route.up is not by_lan
    other = wiring.route("server.b", f"server.a/{path}")
    wiring.heal("switch.1")
    wiring.heartbeat = False
    wiring.changed()
    assert (route.up, other.up) == (False, False)


@pytest.mark.parametrize("dead", ["server.a", "server.b"])
def test_both_ends_of_a_heartbeat_cable_must_work(dead: str) -> None:
    assert not after(site(), dead).route("server.a", "server.b/hb1").up


def test_replication_lags_is_kept_by_its_sender_and_can_be_lost_or_late() -> None:
    wiring = site()
    route = wiring.route("server.a", "server.b/repl")
    assert (route.up, route.delay, route.buffered) == (True, LAG, True)
    wiring.replication_delay = 3 * MS
    wiring.changed()
    assert route.delay == LAG + 3 * MS
    wiring.replication = False
    wiring.changed()
    assert not route.up
    wiring.replication = True
    after(wiring, "server.b")
    assert not route.up


def test_people_and_stations_are_there_for_whoever_has_a_cable() -> None:
    wiring = site()
    ways = {name: wiring.route("server.a", name) for name in ("station", "watch", "exchange", "address", "power")}
    assert all(route.up for route in ways.values())
    assert ways["address"].node == ways["power"].node == "site"
    assert ways["address"].delay == 0
    after(wiring, "switch.1", "switch.2")
    up = {name for name, route in ways.items() if route.up}
    assert up == {"exchange", "address", "power"}


@pytest.mark.parametrize(("source", "up"), [("exchange", True), ("station", False), ("watch", False)])
def test_the_public_side_speaks_to_people_and_all_others_by_the_lan(source: str, up: bool) -> None:
    wiring = after(site(), "switch.1", "switch.2")
    assert wiring.route(source, "seat.1").up is up


def test_a_route_follows_the_site() -> None:
    wiring = site()
    route = wiring.route("gateway.a", "server.b")
    assert route is wiring.route("gateway.a", "server.b")
    after(wiring, "server.b")
    assert not route.up
    wiring.heal("server.b")
    wiring.changed()
    assert (route.up, route.delay, route.node) == (True, LAN, "server.b")
