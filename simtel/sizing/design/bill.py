"""The parts of a site one by one: how many there are, how many the calls need, which rule fixed that, what is left.

The rule is not claimed but tried: with one piece fewer, the target that is missed first fixed the number. Beside it
stands what the planning rules of Chinese networks say: 0.7 E for a trunk, 0.2 E for a user line, a loss of 0.005 for a
group of trunks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil, inf

from simtel.core.i18n import Message
from simtel.sizing.design.confirm import Neighbour, Simulated, told
from simtel.sizing.design.lan import recordings, streams
from simtel.sizing.design.need import EXTENSION_LOAD, TIMESLOTS, Got, Need, Parts, analog_seats, got, percent
from simtel.sizing.design.plan import ports_for
from simtel.sizing.design.simulated import Measured
from simtel.sizing.design.survive import cases, left, missed, short_of
from simtel.sizing.theory.erlang_b import erlang_b_servers

TRUNK_RULE, LINE_RULE, LOSS_RULE = 0.7, 0.2, 0.005
EXTENSION_CALL = 180.0  # seconds: holding time of the Chinese BHCA formula for special lines, the longest but trunks'
PIECES, BITS, PACKETS, OCTETS, CALLS = "pieces", "bit/s", "packets/s", "octets", "calls/h"


@dataclass(frozen=True, slots=True)
class Limits:
    """What devices can take, by their profiles: call attempts, packets and bits per second."""

    attempts: float = inf
    packets: float = inf
    bits: float = inf


@dataclass(frozen=True, slots=True)
class Row:
    """One part. `needed` by the calls, None where the targets cannot be met; `there`: in this site, or allowed by its
    devices; inf where nobody says."""

    id: str
    name: Message
    unit: str
    needed: float | None
    there: float
    rule: Message
    source: Message
    planning: Message | None = None

    @property
    def spare(self) -> float | None:
        """What is left of it; below zero what is lacking."""
        return None if self.needed is None or self.there == inf else self.there - self.needed


_ONE_FEWER = Message("with one fewer: {missed}")
_WORSE = Message("missed as it is; with one fewer: {missed}")
_NO_MORE = Message("one fewer misses no more than is missed as it is")
_SPARE = Message("one fewer would do")
_SPARE_BY_FORMULA = Message("one fewer would do, by the formula")
_SPARE_BUT_SURGE = Message("one fewer would do, by the formula, the surge aside")
FORMULA = Message("formula: Erlang A, trunks, IVR")
SIMULATED = Message("simulated")
QUOTATION = Message("quotation")
COMPUTED = Message("computed")


def bill(
    need: Need, parts: Parts, wanted: Parts | None, limits: Limits, made: Simulated | None = None, *,
    sought: bool = True,
) -> list[Row]:  # fmt: skip
    """Every part of a site; `wanted` are the parts that the need asks for, None if no site meets it; `made`: what
    simulation says, which counts before the formula; `sought`: it found `wanted` too, which else is the formula's."""
    gives = got(need, parts)
    # To the formula a surge lasts for ever: one that ends is left to simulation.
    judged = need if made is None or need.surge_lasts == inf else replace(need, surge=0.0)
    rows = [
        *_people(judged, parts, wanted),
        *_trunks(need, parts, wanted, gives),
        *_extensions(need, parts),
        *_channels(need, parts, wanted),
        *_units(judged, parts, wanted),
        *_network(need, parts, gives, limits),
    ]
    if made is None:
        return rows
    found = [_as_simulated(row, need, parts, wanted, made) for row in rows]
    return found if sought or wanted is None else [_needed_by_formula(row) for row in found]


def _needed_by_formula(row: Row) -> Row:
    """A row whose rule is of the parts that are there, simulated, says where its need comes from."""
    if row.source != SIMULATED or row.id == "ivr":  # ports were sought by simulation
        return row
    return replace(row, rule=Message("{rule} (needed: by the formula)", rule=row.rule))


