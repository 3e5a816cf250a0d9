"""The site of a virtual run, built and cabled, with what makes each of its devices: at power-on, and after a crash."""

from collections.abc import Callable

from simtel.core.clock import MS, Ns
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceWriter
from simtel.core.streams import Streams
from simtel.devices.elements import signal_of
from simtel.devices.exchange import Exchange
from simtel.devices.gateway import Gateway
from simtel.devices.ground import Ground
from simtel.devices.module import LoopModule
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.seat import Seat
from simtel.devices.server.configuration import Configuration
from simtel.devices.server.records import STATION
from simtel.devices.server.server import Server
from simtel.devices.station import Station
from simtel.devices.uplink import SERVICE, SPREAD
from simtel.devices.wiring import IN, Wiring
from simtel.model.calendar import Calendar
from simtel.protocols.service import Watch
from simtel.target import building
from simtel.target.arrivals import arrivals
from simtel.target.connections import connections
from simtel.target.plan import PRIORITIES, Plan, load_length

WATCH_INTERVAL, WATCH_TIMEOUT = 200 * MS, 300 * MS
GROUND = "site"


class VirtualSite:
    """Cables, calendar and devices of a plan's site. Nothing is switched on yet."""

    def __init__(
        self, plan: Plan, out: EvidenceWriter, server: type[Server] = Server, exchange: type[Exchange] = Exchange
    ) -> None:
        """`server`: what runs on the call servers; `exchange`: the public network with its people."""
        self._plan = plan
        self._server_type = server
        self._exchange_type = exchange
        self._site = site = plan.site
        self.names = building.names(site)
        self.streams = Streams(plan.seed)
        lag = site.time("servers.replication.lag") if site.layout.servers > 1 else 0
        self.wiring = Wiring(site.time("lan.forwarding.delay"), site.time("exchange.delay"), lag)
        self.calendar = Calendar(self.wiring, out)
        self.plane = MediaPlane(self.wiring.carries, self.calendar.tell)
        self.ground = Ground(self.wiring, self.plane, self.calendar, self.calendar.out(GROUND).timers)
        self.first_start = True  # what starts now does so with the whole site
        self._cable()
        self._configurations = {server: self._configuration() for server in self.names.servers}
        self._place()

    def resolve(self, subject: str) -> str:
        """The element that a scenario's subject means at this moment."""
        role, _, which = subject.partition(".")
        names = self.names
        if role in ("servers", "platforms"):
            if which.isdigit():
                return names.servers[int(which) - 1]
            active = [s for s in names.servers if (m := self.calendar.machine(s)) is not None and m.active]
            first = active[0] if active else names.servers[0]
            if which == "active":
                return first
            return next(s for s in names.servers if s != first)
        group = names.roles()[role]
        return group[int(which) - 1]

    def _cable(self) -> None:
        site, names, wiring, ground = self._site, self.names, self.wiring, self.ground
        central = (*names.servers, *names.gateways, *names.loops.values(), *names.boards)
        for element in (*central, STATION, "watch"):
            wiring.hang(element, *names.switches)
        for span, gateway in (*names.spans.items(), *names.loops.items()):
            wiring.plug(span, gateway)
        for seat, parts in names.seats.items():
            for part in parts:
                element = f"{seat}/{part}"
                on_board = part == "phone" and seat in names.ports
                wiring.hang(element, *((names.ports[seat][0],) if on_board else names.switches))
                ground.parts[element] = (seat, part)
                if on_board:
                    ground.boards.ports[names.ports[seat]] = element
                ground.boot[element] = site.time(f"{building.role_of(site, part, on_board)}.boot_time")
            wiring.hang(seat, *(f"{seat}/{part}" for part in parts))
        wiring.holder = names.servers[0]
        for server, box in names.boxes().items():
            for unit in box:
                ground.boxes[unit] = box
                wiring.house(unit, server)
        for role, group in (
            ("servers", names.servers),
            ("gateways", names.gateways),
            ("loops", tuple(names.loops.values())),
            ("boards", names.boards),
            ("lan", names.switches),
        ):
            for element in group:
                ground.boot[element] = site.time(f"{role}.boot_time")
        ground.feeds = {unit: (feed,) for unit, feed in names.fed().items()}
        ground.servers = names.servers
        ground.listening = site.time("lan.forwarding.listening")
        ground.hosted = frozenset((*names.servers, *names.gateways, *names.loops.values()))
        ground.boards.group = names.group
        if site.layout.boards:
            ground.boards.hot_swap = site.flag("boards.hot_swap")
        ground.boards.unplugged = building.unplugged(site, names)
        if names.gateways:
            ground.clocks.errors = site.count("gateways.line.clock_error"), site.count("exchange.line.clock_error")
        ground.moving_address = site.choice("site.address") == "moving"
        if site.layout.servers > 1:
            ground.test_interval = site.time("servers.election.test_interval")
        if site.layout.cold_spare and len(names.gateways) > 1:
            ground.cables.spare = (names.gateways[0], names.gateways[1])
            ground.cables.move_time = site.time("site.cable_move_time")

    def _place(self) -> None:
        calendar, names = self.calendar, self.names
        calendar.place(GROUND, lambda _now: self.ground)
        calendar.place(PUBLIC, self._exchange)
        calendar.place(STATION, lambda _now: Station(STATION, calendar.out(STATION)))
        for n, server in enumerate(names.servers):
            calendar.place(server, self._server(server, n))
        for gateway in names.gateways:
            calendar.place(gateway, self._gateway(gateway))
        for span, module in names.loops.items():
            calendar.place(module, self._module(module, span))
        for n, seat in enumerate(names.seats):
            calendar.place(seat, self._seat(seat, n))
        if self.watched:
            calendar.place("watch", self._watch)

    def _exchange(self, now: Ns) -> Exchange:
        site, plan = self._site, self._plan
        load = plan.scenario.load
        talk = site.time("people.talk_time")
        if load.kind == "connections":
            coming = connections(load, site, self.streams, self._searched)
        else:
            coming = arrivals(load, len(self.names.seats) or 1, talk, self.streams)
        exchange = self._exchange_type(
            PUBLIC,
            self.calendar.out(PUBLIC),
            spans=self.names.spans,
            hunting=site.choice("exchange.line.hunting"),
            by_number=site.choice("exchange.trunk_group") == "by-number",
            line=building.line_times(site, "exchange"),
            t303=site.time("exchange.line.t303") if "exchange.line.t303" in site.figures else 0,
            habits=building.habits(site),
            arrivals=iter(()) if plan.scenario.random else coming,
            load_until=0 if plan.scenario.random else load_length(load),
            streams=self.streams,
            plane=self.plane,
            loops={
                span: (module, site.count("loops.ports.lines"), building.loop_times(site))
                for span, module in self.names.loops.items()
            },
        )
        self.ground.cables.recable = exchange.recable
        exchange.start(now)
        return exchange

    def _searched(self, found: bool, never: bool, calls: int) -> None:
        self.calendar.emit(Kind.FABRIC_SEARCHED, "switching", found=found, never=never, calls=calls)

    def _configuration(self) -> Configuration:
        """Without what the scenario adds in service."""
        seats = frozenset(seat for subject in self.added() for seat in self.ground.seats_of(subject))
        faults = self._plan.scenario.faults
        return Configuration(seats, sum(f.amount for f in faults if f.kind is FaultKind.LICENCES_ADDED))

    def added(self) -> tuple[str, ...]:
        """What is added in service: a thing that two entries name is one thing."""
        faults = (fault for fault in self._plan.scenario.faults if fault.kind is FaultKind.ADDED)
        return tuple(dict.fromkeys(self.resolve(fault.subject) for fault in faults))

    def _server(self, name: str, number: int) -> Callable[[Ns], Server]:
        site, names = self._site, self.names
        peer = next((s for s in names.servers if s != name), None)
        paired = peer is not None

        def make(now: Ns) -> Server:
            server = self._server_type(
                name,
                self.calendar.out(name),
                peer=peer,
                priority=PRIORITIES[number],
                times=building.times(site),
                fencing=paired and site.choice("servers.election.fencing") == "power",
                preempt=paired and site.flag("servers.election.preempt"),
                watched=self.watched,
                rates=building.rates(site),
                settings=building.server_settings(site),
                licences=building.licences(site, number == 0),
                configuration=self._configurations[name],
                streams=self.streams,
                plane=self.plane,
            )
            server.start(now, active=self.first_start and number == 0)
            return server

        return make

    def _gateway(self, name: str) -> Callable[[Ns], Gateway]:
        site = self._site

        def make(now: Ns) -> Gateway:
            spans = tuple(span for span, gateway in self.wiring.spans().items() if gateway == name)
            gateway = Gateway(
                name,
                self.calendar.out(name),
                spans=spans,
                hunting=site.choice("gateways.line.hunting"),
                line=building.line_times(site, "gateways"),
                uplink=building.uplink_times(site, "gateways"),
                servers=self.names.servers,
                plane=self.plane,
                setups=building.setups(site),
            )
            gateway.start(now, self.streams("start").uniform(0, SPREAD) if self.first_start else 0)
            for span in spans:
                if not self.wiring.signal(span):
                    self.calendar.tell(name, signal_of(span, self.wiring.sees(span, IN)))
                for message in self.wiring.undone(span):
                    self.calendar.tell(name, message)
            return gateway

        return make

    def _module(self, name: str, span: str) -> Callable[[Ns], LoopModule]:
        site = self._site

        def make(now: Ns) -> LoopModule:
            ascending = site.choice("exchange.line.hunting") == "ascending"
            module = LoopModule(
                name,
                self.calendar.out(name),
                span=span,
                lines=site.count("loops.ports.lines"),
                loop=building.loop_times(site),
                hunting="descending" if ascending else "ascending",  # from the other end than the exchange
                uplink=building.uplink_times(site, "loops"),
                servers=self.names.servers,
                plane=self.plane,
            )
            module.start(now, self.streams("start").uniform(0, SPREAD) if self.first_start else 0)
            return module

        return make

    def _seat(self, name: str, number: int) -> Callable[[Ns], Seat]:
        site, scenario, on_board = self._site, self._plan.scenario, name in self.names.ports
        skills = scenario.load.skills
        if scenario.load.kind == "connections":
            skills = (name,)  # callers ask for their seat by name: each is a group of its own

        def make(now: Ns) -> Seat:
            seat = Seat(
                name,
                self.calendar.out(name),
                parts={part: building.part_times(site, part, on_board) for part in self.names.seats[name]},
                servers=self.names.servers,
                skills=(skills[number % len(skills)],),
                habits=building.agent_habits(site, scenario.load),
                streams=self.streams,
                plane=self.plane,
                port=building.port_times(site, on_board),
            )
            seat.start(now, self.streams)
            return seat

        return make

    @property
    def watched(self) -> bool:
        """Whether a watch stands on the LAN."""
        return self._plan.scenario.watch or len(self.names.servers) > 1

    def _watch(self, now: Ns) -> Watch:
        vip = self._site.choice("gateways.registration.mode") == "vip"
        addresses = () if not self._plan.scenario.watch else (SERVICE,) if vip else self.names.servers
        watch = Watch("watch", self.calendar.out("watch"), addresses, interval=WATCH_INTERVAL, timeout=WATCH_TIMEOUT)
        watch.start(now)
        return watch
