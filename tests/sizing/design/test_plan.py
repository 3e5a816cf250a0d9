"""The plan against every site there is, tried one by one; and what is asked of it besides."""

from dataclasses import replace
from itertools import product
from math import inf

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simtel.core.problems import BadInput
from simtel.sizing.design.need import (
    BLOCKING,
    BOARD_PORTS,
    WAITS,
    Got,
    Need,
    Parts,
    Targets,
    got,
    holds,
    queued,
    shortfalls,
)
from simtel.sizing.design.plan import Given, Unreachable, agents_for, most_calls, plan
from simtel.sizing.design.prices import QUOTATION
from simtel.sizing.design.survive import each_down, left, missed
from simtel.sizing.formulas import erlang_c_agents
from simtel.sizing.theory.site_queue import Traffic

TRAFFIC = Traffic(300 / 3600, 150.0, 30.0, 25.0, patience=120.0)
TARGETS = Targets(0.8, 20.0, 0.01)
NEED = Need(TRAFFIC, TARGETS)


def meets(targets: Targets, found: Got) -> bool:
    return not any(shortfalls(targets, found))


@pytest.mark.parametrize("redial", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("ports", [None, 4])
def test_what_holds_is_known_before_redials_settle(redial: float, ports: int | None) -> None:
    need = replace(NEED, targets=Targets(0.8, 20.0, 0.01, 0.05, 0.88), redial=redial)
    names = (*WAITS, *BLOCKING)
    for rate in range(100, 500, 7):
        for seats in (8, 17, 24):
            calls = need.with_calls(rate / 3600)
            short = {name for name, _ in shortfalls(need.targets, queued(calls, seats, 24, ports))}
            alone = {name for name in names if not holds(calls, need.targets, (name,), seats, 24, ports)}
            assert alone == short
            assert holds(calls, need.targets, names, seats, 24, ports) is not bool(short)


@pytest.mark.parametrize(
    "need",
    [
        NEED,
        Need(Traffic(60 / 3600, 90.0, 120.0, 10.0, 0.7, 60.0), Targets(0.9, 10.0, 0.005)),
        Need(Traffic(200 / 3600, 100.0, 0.0, 0.0, 1.0, 30.0), Targets(0.5, 0.0, 0.02, 0.1)),
    ],
)
def test_no_site_with_fewer_seats_or_trunks_meets_the_targets(need: Need) -> None:
    parts = plan(need)
    seats, trunks = parts.seats, parts.working_trunks(need)
    assert meets(need.targets, queued(need, seats, trunks))
    assert not any(meets(need.targets, queued(need, seats - 1, k)) for k in range(1, 90))
    assert not any(meets(need.targets, queued(need, seats, k)) for k in range(1, trunks))


def test_with_endless_patience_and_trunks_enough_it_is_erlang_c() -> None:
    need = Need(Traffic(300 / 3600, 180.0), Targets(0.8, 20.0, 1e-6))
    assert plan(need).seats == erlang_c_agents(300 / 3600, 180.0, 0.8, 20.0) == 19


def test_an_e1_carries_thirty_calls() -> None:
    parts = plan(Need(Traffic(500 / 3600, 150.0, 30.0, 25.0, patience=120.0), TARGETS))
    assert 30 < parts.core_channels <= 60
    assert parts.spans == (2,)
    assert parts.timeslots == 60


def test_analog_lines_stand_for_an_e1_where_they_cost_less() -> None:
    """33 trunks: an E1 and one module of 4 lines (6,000) rather than two E1s (18,000 more)."""
    lean = Need(Traffic(456 / 3600, 150.0, 30.0, 25.0, patience=120.0), TARGETS, loop_lines=True)
    parts = plan(lean)
    assert 31 <= parts.core_channels <= 34
    assert (parts.spans, parts.loops) == ((1,), 1)
    assert plan(replace(lean, loop_lines=False)).spans == (2,)


def test_redials_are_calls_too() -> None:
    found = queued(replace(NEED, redial=0.5), 14, 30)
    lost = found.blocking + (1 - found.blocking) * found.abandonment
    assert found.attempts * (1 - 0.5 * lost) == pytest.approx(TRAFFIC.arrival_rate, rel=1e-6)
    assert found.service_level < queued(NEED, 14, 30).service_level


def test_the_blocking_holds_in_the_surge() -> None:
    need = replace(NEED, surge=300 / 3600)
    parts = plan(need)
    assert got(need.in_surge(), parts).blocking <= 0.01
    assert parts.working_trunks(need) > plan(NEED).working_trunks(NEED)
    fewer = replace(parts, core_channels=parts.core_channels - 1)
    assert next(str(words) for words in missed(need, fewer)).startswith("in the surge: blocking")


def test_what_is_asked_of_the_waits_in_a_surge_takes_seats() -> None:
    need = replace(NEED, surge=150 / 3600, degraded=Targets(0.5, 20.0, 0.05))
    parts = plan(need)
    assert parts.agents > plan(NEED).agents == plan(replace(need, degraded=None)).agents
    there = got(need.in_surge(), parts)
    assert there.service_level >= 0.5
    assert there.blocking <= 0.01
    fewer = replace(parts, agents=parts.agents - 1)
    assert next(str(words) for words in missed(need, fewer)).startswith("in the surge: service level")


def test_extensions_hold_trunks_and_ports() -> None:
    """40 extensions of 0.2 E are 8 E beside the calls, and two boards more."""
    beside = Need(replace(TRAFFIC, extensions=8.0), TARGETS, extensions=40)
    assert plan(beside).core_channels >= plan(NEED).core_channels + 8
    assert plan(beside).boards == 3


def test_a_seat_takes_a_channel_too_where_it_counts() -> None:
    counted = plan(replace(NEED, channels_count_seats=True))
    assert counted.core_channels == plan(NEED).core_channels + counted.seats
    assert counted.working_trunks(replace(NEED, channels_count_seats=True)) == plan(NEED).core_channels


@pytest.mark.parametrize("degraded", [None, Targets(0.5, 20.0, 0.05)])
def test_any_one_unit_may_be_down(degraded: Targets | None) -> None:
    need = replace(NEED, survive=True, degraded=degraded)
    parts = plan(need)
    downs = each_down(need, parts)
    assert {str(down.unit) for down in downs} == {"platform", "E1", "24-port board", "LAN switch", "power feed"}
    assert not [down for down in downs if down.missed]
    one_fewer = [
        replace(parts, boards=parts.boards - 1),
        replace(parts, spans=(1, 0)),
        replace(parts, servers=1),
        replace(parts, switches=1),
        replace(parts, feeds=1),
        replace(parts, seats=parts.seats - 1),
    ]
    assert all(list(missed(need, fewer)) for fewer in one_fewer)


def met(need: Need, parts: Parts) -> frozenset[tuple[str, str]]:
    """What holds: each target where all agents work; with fewer of them nothing less than all targets."""
    names, whole = ("service_level", "blocking"), parts.working_seats(need)
    surge = {name for name, _ in shortfalls(need.surge_targets, got(need.in_surge(), parts))}
    missing = [
        ("", {name for name, _ in shortfalls(need.targets, got(need, parts))}),
        ("surge", surge if need.degraded else surge & {"blocking"}),
    ]
    targets = need.degraded or need.targets
    for unit, agents, trunks in left(need, parts):
        short = {name for name, _ in shortfalls(targets, queued(need, agents, trunks))}
        missing.append((str(unit), set(names) if short and agents != whole else short))
    return frozenset((state, name) for state, short in missing for name in names if name not in short)


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from([None, *range(8, 56)]), st.sampled_from([100, 200, 300, 450]),
    st.sampled_from([30.0, 120.0, 600.0, inf]), st.sampled_from([None, Targets(0.5, 20.0, 0.05)]),
    st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 100.0]),
)  # fmt: skip
@example(32, 300, 120.0, None, 1.0, 0.0)  # 16 agents are too few with a board down, and more trunks no help to them
@example(50, 300, 120.0, None, 1.0, 0.0)  # on three boards a feed would take two
@example(17, 200, 30.0, None, 1.0, 0.0)  # on three boards one may be missing, though no feed may
@example(13, 450, 600.0, Targets(0.5, 20.0, 0.05), 1.0, 100.0)
@example(None, 300, inf, Targets(0.5, 20.0, 0.05), 1.0, 0.0)  # fewer agents would wait for more trunks
@example(52, 450, 120.0, Targets(0.5, 20.0, 0.05), 0.5, 0.0)
def test_beside_given_seats_nothing_lacks_that_helps_and_nothing_is_there_that_does_not(
    seats: int | None, calls: int, patience: float, degraded: Targets | None, analog: float, surge: float
) -> None:
    """Every site about the planned one, with as many boards or more, is tried."""
    traffic = replace(TRAFFIC, arrival_rate=calls / 3600, patience=patience)
    need = Need(traffic, TARGETS, survive=True, degraded=degraded, analog=analog, surge=surge / 3600)
    try:
        parts = plan(need, Given(seats=seats))
    except Unreachable:
        assert patience == inf
        return
    has, there = met(need, parts), (parts.boards, parts.core_channels, *parts.spans)
    if seats is None:
        assert not list(missed(need, parts))
    boards = range(parts.boards, parts.boards + (3 if seats and parts.boards else 1))
    channels = range(max(1, parts.core_channels - 12), parts.core_channels + 13, 2)
    sides = [(1, 0), (1, 1), (2, 1), (2, 2), (3, 3)]
    for size in product(boards, (*channels, parts.core_channels - 1), sides):
        other = replace(parts, boards=size[0], core_channels=size[1], ivr_ports=size[1], spans=size[2])
        holds_there = met(need, other)
        assert not holds_there > has
        fewer = all(few <= many for few, many in zip((*size[:2], *size[2]), there, strict=True))
        assert not (fewer and (*size[:2], *size[2]) != there and holds_there >= has)