def _as_simulated(row: Row, need: Need, parts: Parts, wanted: Parts | None, made: Simulated) -> Row:
    """A row that the formula made, as simulation has it."""
    if row.id in {"e1", "lines"} and need.surge and need.surge_lasts < inf and row.there:
        # To the formula the surge lasts for ever, which is not what fixed the number.
        trunks = parts.working_trunks(need)
        return replace(row, rule=Message("{trunks} trunks, as simulated", trunks=trunks), source=SIMULATED)
    if row.id == "ivr" and made.ports is not None and wanted is not None:
        fewer = next((one for one in made.neighbours if one.part == "ports"), None)
        rule = Message("fewest that leave the blocking as it is") if fewer is None else _beside(fewer, made)
        return replace(row, needed=made.ports, rule=rule, source=SIMULATED)
    if row.id == "seats" and parts.seats > parts.agents:
        return _spare_seats(row, need, parts, made)
    part = {"agents": "agents", "timeslots": "trunks"}.get(row.id)
    if row.id == "seats" and wanted is not None and wanted.seats == wanted.agents:
        part = "agents"
    for neighbour in made.neighbours:
        if neighbour.part == part:
            needed = row.needed
            if part == "trunks" and wanted is not None:
                needed = wanted.asked_for.working_trunks(need)
            return replace(row, needed=needed, rule=_beside(neighbour, made), source=SIMULATED)
    if row.rule.template in {_ONE_FEWER.template, _WORSE.template} and row.source != FORMULA:
        return replace(row, rule=Message("by the formula, {rule}", rule=row.rule))  # nobody simulated an E1 fewer
    if row.rule != _SPARE:
        return row
    return replace(row, rule=_SPARE_BUT_SURGE if need.surge and need.surge_lasts < inf else _SPARE_BY_FORMULA)


def _spare_seats(row: Row, need: Need, parts: Parts, made: Simulated) -> Row:
    """Seats to which agents move when a unit takes others along: with one seat fewer it leaves too few for them. That
    is as simulated where it leaves those whom simulation found too few while everything works."""

    def felt(seats: int) -> tuple[int, Message] | None:
        downs = [(agents, unit) for unit, agents, _ in left(need, replace(parts, seats=seats)) if agents]
        return min(downs, key=lambda down: down[0], default=None)

    now, fewer = felt(parts.seats), felt(parts.seats - 1)
    if now is None or fewer is None or fewer[0] >= now[0]:
        return row
    agents, unit = fewer
    rule = Message("with one fewer: {unit} down leaves {left} of {agents} agents", unit=unit, left=agents,
                   agents=parts.agents)  # fmt: skip
    alike = need.degraded is None and agents == parts.working_seats(need) - 1
    one_fewer = next((one.cases[0] for one in made.neighbours if one.part == "agents"), None)
    shown = alike and one_fewer is not None and not all(one_fewer.met.values())
    return replace(row, rule=rule, source=SIMULATED if shown else COMPUTED)


def _beside(fewer: Neighbour, made: Simulated) -> Message:
    """What one fewer misses, or may miss, first, and the site does not."""
    known = {one.case.kind: one for one in made.cases}
    worse: Message | None = None
    for state in fewer.cases:
        there = known.get(state.case.kind)
        for name, words in zip(state.missing(False), told(state, False), strict=True):
            if there is None or there.met[name] is not False:
                return Message(_ONE_FEWER.template, missed=words)
            if worse is None and apart(state, there, name):
                worse = Message(_WORSE.template, missed=words)
    if worse is not None:
        return worse
    for state in fewer.cases:
        there = known.get(state.case.kind)
        for name, words in zip(state.missing(None), told(state, None), strict=True):
            if there is None or there.met[name] is True:
                return Message("with one fewer it cannot be told: {missed}", missed=words)
    return _NO_MORE if any(False in one.met.values() for one in made.cases) else _SPARE


