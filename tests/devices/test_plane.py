import pytest

from simtel.devices.messages.physics import Hushed, Sound
from tests.devices.recorder import Cables

STRAIGHT = ("span.1", "gateway.a", "seat.1/phone")
BY_SERVER = ("span.1", "gateway.a", "server.a", "seat.1/phone")
IVR = ("span.1", "gateway.a", "server.a")


def ends(call: str, on: bool) -> list[tuple[str, object]]:
    return [("exchange", Sound(call, on)), ("seat.1", Sound(call, on))]


def test_a_call_on_whole_cables_flows_and_nobody_is_told() -> None:
    cables = Cables()
    assert not cables.plane.flows("c1")
    cables.plane.connect("c1", STRAIGHT)
    assert cables.plane.flows("c1")
    assert cables.told == []
    assert cables.plane.calls() == 1


@pytest.mark.parametrize("pair", [("span.1", "gateway.a"), ("gateway.a", "server.a"), ("server.a", "seat.1/phone")])
def test_each_pair_of_neighbours_carries_the_speech(pair: tuple[str, str]) -> None:
    cables = Cables()
    cables.plane.connect("c1", BY_SERVER)
    cables.cut(pair)
    assert cables.told == ends("c1", False)
    assert not cables.plane.flows("c1")
    cables.cut()
    assert cables.told == [*ends("c1", False), *ends("c1", True)]
    assert cables.plane.flows("c1")


def test_only_calls_that_pass_the_break_fall_silent_and_each_end_is_told_once() -> None:
    cables = Cables()
    cables.plane.connect("c1", BY_SERVER)
    cables.plane.connect("c2", STRAIGHT)
    cables.cut(("gateway.a", "server.a"))
    cables.cut(("gateway.a", "server.a"), ("server.a", "seat.1/phone"))
    assert cables.told == ends("c1", False)
    assert cables.plane.flows("c2")


def test_in_the_ivr_there_is_no_seat_to_tell() -> None:
    cables = Cables()
    cables.plane.connect("c1", IVR)
    cables.cut(("gateway.a", "server.a"))
    assert cables.told == [("exchange", Sound("c1", False))]


def test_a_call_set_up_over_a_broken_way_is_silent_from_its_begin() -> None:
    cables = Cables()
    cables.cut(("gateway.a", "seat.1/phone"))
    cables.plane.connect("c1", STRAIGHT)
    assert set(cables.told) == set(ends("c1", False))


def test_sent_another_way_the_sound_returns() -> None:
    cables = Cables()
    cables.plane.connect("c1", BY_SERVER)
    cables.cut(("gateway.a", "server.a"))
    cables.told.clear()
    cables.plane.connect("c1", STRAIGHT)
    assert cables.told == ends("c1", True)


def test_a_new_last_hop_of_a_silent_call_is_told_that_it_hears_nothing() -> None:
    cables = Cables()
    cables.plane.connect("c1", IVR)
    cables.cut(("span.1", "gateway.a"))
    cables.told.clear()
    cables.plane.connect("c1", STRAIGHT)
    assert ("seat.1", Sound("c1", False)) in cables.told
    cables.told.clear()
    cables.plane.connect("c1", STRAIGHT)
    assert cables.told == []


def test_what_passed_through_a_lost_device_stays_silent_when_it_returns() -> None:
    cables = Cables()
    cables.plane.connect("c1", BY_SERVER)
    cables.plane.lost("server.a")
    cables.plane.changed(True)
    assert cables.told == ends("c1", False)
    assert not cables.plane.flows("c1")
    cables.plane.connect("c1", ("span.1", "gateway.a", "server.b", "seat.1/phone"))
    assert cables.told == [*ends("c1", False), *ends("c1", True)]


def test_speech_that_does_not_pass_a_lost_device_goes_on() -> None:
    cables = Cables()
    cables.plane.connect("c1", STRAIGHT)
    cables.plane.lost("server.a")
    assert cables.told == []
    assert cables.plane.flows("c1")


def test_a_lost_gateway_takes_its_calls_along() -> None:
    cables = Cables()
    cables.plane.connect("c1", STRAIGHT)
    cables.plane.connect("c2", ("span.2", "gateway.b", "seat.1/phone"))
    cables.plane.lost("gateway.a")
    assert cables.told == ends("c1", False)
    assert cables.plane.calls() == 1
    assert cables.plane.flows("c2")


def test_a_call_that_is_over_is_forgotten() -> None:
    cables = Cables()
    cables.plane.connect("c1", STRAIGHT)
    cables.cut(("gateway.a", "seat.1/phone"))
    cables.plane.disconnect("c1")
    cables.told.clear()
    cables.cut()
    assert cables.told == []
    assert cables.plane.calls() == 0
    cables.plane.connect("c1", STRAIGHT)
    assert cables.plane.flows("c1"), "the silence of the former call is forgotten as well"


def test_a_seat_from_which_the_speech_is_led_away_is_told() -> None:
    cables = Cables()
    cables.plane.connect("c1", STRAIGHT)
    cables.plane.connect("c1", IVR)
    assert cables.told == [("seat.1", Hushed("c1"))]
    cables.plane.connect("c1", STRAIGHT)
    cables.plane.connect("c1", ("span.1", "gateway.a", "seat.1/console"))  # another part of the same seat
    assert cables.told == [("seat.1", Hushed("c1"))]