def test_agents_who_have_no_port_hold_no_trunks_and_wait_on_more() -> None:
    """Of 30 seats 12 have a licence: their callers wait as those of 12 seats do."""
    few = plan(NEED, Given(seats=30, agent_licences=12))
    assert few.working_trunks(NEED) == plan(NEED, Given(seats=12)).working_trunks(NEED)
    assert few.working_trunks(NEED) != plan(NEED, Given(seats=30)).working_trunks(NEED)


def test_a_platform_without_a_second_takes_everything_with_it() -> None:
    parts = replace(plan(NEED), servers=1)
    assert {str(unit): (seats, trunks) for unit, seats, trunks in left(NEED, parts)}["platform"] == (0, 0)


def test_boards_and_spare_seats_are_the_cheapest_pair() -> None:
    """17 agents must have a seat with every second board down, as a power feed takes them; every pair is tried."""

    def lost(seats: int, boards: int) -> int:
        return sum(seat % boards % 2 == 0 for seat in range(seats))

    seat, board = sum(QUOTATION[part] for part in ("agent-licence", "recording-licence", "headset")), QUOTATION["board"]
    parts = plan(replace(NEED, survive=True))
    price = min(
        seats * seat + boards * board
        for boards in range(1, 30) for seats in range(17, 60)
        if seats - lost(seats, boards) >= 17 and seats <= BOARD_PORTS * boards
    )  # fmt: skip
    assert parts.agents == 17
    assert parts.seats * seat + parts.boards * board == price


