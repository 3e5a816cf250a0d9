"""From calls and targets to parts: the fewest seats, and with them the fewest trunks.

Trunks and seats depend on each other, for a caller who waits holds a trunk. They are found together:

1. For so many seats, the fewest trunks that hold the blocking, in a surge too. More would let more calls in, of which
   more wait.
2. The fewest seats that, with those trunks, meet every other target.

Everything moves one way with what is looked for, so that halving finds the answer: a seat more shortens the waits, a
trunk or a port of the IVR more refuses fewer calls. Ports come with core channels, one with each (quotation: the IVR is
among their functions); how many would do is told beside them.

With `survive`, what is missed with one unit down is added until nothing is: E1s on both platforms, boards and seats
weighed against each other by what they cost in the quotation, and core channels for the longer queue that then waits.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, inf

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, nowhere
from simtel.sizing.design.need import (
    BLOCKING,
    BOARD_PORTS,
    LOOP_LINES,
    TIMESLOTS,
    WAITS,
    Got,
    Need,
    Parts,
    Targets,
    analog_seats,
    holds,
    percent,
    queued,
    shortfalls,
)
from simtel.sizing.design.prices import QUOTATION
from simtel.sizing.design.survive import Case, short_of, telephones_lost
from simtel.sizing.theory.erlang_b import erlang_b_servers

MOST_SEATS, MOST_TRUNKS = 1_000, 2_000  # a site has no more
_NONE = 1e-9  # calls per second that are as good as none
_ENDLESS = 1e6  # calls per second that no network brings
_CLOSE = 1e-4  # relative: a rate of calls is found this closely
_OF_SEAT = ("seat", "agent-licence", "recording-licence")  # what one more seat takes, beside its telephone


@dataclass(frozen=True, slots=True)
class Beyond:
    """So many more, or fewer, than the formula asks for: what simulated sites want instead."""

    agents: int = 0
    trunks: int = 0
    ports: int = 0


class Unreachable(ValueError):  # noqa: N818  (it names the target's state)
    """No site meets the targets."""


@dataclass(frozen=True, slots=True)
class Given:
    """Parts that are there already, or that are asked about; None is for the plan to find, `beyond` the formula."""

    seats: int | None = None
    spans: tuple[int, ...] | None = None
    ivr_ports: int | None = None
    boards: int | None = None
    stations: int = BOARD_PORTS
    core_channels: int | None = None
    agent_licences: int | None = None
    recording: int | None = None
    loops: int | None = None
    servers: int | None = None
    switches: int | None = None
    housed: bool = True
    feeds: int | None = None
    beyond: Beyond = Beyond()


def plan(need: Need, given: Given | None = None, about: tuple[int, int] = (0, 0)) -> Parts:
    """The parts of a site for a need, what is given taken as it is; sought from `about` so many agents and trunks on,
    where those of a need like it are known.

    `Unreachable` (a ValueError): no site meets the targets; it names the target, and the best that can be had.
    """
    given = given or Given()
    agents = given.seats or max(1, _seats_for(need, replace(given, beyond=Beyond()), about) + given.beyond.agents)
    trunks = _trunks_for(need, given, need.targets, _manned(need, given, agents), about[1])
    parts = at_least(need, given, agents, trunks)
    return _surviving(need, given, parts) if need.survive else parts


def at_least(need: Need, given: Given, agents: int, trunks: int) -> Parts:
    """Parts for so many agents and trunks, nothing to spare: with one unit down more of them may be wanted, never
    fewer."""
    boards = _or(given.boards, ceil(_telephones(need, agents) / given.stations))
    return _bought(need, given, (agents, agents, trunks), boards, trunks)


def formula_for(need: Need, given: Given) -> tuple[int, int]:
    """Agents and trunks that the formula asks for. `Unreachable`: as for `plan`."""
    alone = replace(given, beyond=Beyond())
    agents = given.seats or _seats_for(need, alone)
    return agents, _trunks_for(need, alone, need.targets, _manned(need, alone, agents))


def held(need: Need, given: Given, agents: int, trunks: int = 1) -> int | None:
    """The fewest trunks, from so many on, with which the agents that a unit leaves meet every target; None: they do
    with no number, for those that hold the blocking let too many wait."""
    calm = replace(need, targets=need.degraded or need.targets, surge=0.0)

    def in_time(trunks: int) -> bool:
        return holds(calm, calm.targets, WAITS, agents, trunks, given.ivr_ports)

    if not in_time(trunks):  # nor with more of them
        return None
    if trunks > 1 and holds(calm, calm.targets, BLOCKING, agents, trunks - given.beyond.trunks):
        return trunks
    try:
        trunks = max(trunks, _trunks_for(calm, given, calm.targets, agents, trunks if trunks > 1 else 0))
    except Unreachable:
        return None
    return trunks if in_time(trunks) else None


def all_talking(need: Need, given: Given, parts: Parts) -> Parts:
    """Parts that survive a unit, with a core channel for each spare seat too, so that all can talk at once, unless it
    has a price, or a target is missed with them that is not without. They stand beside what the targets ask for: a
    search is without them."""
    priced = dict(need.prices).get("core-channel")
    if not need.survive or priced or given.core_channels is not None or parts.working_trunks(need) >= parts.seats:
        return parts
    extra = parts.seats - parts.working_trunks(need)
    ports = parts.ivr_ports + (extra if need.traffic.ivr and given.ivr_ports is None else 0)
    more = replace(parts, core_channels=parts.core_channels + extra, ivr_ports=ports, talking=extra)
    known = {short[:2] for short in short_of(need, parts)}
    return more if {short[:2] for short in short_of(need, more)} <= known else parts


@lru_cache(maxsize=32)
def _seats_for(need: Need, given: Given, start: tuple[int, int] = (0, 0)) -> int:
    """The fewest seats that meet every target but the blocking, with the fewest trunks that hold that."""
    targets, (first, about) = need.targets, start
    # Who is answered in time holds a seat: with fewer than these there are more of them than seats could serve.
    least = ceil((1 - targets.blocking) * targets.service_level * need.traffic.seat_load)

    def enough(seats: int) -> bool:
        nonlocal about
        try:
            about = trunks = _trunks_for(need, given, targets, seats, about)
        except Unreachable:
            return False
        asked = [(targets, need)]
        if need.surge and need.degraded:
            asked.append((need.surge_targets, need.in_surge()))
        return all(holds(calls, wanted, WAITS, seats, trunks, given.ivr_ports) for wanted, calls in asked)

    found = (
        None
        if least > MOST_SEATS
        else _fewest(enough, max(1, least), MOST_SEATS, first or ceil(need.traffic.seat_load))
    )
    if found is None:
        load = f"{need.traffic.seat_load:.1f}"
        if least > MOST_SEATS or need.traffic.trunk_load > MOST_TRUNKS:
            words = Message("the calls are {load} erlang for seats and {trunks} for trunks: no site has more than"
                            " {seats} seats and {lines} trunks", load=load, trunks=f"{need.traffic.trunk_load:.1f}",
                            seats=MOST_SEATS, lines=MOST_TRUNKS)  # fmt: skip
            raise Unreachable(words)
        trunks = _trunks_for(need, given, targets, MOST_SEATS)
        best = list(shortfalls(targets, queued(need, MOST_SEATS, trunks, given.ivr_ports)))
        words = Message("not even {seats} seats are enough: {missed}", seats=MOST_SEATS, missed=best[0][1])
        raise Unreachable(words)
    return found


def _trunks_for(need: Need, given: Given, targets: Targets, seats: int, about: int = 0) -> int:
    """The fewest trunks that hold the blocking of `targets`, sought from `about` on, or those that are given."""
    if (lines := _lines(need, given, seats)) is not None:
        return lines
    need = need.in_surge()
    allowed, traffic = targets.blocking, need.traffic
    hopeless = traffic.patience == inf and (1 - allowed) * traffic.seat_load > seats
    found = None
    if not hopeless and traffic.trunk_load * (1 - allowed) <= MOST_TRUNKS:
        about = about or erlang_b_servers(traffic.trunk_load, allowed)  # as many as if nobody waited
        found = _fewest(lambda trunks: holds(need, targets, BLOCKING, seats, trunks), 1, MOST_TRUNKS, about)
    if found is None:
        best = queued(need, seats, MOST_TRUNKS).blocking
        words = Message("not even {trunks} trunks are enough for {seats} seats: blocking {found}, allowed {wanted}",
                        trunks=MOST_TRUNKS, seats=seats, found=percent(best), wanted=percent(allowed))  # fmt: skip
        raise Unreachable(words)
    return max(1, found + given.beyond.trunks)


def _manned(need: Need, given: Given, agents: int) -> int:
    """As many of the agents as have a licence and a port; all of them where none has, to whom trunks are no use."""
    return at_least(need, given, agents, 1).working_seats(need) or agents


def _lines(need: Need, given: Given, seats: int) -> int | None:
    """Trunks that are given: what E1s, analog lines and core channels let in."""
    lines = [TIMESLOTS * sum(given.spans) + LOOP_LINES * (given.loops or 0)] if given.spans is not None else []
    if given.core_channels is not None:
        lines.append(given.core_channels - (seats if need.channels_count_seats else 0))
    return max(0, min(lines)) if lines else None


def _bought(need: Need, given: Given, sizes: tuple[int, int, int], boards: int, on_e1: int) -> Parts:
    """Parts for so many seats, agents and trunks. `on_e1` timeslots at least are on E1s and analog lines."""
    seats, agents, trunks = sizes
    servers = given.servers or (len(given.spans) if given.spans and given.housed else 2 if need.survive else 1)
    spans, loops = _trunk_parts(need, given, on_e1)
    return Parts(
        seats=seats,
        agents=agents,
        spans=given.spans if given.spans is not None else _on(servers, spans),
        loops=_or(given.loops, loops),
        ivr_ports=_or(given.ivr_ports, max(1, trunks + given.beyond.ports) if need.traffic.ivr else 0),
        core_channels=_or(given.core_channels, trunks + (seats if need.channels_count_seats else 0)),
        agent_licences=_or(given.agent_licences, seats),
        recording=_or(given.recording, seats if need.recorded else 0),
        boards=boards,
        stations=given.stations,
        servers=servers,
        switches=given.switches or (2 if need.survive else 1),
        housed=given.housed,
        feeds=given.feeds or (2 if need.survive else 1),
    )


def ports_for(need: Need, state: Case) -> int:
    """The fewest IVR ports that leave the blocking of a state within its target, or where the trunks alone have it."""
    if not need.traffic.ivr or state.trunks < 1:
        return 0
    calls, seats, trunks = need.with_calls(state.calls), state.seats, state.trunks
    allowed = max(state.targets.blocking, queued(calls, seats, trunks).blocking)
    about = erlang_b_servers(state.calls * need.traffic.ivr, allowed)
    return _fewest(lambda ports: queued(calls, seats, trunks, ports).blocking <= allowed, 1, trunks, about) or trunks


def _trunk_parts(need: Need, given: Given, trunks: int) -> tuple[int, int]:
    """E1s and loop modules; the lines beyond full E1s are analog where that costs less than another E1."""
    if given.loops is not None:
        return max(1, ceil((trunks - LOOP_LINES * given.loops) / TIMESLOTS)), given.loops
    beyond = trunks % TIMESLOTS
    modules = ceil(beyond / LOOP_LINES)
    cheaper = modules * price_of(need, "loop-module") < price_of(need, "e1")
    if need.loop_lines and beyond and trunks > TIMESLOTS and cheaper:
        return trunks // TIMESLOTS, modules
    return max(1, ceil(trunks / TIMESLOTS)), 0


def _on(servers: int, spans: int) -> tuple[int, ...]:
    """E1s on platforms, as even as can be."""
    return tuple(spans // servers + (place < spans % servers) for place in range(servers))


def _telephones(need: Need, seats: int) -> int:
    """Board ports that seats and extensions want."""
    return analog_seats(need, seats) + ceil(need.analog * need.extensions)


def _surviving(need: Need, given: Given, parts: Parts) -> Parts:
    """What it takes that the targets hold with one unit down, where they can: no trunk is bought for agents of whom a
    unit leaves too few, for it would let more callers wait. Where all agents are left the blocking holds at least."""
    trunks, whole = parts.working_trunks(need), parts.working_seats(need)
    boards, seats = parts.boards, parts.seats
    if parts.boards and need.analog and (given.seats is None or given.boards is None):
        boards, seats = _spared(need, given, parts, trunks)
    spared = replace(parts, boards=boards, seats=seats, agent_licences=_or(given.agent_licences, seats))
    by_board, *by_feed = (spared.working_seats(need, lost) for lost in telephones_lost(need, spared))
    downs = {agents: held(need, given, agents, trunks) for agents in {by_board, *by_feed} - {0, whole}}
    lines = max(trunks, *(number or 0 for number in downs.values()), 0)  # the longer queue for them holds more trunks
    on_e1 = lines
    if given.spans is None and len(parts.spans) > 1:
        sides = [held(need, given, agents) or 0 for agents in by_feed if downs.get(agents)]
        alone = max(_blocking_held(need, given, whole), *sides, 0)
        each_side = ceil(alone / TIMESLOTS / (len(parts.spans) - 1))
        on_e1 = max(lines, TIMESLOTS * each_side * len(parts.spans))
    return _bought(need, given, (seats, parts.agents, lines), boards, on_e1)


def _blocking_held(need: Need, given: Given, agents: int) -> int:
    """The fewest trunks that hold the blocking for so many agents with a unit down; 0: no number does."""
    targets = need.degraded or need.targets
    try:
        return _trunks_for(replace(need, surge=0.0), given, targets, agents) if agents else 0
    except Unreachable:
        return 0


def _spared(need: Need, given: Given, parts: Parts, trunks: int) -> tuple[int, int]:
    """Boards and seats of which any one board, or those of any one feed, may be missing: the cheapest of all pairs. Of
    seats that are given as many such units may be missing as can be."""

    def enough(agents: int) -> bool:
        return held(need, given, agents, trunks) is not None

    wanted = max(1, (_fewest(enough, 1, parts.agents, parts.agents) or parts.agents) + given.beyond.agents)
    least, each = parts.seats if given.seats else max(parts.seats, wanted), price_of(need, "board")
    choices: list[tuple[int, float, int, int]] = []
    for boards in range(parts.boards, parts.seats + 2) if given.boards is None else (given.boards,):
        if boards < 2 and given.seats is None:  # no seat is left with the only one down
            continue
        if choices and not min(choices)[0] and _with_telephones(need, least) + boards * each > min(choices)[1]:
            break
        seats = least
        while (short := _short(need, replace(parts, boards=boards, seats=seats), wanted)) and given.seats is None:
            seats += max(short)
        if _telephones(need, seats) <= given.stations * boards and seats <= MOST_SEATS:
            choices.append((len(short), _with_telephones(need, seats) + boards * each, boards, seats))
    return min(choices)[2:] if choices else (parts.boards, parts.seats)


def _short(need: Need, parts: Parts, wanted: int) -> list[int]:
    """Of each unit that takes telephones along and leaves too few agents, how many too few."""
    left = [parts.seats - lost for lost in telephones_lost(need, parts)]
    return [wanted - seats for seats in left if seats < wanted]


def _with_telephones(need: Need, seats: int) -> float:
    """What so many seats cost with all that they take but ports."""
    analog, seat = analog_seats(need, seats), sum(price_of(need, part) for part in _OF_SEAT)
    return seats * seat + analog * price_of(need, "headset") + (seats - analog) * price_of(need, "ip-telephone")


def price_of(need: Need, part: str) -> float:
    """Of a part: as the need says, or by the quotation if it says none at all."""
    return dict(need.prices or QUOTATION.items()).get(part, 0.0)


def _or(given: int | None, found: int) -> int:
    return found if given is None else given


def most_calls(need: Need, parts: Parts) -> float:
    """Calls per second, redials not counted, up to which the parts meet every target; 0 if they never do.

    BadInput: they always do, for calls that hold next to nothing.
    """

    def enough(rate: float) -> bool:
        other = replace(need, traffic=replace(need.traffic, arrival_rate=rate))
        seats, trunks = parts.working_seats(need), parts.working_trunks(need)
        return holds(other, need.targets, (*WAITS, *BLOCKING), seats, trunks, parts.ivr_ports)

    low, high, more = 0.0, need.traffic.arrival_rate, 0.01
    while enough(high):
        if high > _ENDLESS:
            words = Message("calls hold trunks and seats for too short a time to size a site for them")
            raise BadInput([nowhere(words)])
        low, high, more = high, (1 + more) * high, min(2 * more, 1.0)
    while high - low > _CLOSE * high and high > _NONE:
        middle = (low + high) / 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low


def agents_for(need: Need, parts: Parts, rate: float, about: int) -> int | None:
    """The fewest agents who meet every target but the blocking at another rate of calls, on trunks that are there;
    sought from `about` on. None: not even an agent for each seat does."""
    there, other = parts.working_trunks(need), replace(need, traffic=replace(need.traffic, arrival_rate=rate))

    def enough(agents: int) -> bool:
        return holds(other, need.targets, WAITS, agents, there, parts.ivr_ports)

    return _fewest(enough, 1, parts.seats, about)


def curve(need: Need, parts: Parts, seats: range) -> list[tuple[int, Got]]:
    """What so many seats would give with the trunks and ports as they are."""
    trunks = parts.working_trunks(need)
    return [(n, queued(need, n, trunks, parts.ivr_ports)) for n in seats]


def _fewest(enough: Callable[[int], bool], least: int, most: int, about: int = 0) -> int | None:
    """The smallest number from `least` to `most` that is enough, sought from `about` on; None if not even `most` is."""
    low, high, step = least - 1, min(max(about, least), most), 1
    while not enough(high):
        if high >= most:
            return None
        low, high, step = high, min(high + step, most), 2 * step
    step = 1
    while high - low > 1:
        middle = max((low + high) // 2, high - step)
        step *= 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