def apart(fewer: Measured, there: Measured, name: str) -> bool:
    """Whether a target is missed by more with one fewer, beyond both intervals."""
    one, other = fewer.intervals[name], there.intervals[name]
    return one.high < other.low if name == "service_level" else one.low > other.high


def _people(need: Need, parts: Parts, wanted: Parts | None) -> Iterator[Row]:
    fewer = replace(parts, agents=parts.agents - 1)
    yield Row(
        "agents",
        Message("agents on duty"),
        PIECES,
        _of(wanted, lambda p: p.agents),
        parts.agents,
        tried(need, fewer, parts),
        FORMULA,
        _by_lines(need),
    )
    yield Row(
        "roster",
        Message("agents on the roster"),
        PIECES,
        _of(wanted, lambda p: rostered(need, p.agents)),
        rostered(need, parts.agents),
        Message("{agents} on duty, shrinkage {share}", agents=parts.agents, share=percent(need.shrinkage)),
        COMPUTED,
    )
    fewer = replace(parts, seats=parts.seats - 1, agents=min(parts.agents, parts.seats - 1))
    yield Row(
        "seats",
        Message("seats"),
        PIECES,
        _of(wanted, lambda p: p.seats),
        parts.seats,
        tried(need, fewer, parts),
        FORMULA,
    )


def _trunks(need: Need, parts: Parts, wanted: Parts | None, found: Got) -> Iterator[Row]:
    load = _carried(need, parts, found)
    planned = Message(
        "{trunks} at 0.7 E each; {lines} at a loss of 0.005",
        trunks=ceil(load / TRUNK_RULE),
        lines=erlang_b_servers(load, LOSS_RULE),
    )
    few = None if wanted is None else _fewest_trunks(need, wanted)
    one_fewer = (parts.working_trunks(need) if few is None else few) - 1
    asked = wanted or parts
    rule = tried(need, asked.with_trunks(need, one_fewer), asked.with_trunks(need, one_fewer + 1))
    yield Row("timeslots", Message("trunk timeslots"), PIECES, few, parts.timeslots, rule, FORMULA, planned)
    spans = sum(parts.spans)
    widest = parts.spans.index(max(parts.spans))
    fewer = replace(parts, spans=tuple(n - (place == widest) for place, n in enumerate(parts.spans)))
    yield Row(
        "e1",
        Message("E1 spans"),
        PIECES,
        _of(wanted, lambda p: sum(p.spans)),
        spans,
        tried(need, fewer, parts),
        Message("G.704: 30 timeslots carry calls, the 16th signals (PRI: D-channel)"),
    )
    lines = Message("on E1s alone") if not parts.loops else tried(need, replace(parts, loops=parts.loops - 1), parts)
    yield Row(
        "lines", Message("analog lines"), PIECES, _of(wanted, lambda p: 4 * p.loops), 4 * parts.loops, lines, QUOTATION
    )


def _extensions(need: Need, parts: Parts) -> Iterator[Row]:
    """Office extensions, if there are any: they are few sources, and taken as if they were many."""
    if not need.extensions:
        return
    calls = need.in_surge()
    few = replace(calls, traffic=replace(calls.traffic, sources=need.extensions))
    yield Row(
        "extensions",
        Message("office extensions"),
        PIECES,
        need.extensions,
        need.extensions,
        Message(
            "0.2 E each, taken as a Poisson stream: blocking {many}; as so few telephones bring it"
            " (Engset): {few}",
            many=percent(got(calls, parts).blocking), few=percent(got(few, parts).blocking),
        ),
        Message("Engset 1918, and the formula: Erlang A, trunks, IVR"),
    )  # fmt: skip