def test_without_a_second_platform_its_loss_is_the_end() -> None:
    downs = each_down(NEED, plan(NEED))
    assert downs[0].found.blocking == 1
    assert (downs[0].seats, downs[0].trunks) == (0, 0)
    one_switch = site(servers=2, spans=(1, 1), boards=3, seats=26, switches=1)
    assert str(each_down(NEED, one_switch)[0].unit) == "LAN switch"


def site(**other: int) -> Parts:
    return replace(plan(NEED), **other)


def test_agents_of_a_dead_board_move_to_free_seats() -> None:
    parts = site(seats=26, boards=2, agents=17, agent_licences=26)
    board = next(down for down in each_down(NEED, parts) if str(down.unit) == "24-port board")
    assert board.seats == 13
    board = next(down for down in each_down(NEED, replace(parts, boards=3)) if str(down.unit) == "24-port board")
    assert board.seats == 17


def test_a_board_alone_takes_fewer_along_than_a_feed() -> None:
    parts = site(seats=30, boards=3, agents=17, agent_licences=30, servers=2, switches=2, spans=(1, 1), feeds=2)
    found = left_of(NEED, parts)
    assert found["24-port board"] == (17, 23)
    assert (found["power feed 1"], found["power feed 2"]) == ((10, 23), (17, 23))  # two boards of the three, and one
    assert left_of(NEED, replace(parts, core_channels=60, boards=2))["power feed"] == (15, 30)
    assert left_of(NEED, replace(parts, switches=1))["power feed 1"] == (0, 0)


