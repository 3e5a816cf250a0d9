"""From a site description to machines: names, figures and cables. Targets that host `devices` build them here.

Names: server.a, server.b; gateway.a ...; span.1 ... (in the order of the gateways); module.1 ... with the loop lines
loop.1 ...; board.1 ...; switch.1 ...; feed.1 ...; seat.1 with the parts seat.1/console and seat.1/phone.
"""

import math
from collections.abc import Iterator

import msgspec

from simtel.devices.callers import Habits
from simtel.devices.cas import CasTimes
from simtel.devices.clearing import ClearingTimes
from simtel.devices.fabric.fabric import Figures, Interchange, Packets, Stages
from simtel.devices.line import LineTimes
from simtel.devices.loop import LoopTimes
from simtel.devices.port import PortTimes
from simtel.devices.seat import AgentHabits
from simtel.devices.server.call import Replicates, Settings
from simtel.devices.server.server import Rates
from simtel.devices.uplink import UplinkTimes
from simtel.profiles.spec import SiteSpec
from simtel.protocols.election import Times
from simtel.scenario.spec import Load
from simtel.target.plan import election_times

# One G.711 call of 20 ms packets: 50 packets/s and 87.2 kbit/s each way (hardware-facts: 218 octets a packet).
PACKETS_A_CALL = 100.0
BITS_A_CALL = 87_200


class Names(msgspec.Struct, frozen=True):
    """Names of everything on a site."""

    servers: tuple[str, ...]
    gateways: tuple[str, ...]
    spans: dict[str, str]  # span -> gateway
    loops: dict[str, str]  # the lines of a loop trunk module -> module
    boards: tuple[str, ...]
    switches: tuple[str, ...]
    feeds: tuple[str, ...]
    seats: dict[str, tuple[str, ...]]  # seat -> its parts, the one with the audio first
    unfit: tuple[str, ...]  # seats for which there is neither console nor port
    ports: dict[str, tuple[str, int]]  # seat on a board -> (board, port)
    group: int = 1  # ports of a board that share a signal processor
    stations: int = 0  # ports of a board
    housed: bool = False  # gateway n stands in the box of server n

    def boxes(self) -> dict[str, tuple[str, str]]:
        """Server -> what stands in its box: itself and its gateway."""
        pairs = zip(self.servers, self.gateways, strict=False) if self.housed else ()
        return {server: (server, gateway) for server, gateway in pairs}

    def fed(self) -> dict[str, str]:
        """Unit -> the feed on which it hangs: those of a kind take turns."""
        kinds = (self.servers, self.gateways, tuple(self.loops.values()), self.boards, self.switches)
        return {unit: self.feeds[n % len(self.feeds)] for units in kinds for n, unit in enumerate(units) if self.feeds}

    def roles(self) -> dict[str, tuple[str, ...]]:
        """Role -> names, for the header of the log; also which seats hang on "board.1", "board.1 group 1" and
        "board.1 port 3", and which units stop with "feed.1 units" and "server.a units" (those in its box)."""
        numbers = range(1, self.stations + 1)
        hanging: dict[str, tuple[str, ...]] = {f"{board} port {n}": () for board in self.boards for n in numbers}
        for seat, (board, port) in self.ports.items():
            hanging[board] = (*hanging.get(board, ()), seat)
            hanging[f"{board} port {port}"] = (seat,)
            group = f"{board} group {(port - 1) // self.group + 1}"
            hanging[group] = (*hanging.get(group, ()), seat)
        fed = self.fed()
        return {
            **hanging,
            **{f"{feed} units": tuple(unit for unit in fed if fed[unit] == feed) for feed in self.feeds},
            **{f"{server} units": box for server, box in self.boxes().items()},
            "servers": self.servers,
            "gateways": self.gateways,
            "spans": tuple(self.spans),
            "loops": tuple(self.loops.values()),
            "boards": self.boards,
            "switches": self.switches,
            "feeds": self.feeds,
            "seats": tuple(self.seats),
        }


def _letters(role: str, count: int) -> tuple[str, ...]:
    return tuple(f"{role}.{chr(ord('a') + n)}" for n in range(count))


def _numbers(role: str, count: int) -> tuple[str, ...]:
    return tuple(f"{role}.{n + 1}" for n in range(count))