def _channels(need: Need, parts: Parts, wanted: Parts | None) -> Iterator[Row]:
    ports = None
    if wanted is not None:
        ports = max(ports_for(need, state) for state in cases(need, wanted))
    ivr = Message("no IVR")
    if wanted and ports:
        ivr = tried(need, replace(wanted, ivr_ports=ports - 1), replace(wanted, ivr_ports=ports))
    yield Row("ivr", Message("IVR ports"), PIECES, ports, parts.ivr_ports, ivr, FORMULA)
    core = Message("one for each call let in")
    if need.channels_count_seats:
        core = Message("one for each call let in, and one for each seat")
    elif parts.talking:
        core = Message("one for each seat, spare ones too: +{more}, so that all can talk at once", more=parts.talking)
    yield Row(
        "core",
        Message("core channels"),
        PIECES,
        _of(wanted, lambda p: p.asked_for.core_channels),
        parts.core_channels,
        core,
        Message("quotation; what takes a core channel is not stated"),
    )
    yield Row(
        "agent-licences",
        Message("agent licences"),
        PIECES,
        _of(wanted, lambda p: p.agent_licences),
        parts.agent_licences,
        Message("one for each seat"),
        QUOTATION,
    )
    recorded = (
        Message("one for each seat: all may be recorded at once") if need.recorded else Message("none is recorded")
    )
    yield Row(
        "recording",
        Message("recording licences"),
        PIECES,
        _of(wanted, lambda p: p.recording),
        parts.recording,
        recorded,
        QUOTATION,
    )


def _units(need: Need, parts: Parts, wanted: Parts | None) -> Iterator[Row]:
    boards = Message("no telephone needs one")
    if parts.boards:
        boards = tried(need, replace(parts, boards=parts.boards - 1), parts)
    if need.extensions:
        boards = Message(
            "{ports} ports for seats and extensions",
            ports=analog_seats(need, parts.seats) + ceil(need.analog * need.extensions),
        )
    yield Row(
        "boards", Message("24-port boards"), PIECES, _of(wanted, lambda p: p.boards), parts.boards, boards, QUOTATION
    )
    analog = analog_seats(need, parts.seats)
    yield Row(
        "headsets",
        Message("analog telephones or headsets"),
        PIECES,
        _of(wanted, lambda p: analog_seats(need, p.seats)),
        analog,
        Message("{share} of the seats, on boards", share=percent(need.analog)),
        COMPUTED,
    )
    yield Row(
        "ip-phones",
        Message("IP telephones"),
        PIECES,
        _of(wanted, lambda p: p.seats - analog_seats(need, p.seats)),
        parts.seats - analog,
        Message("the seats that have no port of a board"),
        COMPUTED,
    )
    pair = Message("the second takes over (1+1)") if need.survive else Message("one carries the calls, none takes over")
    yield Row(
        "servers",
        Message("servers"),
        PIECES,
        2 if need.survive else 1,
        parts.servers,
        pair,
        Message("proposal: 1+1 hot standby"),
    )
    pair = Message("every device hangs on both") if need.survive else Message("one, and nothing beside it")
    yield Row(
        "switches",
        Message("LAN switches"),
        PIECES,
        2 if need.survive else 1,
        parts.switches,
        pair,
        Message("proposal: one IP network"),
    )
    pair = Message("devices hang on them in turn") if parts.feeds > 1 else Message("all devices hang on one")
    yield Row(
        "feeds",
        Message("power feeds"),
        PIECES,
        2 if need.survive else 1,
        parts.feeds,
        pair,
        Message("assumed: each device hangs on one feed"),
    )