def left_of(need: Need, parts: Parts) -> dict[str, tuple[int, int]]:
    return {str(unit): (seats, trunks) for unit, seats, trunks in left(need, parts)}


def test_what_is_given_is_taken_as_it_is() -> None:
    parts = plan(NEED, Given(seats=20, spans=(1, 1), boards=1, core_channels=60, agent_licences=12, recording=20))
    assert (parts.seats, parts.spans, parts.core_channels, parts.servers) == (20, (1, 1), 60, 2)
    assert parts.working_seats(NEED) == 12
    assert parts.working_trunks(NEED) == 60
    assert plan(NEED, Given(seats=30, boards=1)).working_seats(NEED) == BOARD_PORTS


def test_the_most_calls_are_where_a_target_is_missed() -> None:
    parts = plan(NEED)
    most = most_calls(NEED, parts)

    def at(rate: float) -> Got:
        return got(replace(NEED, traffic=replace(TRAFFIC, arrival_rate=rate)), parts)

    assert meets(TARGETS, at(most * 0.999))
    assert not meets(TARGETS, at(most * 1.001))


def test_calls_that_hold_nothing_have_no_most() -> None:
    with pytest.raises(BadInput, match="hold trunks and seats for too short a time"):
        most_calls(Need(Traffic(300 / 3600, 1e-9), TARGETS), plan(NEED))


def test_where_nobody_works_no_call_is_too_few() -> None:
    assert most_calls(NEED, plan(NEED, Given(agent_licences=0))) == 0


def test_agents_of_a_quiet_hour() -> None:
    parts = plan(NEED)
    quiet = agents_for(NEED, parts, 100 / 3600, 17)
    assert quiet is not None
    assert quiet < 17
    assert agents_for(NEED, parts, 900 / 3600, 17) is None


def test_what_nobody_can_reach_is_told_with_the_best() -> None:
    with pytest.raises(Unreachable, match="erlang for seats"):
        plan(Need(replace(TRAFFIC, arrival_rate=900.0), TARGETS))
    endless = Need(Traffic(300 / 3600, 180.0), TARGETS)
    words = r"not even 2000 trunks are enough for 10 seats: blocking 33\.\d+ %, allowed 1 %"
    with pytest.raises(Unreachable, match=words):
        plan(endless, Given(seats=10))
    idle = replace(NEED, targets=replace(TARGETS, occupancy=0.01))
    with pytest.raises(Unreachable, match=r"not even 1000 seats are enough: occupancy 1\.\d+ %, allowed 1 %"):
        plan(idle)
