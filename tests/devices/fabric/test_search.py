"""The search finds what is there, and nothing where there is nothing."""

from collections.abc import Sequence

import pytest

from simtel.core.streams import Stream
from simtel.devices.circuits import SLOTS
from simtel.devices.fabric.bound import never_refuses
from simtel.devices.fabric.build import build
from simtel.devices.fabric.clos import Clos
from simtel.devices.fabric.fabric import ROUTING, Figures, Interchange, Packets, Stages
from simtel.devices.fabric.search import permutations, search
from simtel.devices.fabric.steer import steered
from simtel.devices.fabric.steps import Step, refusal

CIRCUITS = [(f"span.{span}", slot) for span in (1, 2) for slot in SLOTS]
SEATS = [f"seat.{n}" for n in range(1, 21)]
CALLS = 60


def found(figures: Figures, seed: int = 7) -> tuple[list[Step], bool]:
    return search(lambda: build(figures), CIRCUITS, SEATS, CALLS, Stream(seed, "search"))


def calls(steps: Sequence[Step]) -> int:
    return sum(bool(step.seat) for step in steps)


@pytest.mark.parametrize("routing", ROUTING)
@pytest.mark.parametrize(("n", "r"), [(2, 30), (3, 20), (4, 15)])
@pytest.mark.parametrize("seed", [1, 7])
def test_a_clos_network_one_switch_short_refuses_the_last_call_of_what_is_found(
    n: int, r: int, routing: str, seed: int
) -> None:
    figures = Stages(n, 2 * n - 2, r, routing)
    steps, refused = found(figures, seed)
    assert refused
    assert calls(steps) <= CALLS
    assert refusal(build(figures), steps) == len(steps) - 1  # all before it are joined, and its ends are free
    assert refusal(build(Stages(n, 2 * n - 1, r, routing)), steps) is None  # one switch more carries them all


BIG_CIRCUITS = [(f"span.{span}", slot) for span in range(1, 5) for slot in SLOTS]
BIG_SEATS = [f"seat.{n}" for n in range(1, 101)]


@pytest.mark.parametrize(
    ("routing", "n"),
    [(routing, n) for routing in ("cyclic", "random") for n in (5, 8, 10, 12, 15, 20)]
    + [(routing, n) for routing in ("first-fit", "packing") for n in (5, 6, 7)],
)
def test_large_outer_switches_do_not_hide_that_a_middle_switch_is_missing(routing: str, n: int) -> None:
    figures, calls_at_most = Stages(n, 2 * n - 2, -(-120 // n), routing), 80
    steps, refused = search(lambda: build(figures), BIG_CIRCUITS, BIG_SEATS, calls_at_most, Stream(7, "search"))
    assert refused
    assert calls(steps) <= calls_at_most
    assert refusal(build(figures), steps) == len(steps) - 1
    assert refusal(build(Stages(n, 2 * n - 1, -(-120 // n), routing)), steps) is None


@pytest.mark.parametrize("n", [5, 6, 7])
def test_fillers_stand_where_they_are_needed(n: int) -> None:
    """Where the lowest free switch is taken, n times n calls are enough."""
    figures = Stages(n, 2 * n - 2, -(-120 // n))
    assert steered(lambda: Clos(figures), BIG_CIRCUITS, BIG_SEATS, n * n, Stream(7, "search"))


@pytest.mark.parametrize("n", [2, 4, 8, 10, 15, 20])
@pytest.mark.parametrize("routing", ROUTING)
def test_2n_minus_1_middle_switches_never_refuse_and_one_fewer_may(n: int, routing: str) -> None:
    r = -(-120 // n)
    assert never_refuses(Stages(n, 2 * n - 1, r, routing), BIG_CIRCUITS, BIG_SEATS)
    assert not never_refuses(Stages(n, 2 * n - 2, r, routing), BIG_CIRCUITS, BIG_SEATS)
    assert not never_refuses(Stages(n, 2 * n - 1, r - 1, routing), BIG_CIRCUITS, BIG_SEATS)  # circuits without a port


def test_few_seats_need_fewer_middle_switches() -> None:
    """Twelve seats on a switch of twelve, eight elsewhere: 19 other calls at most, and never more than 19 links."""
    assert never_refuses(Stages(12, 20, 5), CIRCUITS, SEATS)
    assert not never_refuses(Stages(12, 19, 5), CIRCUITS, SEATS)


@pytest.mark.parametrize(
    ("figures", "never"),
    [
        (Packets(20), True),
        (Packets(19), False),
        (Interchange(40, 1e9), True),
        (Interchange(39, 1e9), False),
        (Stages(4, 4, 15, rearranges=True), True),
        (Stages(4, 3, 15, rearranges=True), False),
    ],
)
def test_what_never_refuses_by_its_figures(figures: Figures, never: bool) -> None:
    assert never_refuses(figures, CIRCUITS, SEATS) is never
    assert found(figures)[1] is not never


@pytest.mark.parametrize("figures", [Stages(4, 6, 15), Stages(4, 3, 15, rearranges=True)])
def test_nothing_in_what_is_found_is_needless(figures: Figures) -> None:
    steps, _ = found(figures)
    for over in (step for step in steps if not step.seat):
        fewer = [step for step in steps if step is not over]
        assert refusal(build(figures), fewer) != len(fewer) - 1
    for call in {step.call for step in steps[:-1]}:
        fewer = [step for step in steps if step.call != call]
        assert refusal(build(figures), fewer) != len(fewer) - 1


def test_same_seed_same_calls() -> None:
    assert found(Stages(3, 4, 20)) == found(Stages(3, 4, 20))
    assert found(Stages(3, 4, 20)) != found(Stages(3, 4, 20), 8)


def test_where_every_call_has_a_path_nothing_is_found_and_the_walk_is_given() -> None:
    figures = Stages(3, 5, 20)
    steps, refused = found(figures)
    assert not refused
    assert calls(steps) == CALLS
    assert refusal(build(figures), steps) is None


@pytest.mark.parametrize("figures", [Packets(19), Interchange(39, 1e9)])
def test_a_fabric_that_is_one_place_short_is_filled(figures: Figures) -> None:
    steps, refused = found(figures)
    assert refused
    assert calls(steps) == 20 + sum(not step.seat for step in steps)


@pytest.mark.parametrize("figures", [Packets(20), Interchange(40, 1e9)])
def test_a_fabric_with_a_place_for_every_seat_is_not(figures: Figures) -> None:
    assert not found(figures)[1]


def test_a_port_that_is_taken_twice_is_no_refusal() -> None:
    core = build(Packets(9))
    assert refusal(core, [Step(0, "span.1", 1, "seat.1"), Step(1, "span.1", 1, "seat.2")]) == -1
    core.clear()
    assert refusal(core, [Step(0, "span.1", 1, "seat.1"), Step(1, "span.1", 2, "seat.1")]) == -1


def test_permutations_fill_every_seat_and_then_exchange_one_call_for_another() -> None:
    steps = permutations(CIRCUITS, SEATS, CALLS, Stream(7, "search"))
    assert [bool(step.seat) for step in steps[:20]] == [True] * 20
    assert {step.seat for step in steps[:20]} == set(SEATS)
    assert [bool(step.seat) for step in steps[20:]] == [False, True] * 40
    assert calls(steps) == CALLS
    assert refusal(build(Packets(20)), steps) is None  # never more than there are seats, never a port twice
    order = [step.seat for step in steps[:20]]
    assert order != SEATS