def _network(need: Need, parts: Parts, found: Got, limits: Limits) -> Iterator[Row]:
    calls = parts.working_trunks(need)
    talks = min(parts.recording, parts.working_seats(need), calls)  # who is recorded talks to a caller
    lan = streams(need.codec, need.packet_time, calls, talks)
    source = Message("RFC 3550, RFC 768, RFC 791, IEEE 802.3; the switch's limit is assumed")
    yield Row(
        "packets",
        Message("LAN packets"),
        PACKETS,
        lan.packets,
        limits.packets,
        Message(
            "{calls} calls and {copies} copies to the recorder, {packets} packets/s each way; a seat on a board speaks"
            " over the LAN as well, from its board",
            calls=calls,
            copies=talks,
            packets=f"{lan.one_packets:g}",
        ),
        source,
    )
    yield Row(
        "bits",
        Message("LAN bandwidth"),
        BITS,
        lan.bits,
        limits.bits,
        Message(
            "{codec}, {time} ms: {kbit} kbit/s each way",
            codec=need.codec.replace("g7", "G.7"),
            time=f"{need.packet_time * 1000:g}",
            kbit=f"{lan.one_bits / 1000:g}",
        ),
        source,
    )
    talking = need.recorded * found.occupancy * parts.working_seats(need) * need.traffic.talk / need.traffic.aht
    yield Row(
        "disk",
        Message("recording disk"),
        OCTETS,
        recordings(need.codec, talking, need.retention, need.busy_hours),
        inf,
        Message(
            "{talks} E of recorded talk, {hours} such hours a day, kept {days} days",
            talks=f"{talking:.1f}",
            hours=f"{need.busy_hours:.3g}",
            days=f"{need.retention:g}",
        ),
        Message("computed: {rate} octets/s each, both ways mixed", rate=round(recordings(need.codec, 1, 1, 1) / 3600)),
    )
    bhca = attempts(need, found)
    yield Row(
        "bhca",
        Message("busy-hour call attempts"),
        CALLS,
        bhca,
        limits.attempts * 3600,
        Message("{calls} calls, redials and extensions included", calls=round(bhca)),
        Message("the server's limit is assumed"),
        _by_formula(need, parts),
    )


def _of(wanted: Parts | None, what: Callable[[Parts], float]) -> float | None:
    return None if wanted is None else what(wanted)


def rostered(need: Need, agents: int) -> int:
    """Agents on the roster, of whom so many are on duty."""
    return ceil(agents / (1 - need.shrinkage) - 1e-9)


def attempts(need: Need, found: Got) -> float:
    """Call attempts in an hour: callers with their redials, and extensions."""
    return 3600 * (found.attempts + need.extensions * EXTENSION_LOAD / EXTENSION_CALL)


def tried(need: Need, fewer: Parts, parts: Parts) -> Message:
    """What is missed first with fewer parts and not with these, or by more than with these."""
    known = {short[:2]: short.far for short in sorted(short_of(need, parts), key=lambda short: short.far)}
    short = list(short_of(need, fewer))
    for words in (one.words for one in short if one[:2] not in known):
        return Message(_ONE_FEWER.template, missed=words)
    for words in (one.words for one in short if one.far > known[one[:2]]):
        return Message(_WORSE.template, missed=words)
    return _NO_MORE if known else _SPARE


def _fewest_trunks(need: Need, wanted: Parts) -> int:
    """Trunks with which nothing is missed yet."""
    trunks = wanted.working_trunks(need)
    while trunks > 1 and not any(missed(need, wanted.with_trunks(need, trunks - 1))):
        trunks -= 1
    return trunks


def _carried(need: Need, parts: Parts, found: Got) -> float:
    """What calls put on the trunks in the mean, in erlang, as if none was refused."""
    traffic = need.traffic
    waits = found.queue / ((1 - found.blocking) or inf)
    talks = found.occupancy * parts.working_seats(need) * traffic.talk / traffic.aht / ((1 - found.blocking) or inf)
    return found.attempts * traffic.ivr + waits + talks + traffic.extensions


def _by_lines(need: Need) -> Message:
    lines = ceil(need.traffic.seat_load / LINE_RULE)
    return Message("{lines} user lines at 0.2 E each would bring the same load", lines=lines)


def _by_formula(need: Need, parts: Parts) -> Message:
    """R0 = lines x 0.2 x 3600 / T + trunks x 0.7 x 3600 / T, T being the mean time that a call holds a trunk."""
    held = need.traffic.ivr + need.traffic.p_agent * need.traffic.talk
    load = (parts.seats + need.extensions) * LINE_RULE + sum(parts.spans) * TIMESLOTS * TRUNK_RULE
    return Message("{calls} by 0.2 E a line and 0.7 E a timeslot", calls=round(load * 3600 / held))