def names(site: SiteSpec) -> Names:
    """What the parts of a site are called."""
    layout = site.layout
    gateways = _letters("gateway", layout.gateways)
    owners = [gateway for gateway, count in zip(gateways, layout.spans, strict=True) for _ in range(count)]
    boards = _numbers("board", layout.boards)
    stations = site.count("boards.ports.stations") if boards else 0
    seats: dict[str, tuple[str, ...]] = {}
    ports: dict[str, tuple[str, int]] = {}
    unfit = []
    for n, seat in enumerate(_numbers("seat", site.seats)):
        parts = []
        if layout.phone == "ip" or n >= site.seats - layout.ip_seats:
            parts.append("phone")
        elif layout.phone == "board" and stations and n < stations * len(boards):
            board, place = divmod(n, stations) if not layout.spread else (n % len(boards), n // len(boards))
            ports[seat] = boards[board], place + 1
            parts.append("phone")
        if layout.console and (parts or layout.phone != "board"):
            parts.append("console")
        if parts:
            seats[seat] = tuple(parts)
        else:
            unfit.append(seat)
    return Names(
        servers=_letters("server", layout.servers),
        gateways=gateways,
        spans={f"span.{n + 1}": gateway for n, gateway in enumerate(owners)},
        loops={f"loop.{n + 1}": f"module.{n + 1}" for n in range(layout.loops)},
        boards=boards,
        switches=_numbers("switch", layout.switches),
        feeds=_numbers("feed", layout.feeds),
        seats=seats,
        unfit=tuple(unfit),
        ports=ports,
        group=site.count("boards.ports.group") if boards else 1,
        stations=stations,
        housed=layout.housed,
    )


def line_times(site: SiteSpec, role: str) -> LineTimes | CasTimes:
    """Line supervision of `gateways` or `exchange`."""
    if "exchange.cas.register_time" in site.figures:
        return cas_times(site, role)
    path = f"{role}.line."
    return LineTimes(
        alarm_debounce=site.time(path + "alarm_debounce"),
        rai_debounce=site.time(path + "rai_debounce"),
        alarm_settle=site.time(path + "alarm_settle"),
        alarm_drops_dchannel=site.flag(path + "alarm_drops_dchannel"),
        t200=site.time(path + "t200"),
        n200=site.count(path + "n200"),
        t203=site.time(path + "t203"),
        t309=site.time(path + "t309"),
        window=site.count(path + "window"),
        status_enquiry=site.flag(path + "status_enquiry"),
        exclusive=site.flag(path + "exclusive"),
        clearing=ClearingTimes(
            t305=site.time(path + "t305"),
            t308=site.time(path + "t308"),
            restarts=site.flag(path + "restarts"),
            t316=site.time(path + "t316"),
            n316=site.count(path + "n316"),
        ),
        delay=site.time("exchange.delay"),
    )


def cas_times(site: SiteSpec, role: str) -> CasTimes:
    """The same where the E1s have channel-associated signalling."""
    path = f"{role}.line."
    return CasTimes(
        alarm_debounce=site.time(path + "alarm_debounce"),
        rai_debounce=site.time(path + "rai_debounce"),
        alarm_settle=site.time(path + "alarm_settle"),
        register_time=site.time("exchange.cas.register_time"),
        release_guard=site.time("exchange.cas.release_guard"),
        clear_back=site.time("exchange.cas.clear_back"),
        lingers=site.time("exchange.cas.lingers"),
    )


def loop_times(site: SiteSpec) -> LoopTimes:
    """Loop lines and their modules."""
    return LoopTimes(
        reversal=site.flag("loops.lines.reversal"),
        break_time=site.time("loops.lines.break_time"),
        rings=site.count("loops.loop.rings"),
        ring_timeout=site.time("loops.loop.ring_timeout"),
        dial_tone_wait=site.time("loops.loop.dial_tone_wait"),
        dial_time=site.time("loops.loop.dial_time"),
        answer_by=site.choice("loops.loop.answer_by"),
        guess_time=site.time("loops.loop.guess_time"),
        break_detect=site.time("loops.loop.break_detect"),
        busy_cycles=site.count("loops.loop.busy_cycles"),
        guard=site.time("loops.loop.guard"),
        glare=site.choice("loops.loop.glare"),
        late_ring=site.choice("loops.loop.late_ring"),
    )


def uplink_times(site: SiteSpec, role: str) -> UplinkTimes:
    """How devices of a role register."""
    path = f"{role}.registration."
    return UplinkTimes(
        mode=site.choice(path + "mode"),
        expiry=site.time(path + "expiry"),
        keepalive=site.time(path + "keepalive") if path + "keepalive" in site.figures else 0,
        timeout=site.time(path + "timeout"),
        fallback=site.time(path + "fallback"),
    )


def role_of(site: SiteSpec, part: str, on_board: bool) -> str:
    """The role that says how a part of a seat boots and registers; an analog set does as its board."""
    if part == "console":
        return "consoles"
    return "boards" if on_board else _ip_phones(site)


def _ip_phones(site: SiteSpec) -> str:
    """The role of phones that hang on no board."""
    return "ip_phones" if site.layout.ip_seats else "phones"


def part_times(site: SiteSpec, part: str, on_board: bool) -> UplinkTimes:
    """How a part of a seat registers."""
    return uplink_times(site, role_of(site, part, on_board))


def port_times(site: SiteSpec, on_board: bool) -> PortTimes | None:
    """How boards treat the line of a seat; None where it has none."""
    if not on_board:
        return None
    return PortTimes(
        ring_length=site.time("boards.ring.length"),
        ring_pause=site.time("boards.ring.pause"),
        hook_debounce=site.time("boards.line.hook_debounce"),
        dial_tone=site.time("boards.line.dial_tone"),
        howler=site.time("boards.line.howler"),
    )


def phones(site: SiteSpec, names: Names) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each role that says what befalls telephones, and the seats with one of them."""
    there = [seat for seat, parts in names.seats.items() if "phone" in parts]
    on_board = [seat for seat in there if seat in names.ports or not site.layout.ip_seats]
    yield "phones", tuple(on_board)
    if site.layout.ip_seats:
        yield "ip_phones", tuple(seat for seat in there if seat not in names.ports)


def unplugged(site: SiteSpec, names: Names) -> dict[str, str]:
    """What pulling the plug of its headset does, for each seat with a telephone."""
    return {seat: site.choice(f"{role}.unplugged") for role, seats in phones(site, names) for seat in seats}


def habits(site: SiteSpec) -> Habits:
    """Callers."""
    return Habits(
        queue_patience=site.time("people.queue_patience"),
        silence_patience=site.time("people.silence_patience"),
        redial=site.number("people.redial"),
        redial_delay=site.time("people.redial_delay"),
        caller_ends=site.number("people.caller_ends"),
        answer_time=site.time("exchange.answer_time"),
    )


def agent_habits(site: SiteSpec, load: Load) -> AgentHabits:
    """Agents."""
    return AgentHabits(
        answer_time=site.time("people.answer_time"),
        wrap_up=site.time("people.wrap_up"),
        pick_up_time=site.time("people.pick_up_time"),
        silence_patience=site.time("people.silence_patience"),
        held=load.held,
    )


def setups(site: SiteSpec) -> float | None:
    """Calls that a gateway takes in a second; None when its profile knows no bound."""
    return site.number("gateways.limits.setups") if "gateways.limits.setups" in site.figures else None


def rates(site: SiteSpec) -> Rates:
    """The processor of a call server."""
    return Rates(
        attempts=site.number("servers.limits.attempts"),
        registrations=site.number("servers.limits.registrations"),
        backlog=site.time("servers.limits.backlog"),
        control=site.flag("servers.overload_control"),
        heartbeat_waits=site.layout.servers > 1 and site.choice("servers.election.heartbeat") == "shared",
    )


def fabric(site: SiteSpec) -> Figures:
    """What switches speech: the matrix that the site states, else the packets of its LAN."""
    if "switching.memory.slots" in site.figures:
        return Interchange(site.count("switching.memory.slots"), site.number("switching.memory.accesses"))
    if "switching.stages.middle" in site.figures:
        return Stages(
            inlets=site.count("switching.stages.inlets"),
            middle=site.count("switching.stages.middle"),
            outer=site.count("switching.stages.outer"),
            routing=site.choice("switching.routing"),
            rearranges=site.flag("switching.rearranges"),
            spans=sum(site.layout.spans),
            lines=site.count("loops.ports.lines") if site.layout.loops else 0,
        )
    paths = min(
        math.floor(site.number("lan.forwarding.packets") / PACKETS_A_CALL),
        site.count("lan.forwarding.bitrate") // BITS_A_CALL,
    )
    return Packets(paths)


def server_settings(site: SiteSpec) -> Settings:
    """How call servers of the site work."""
    paired = site.layout.servers > 1

    def kept(what: str) -> bool:
        return paired and site.flag(f"servers.replication.{what}")

    return Settings(
        ivr_time=site.time("people.ivr_time"),
        queue_limit=site.count("servers.limits.queue"),
        ivr_limit=site.count("servers.limits.ivr"),
        seat_limit=site.count("servers.limits.seats"),
        channels_count_agents=site.choice("site.core_channel_counts") == "trunks-and-agents",
        talk_through_server=site.choice("servers.media.talk") == "server",
        recorded_through_server=site.choice("servers.media.recorded") == "server",
        session_timer=site.time("servers.session_timer"),
        fabric=fabric(site),
        records_by_day=site.choice("servers.day_clock") != "nothing",
        timers_by_day=site.choice("servers.day_clock") == "everything",
        refuses_unwritten=site.choice("servers.disk_full") == "refuse",
        replicates=Replicates(
            dialogs=kept("dialogs"),
            registrations=kept("registrations"),
            queue=kept("queue"),
            agents=kept("agents"),
            records=kept("records"),
            configuration=kept("configuration"),
            journal=paired and site.choice("servers.replication.journal") == "disk",
        ),
    )


def times(site: SiteSpec) -> Times:
    """The election; a server without peer never uses them beyond the advert interval."""
    if site.layout.servers > 1:
        return election_times(site)
    return Times(advert_interval=10**9, promote_time=0, address_time=0)


def licences(site: SiteSpec, first: bool) -> dict[str, int]:
    """How many of each the first server has, or the second by itself."""
    bought = {name: site.count(f"licences.{name}") for name in ("core-channel", "agent", "recording")}
    if first:
        return bought
    alone = site.number("servers.replication.licences")
    return {name: math.floor(count * alone) for name, count in bought.items()}
