"""The cores alone: ports in place of calls that people make."""

from itertools import permutations as orders
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.devices.circuits import SLOTS
from simtel.devices.fabric.build import build
from simtel.devices.fabric.clos import Clos
from simtel.devices.fabric.fabric import ROUTING, Fabric, Figures, Interchange, Packets, Stages, circuit_port
from simtel.devices.fabric.interchange import TimeslotInterchange, places


def circuit(port: int) -> tuple[str, int]:
    return f"span.{port // 30 + 1}", SLOTS[port % 30]


def seat(port: int) -> str:
    return f"seat.{port + 1}"


def join(fabric: Fabric, port: int, to: int) -> bool:
    """The call is named after its circuit."""
    return fabric.enter(str(port)) and fabric.join(str(port), *circuit(port), seat(to))


def stages(n: int, m: int, r: int, **more: Any) -> Stages:
    return Stages(n, m, r, **more)


def middles(net: Clos) -> dict[str, int]:
    return {call: middle for call, (_, _, middle) in net.paths.items()}


def consistent(net: Clos, n: int, r: int) -> None:
    """No link carries two calls, and each path is where its ports are."""
    links = [(side, end, path[2]) for path in net.paths.values() for side, end in (("in", path[0]), ("out", path[1]))]
    assert len(links) == len(set(links))
    for call, (first, _, _) in net.paths.items():
        assert first == int(call) // n < r


# --- packets


def test_a_packet_core_carries_as_many_calls_as_it_has_paths() -> None:
    core = build(Packets(2))
    assert [join(core, 0, 0), join(core, 1, 1), join(core, 2, 2)] == [True, True, False]
    core.leave("0")
    assert join(core, 2, 2)
    assert core.busy() == 2
    core.clear()
    assert core.busy() == 0


# --- timeslot interchange


def test_each_end_has_a_place_and_gives_it_back() -> None:
    made = TimeslotInterchange(Interchange(4, 1e9))
    assert join(made, 0, 0)
    assert made.enter("1")
    assert made.busy() == 3
    assert made.fits(*circuit(1), seat(1))
    assert made.join("1", *circuit(1), seat(1))
    assert not made.fits(*circuit(2), seat(2))
    assert not made.enter("2")
    made.part("1")
    made.part("1")  # the seat has left already
    assert made.busy() == 3
    made.leave("0")
    made.leave("0")
    assert made.busy() == 1
    made.clear()
    assert made.busy() == 0


def test_accesses_bound_the_places_that_work() -> None:
    assert places(Interchange(128, 2_500_000.0)) == 128
    assert places(Interchange(1000, 2_500_000.0)) == 156  # 2 * C * 400 ns <= 125 us
    assert places(Interchange(1000, 15_999.0)) == 0


@pytest.mark.parametrize("ports", [3, 8])
def test_with_a_place_for_each_end_every_order_is_served_and_with_one_fewer_the_last_is_not(ports: int) -> None:
    for slots, last in ((2 * ports, True), (2 * ports - 1, False)):
        made = build(Interchange(slots, 1e9))
        assert [join(made, n, ports - 1 - n) for n in range(ports)] == [True] * (ports - 1) + [last]


@given(st.lists(st.integers(0, 5), max_size=60))
def test_no_place_is_held_twice(turns: list[int]) -> None:
    made = TimeslotInterchange(Interchange(9, 1e9))
    for port in turns:
        if str(port) in made.held:
            made.leave(str(port))
        elif made.enter(str(port)):
            made.join(str(port), *circuit(port), seat(port))
        held = [place for places_ in made.held.values() for place in places_]
        assert len(held) == len(set(held)) == made.busy() <= 9


# --- Clos


def test_first_fit_takes_the_lowest_middle_switch_that_is_free_at_both_ends() -> None:
    net = Clos(stages(2, 3, 3))
    assert [join(net, 0, 0), join(net, 1, 2), join(net, 2, 1), join(net, 4, 4)] == [True] * 4
    assert middles(net) == {"0": 0, "1": 1, "2": 1, "4": 0}


def test_packing_takes_the_busiest() -> None:
    net = Clos(stages(2, 3, 3, routing="packing"))
    join(net, 0, 0)
    join(net, 1, 2)  # its switch has used 0
    join(net, 2, 3)  # 1 is busy at the seat's switch: 0
    join(net, 3, 4)
    net.leave("0")
    assert middles(net) == {"1": 1, "2": 0, "3": 1}
    join(net, 4, 0)
    assert middles(net)["4"] == 1


def test_cyclic_takes_the_next_in_turn() -> None:
    net = Clos(stages(2, 3, 3, routing="cyclic"))
    for n, to in enumerate((0, 2, 1, 4)):
        assert join(net, n, to)
    assert list(middles(net).values()) == [0, 1, 2, 0]


def test_random_takes_any_and_the_same_calls_take_the_same() -> None:
    found = []
    for _ in range(2):
        net = Clos(stages(4, 7, 3, routing="random"))
        taken = []
        for n in range(60):
            assert join(net, n % 12, 11 - n % 12)
            taken.append(net.paths[str(n % 12)][2])
            net.leave(str(n % 12))
        found.append(taken)
        net.clear()
        assert join(net, 0, 11)
        assert net.paths["0"][2] == taken[0]
    assert found[0] == found[1]
    assert set(found[0]) == set(range(7))
    assert max(map(found[0].count, range(7))) < 20  # 60 of 7; 20 and more come once in ten thousand


def test_lines_of_loop_trunk_modules_have_ports_after_those_of_the_last_e1() -> None:
    figures = stages(4, 7, 20, spans=2, lines=16)
    spans = ("span.1", "span.2"), ("loop.1", "loop.2")
    circuits = [(span, slot) for span in spans[0] for slot in SLOTS]
    circuits += [(span, slot) for span in spans[1] for slot in range(1, 17)]
    assert [circuit_port(figures, *one) for one in circuits] == list(range(92))


def test_two_middle_switches_refuse_what_three_carry() -> None:
    """n = 2, m = 2n-2: one call each at the circuit's switch and at the seat's, on different middle switches."""
    for middle, last in ((2, False), (3, True)):
        net = Clos(stages(2, middle, 3))
        assert join(net, 2, 2)  # keeps the next one off middle switch 0
        assert join(net, 3, 0)
        assert join(net, 0, 4)
        assert net.fits(*circuit(1), seat(1)) is last
        assert join(net, 1, 1) is last


def test_moving_a_call_makes_room() -> None:
    net = Clos(stages(2, 2, 3, rearranges=True))
    assert [join(net, 2, 2), join(net, 3, 0), join(net, 0, 4)] == [True] * 3
    before = middles(net)
    assert net.fits(*circuit(1), seat(1))
    assert join(net, 1, 1)
    assert {call for call, middle in middles(net).items() if before.get(call, middle) != middle}
    consistent(net, 2, 3)


def test_a_port_that_does_not_exist_is_joined_with_nothing() -> None:
    net = Clos(stages(2, 4, 3))
    assert not net.fits(*circuit(6), seat(0))
    assert not join(net, 6, 0)
    assert not join(net, 0, 6)
    assert net.busy() == 0


def test_a_call_that_is_parted_or_leaves_gives_its_links_back() -> None:
    net = Clos(stages(1, 1, 1))
    for end in (net.part, net.leave):
        assert join(net, 0, 0)
        assert not net.fits(*circuit(0), seat(0))
        end("0")
        end("0")
        assert net.fits(*circuit(0), seat(0))
    assert join(net, 0, 0)
    net.clear()
    assert net.busy() == 0
    assert join(net, 0, 0)


Plan = tuple[int, int, int, str, bool]


@st.composite
def nets(draw: st.DrawFn) -> tuple[Stages, list[int]]:
    n, r = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rearranges = draw(st.booleans())
    m = draw(st.integers(n, 2 * n)) if rearranges else draw(st.integers(2 * n - 1, 2 * n))
    figures = stages(n, m, r, routing=draw(st.sampled_from(ROUTING)), rearranges=rearranges)
    return figures, draw(st.lists(st.integers(0, 10_000), max_size=80))


@given(nets())
@settings(max_examples=200, deadline=None)
def test_clos_1953_and_paull_no_free_pair_is_ever_refused(drawn: tuple[Stages, list[int]]) -> None:
    """m >= 2n-1 with calls that stay where they are, m >= n where they are moved; every port may be busy."""
    figures, turns = drawn
    net, size = Clos(figures), figures.inlets * figures.outer
    to: dict[int, int] = {}
    for turn in turns:
        port, wish = turn % size, turn // size % size
        if port in to:
            net.leave(str(port))
            del to[port]
            continue
        free = [other for other in range(size) if other not in to.values()]
        wish = free[wish % len(free)]
        assert net.fits(*circuit(port), seat(wish))
        assert join(net, port, wish)
        to[port] = wish
        consistent(net, figures.inlets, figures.outer)
        assert net.busy() == len(to)


ANY: list[Figures] = [
    Packets(6),
    Interchange(12, 1e9),
    stages(2, 3, 3),
    stages(2, 3, 3, routing="packing"),
    stages(2, 3, 3, routing="cyclic"),
    stages(2, 3, 3, routing="random"),
    stages(2, 2, 3, rearranges=True),
]


@given(st.permutations(range(6)), st.permutations(range(6)), st.sampled_from(ANY))
@settings(deadline=None)
def test_every_permutation_of_all_ports_in_any_order(to: list[int], order: list[int], figures: Figures) -> None:
    """All ports are busy in the end, and the last connection comes about whichever it is."""
    made = build(figures)
    assert all(join(made, port, to[port]) for port in order)
    for last in order:
        made.leave(str(last))
        assert join(made, last, to[last])


def test_a_rearranging_network_of_minimal_size_takes_every_permutation_in_every_order() -> None:
    for to in orders(range(4)):
        for order in orders(range(4)):
            net = build(stages(2, 2, 2, rearranges=True))
            assert all(join(net, port, to[port]) for port in order)


def test_calls_are_moved_in_a_chain_as_long_as_it_takes() -> None:
    for to in orders(range(6)):
        net = Clos(stages(2, 2, 3, rearranges=True))
        assert all(join(net, port, to[port]) for port in (0, 2, 4, 1, 3, 5))
        consistent(net, 2, 3)
