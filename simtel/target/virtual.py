"""Target `virtual`: the whole site in virtual time. What it says is an estimate about a design.

A run: build the site, offer the load, strike and undo the faults, wait until the last call is over (for the scenario's
drain at most: then people are told to come to an end), undo what is left, wait until everything has returned to rest,
and take the census.

The watch stands on every site with a pair and hears the adverts; it asks the service only where the scenario says so.
"""

from collections.abc import Callable
from typing import Any

from simtel.core.clock import MINUTE, MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.faults import OF_A_GROUP, FaultKind
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
from simtel.devices.server.control import STATION
from simtel.devices.server.server import Server
from simtel.devices.station import Station
from simtel.devices.uplink import SERVICE, SPREAD
from simtel.devices.wiring import IN, Wiring
from simtel.model.calendar import Calendar, MachineError
from simtel.profiles.spec import SiteSpec
from simtel.protocols.service import Watch
from simtel.scenario.spec import Fault
from simtel.target import building
from simtel.target.arrivals import arrivals
from simtel.target.connections import connections
from simtel.target.plan import PRIORITIES, Plan, load_length
from simtel.target.survey import OBSERVER, OVERDUE, Survey
from simtel.target.years import Years

WATCH_INTERVAL, WATCH_TIMEOUT = 200 * MS, 300 * MS
GROUND = "site"
STEP = 5 * SECOND  # how often the harness looks whether the site is quiet
MARGIN = MINUTE


class VirtualTarget:
    """SimPy and the machines of `devices`."""

    kind = "virtual"

    def __init__(self, server: type[Server] = Server) -> None:
        """`server`: what runs on the call servers; tests host broken ones."""
        self._server = server
        self.offered = self.heap_events = 0  # of the last run: calls that people tried to make, SimPy events

    def observes(self) -> frozenset[Kind]:
        """Everything."""
        return frozenset(Kind)

    def faults(self) -> frozenset[FaultKind]:
        """Everything."""
        return frozenset(FaultKind)

    def roles(self, site: SiteSpec) -> dict[str, tuple[str, ...]]:
        """Names of the units of each role, and of the seats that hang on each board and on each of its ports."""
        return building.names(site).roles()

    def run(self, plan: Plan, out: EvidenceWriter) -> None:
        """Run a plan; a machine that fails becomes the error of the run."""
        run = _Run(plan, out, self._server)
        error = ""
        try:
            run.live()
        except MachineError as failure:
            error = str(failure)
        self.offered, self.heap_events = run.offered, run.calendar.heap_events
        seen = dict.fromkeys(("watch/service.answered", "watch/service.lost"), WATCH_INTERVAL)
        off = seen if plan.scenario.watch else {}
        if plan.scenario.random is not None:
            off = {**off, OBSERVER: OVERDUE}
        out.close(ended=run.calendar.now, uncertainty=off, error=error)


class _Run:
    def __init__(self, plan: Plan, out: EvidenceWriter, server: type[Server]) -> None:
        self._plan = plan
        self._server_type = server
        self._site = site = plan.site
        self._names = building.names(site)
        self._streams = Streams(plan.seed)
        lag = site.time("servers.replication.lag") if site.layout.servers > 1 else 0
        self.wiring = Wiring(site.time("lan.forwarding.delay"), site.time("exchange.delay"), lag)
        self.calendar = Calendar(self.wiring, out)
        self.plane = MediaPlane(self.wiring.carries, self.calendar.tell)
        self.ground = Ground(self.wiring, self.plane, self.calendar, self.calendar.out(GROUND).timers)
        self._open: dict[int, str] = {}  # fault number -> subject, not undone yet
        self._first_start = True
        self._cable()
        self._years = self._make_years()
        self._configurations = {server: self._configuration() for server in self._names.servers}
        self._place()

    # --- building

    def _cable(self) -> None:
        site, names, wiring, ground = self._site, self._names, self.wiring, self.ground
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
                    ground.ports[names.ports[seat]] = element
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
        ground.group = names.group
        if site.layout.boards:
            ground.hot_swap = site.flag("boards.hot_swap")
        ground.unplugged = building.unplugged(site, names)
        if names.gateways:
            ground.clock_errors = site.count("gateways.line.clock_error"), site.count("exchange.line.clock_error")
        ground.moving_address = site.choice("site.address") == "moving"
        if site.layout.servers > 1:
            ground.test_interval = site.time("servers.election.test_interval")
        if site.layout.cold_spare and len(names.gateways) > 1:
            ground.spare = (names.gateways[0], names.gateways[1])
            ground.cable_move_time = site.time("site.cable_move_time")

    def _place(self) -> None:
        calendar, names = self.calendar, self._names
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
        if self._watched:
            calendar.place("watch", self._watch)

    def _exchange(self, now: Ns) -> Exchange:
        site, plan = self._site, self._plan
        load = plan.scenario.load
        talk = site.time("people.talk_time")
        if load.kind == "connections":
            coming = connections(load, site, self._streams, self._searched)
        else:
            coming = arrivals(load, len(self._names.seats) or 1, talk, self._streams)
        exchange = Exchange(
            PUBLIC,
            self.calendar.out(PUBLIC),
            spans=self._names.spans,
            hunting=site.choice("exchange.line.hunting"),
            by_number=site.choice("exchange.trunk_group") == "by-number",
            line=building.line_times(site, "exchange"),
            t303=site.time("exchange.line.t303") if "exchange.line.t303" in site.figures else 0,
            habits=building.habits(site),
            arrivals=iter(()) if self._years else coming,
            load_until=0 if self._years else load_length(load),
            streams=self._streams,
            plane=self.plane,
            loops={
                span: (module, site.count("loops.ports.lines"), building.loop_times(site))
                for span, module in self._names.loops.items()
            },
        )
        self.ground.recable = exchange.recable
        exchange.start(now)
        return exchange

    def _searched(self, found: bool, never: bool, calls: int) -> None:
        self.calendar.emit(Kind.FABRIC_SEARCHED, "switching", found=found, never=never, calls=calls)

    def _configuration(self) -> Configuration:
        """Without what the scenario adds in service."""
        seats = frozenset(seat for subject in self._added() for seat in self.ground.seats_of(subject))
        faults = self._plan.scenario.faults
        return Configuration(seats, sum(f.amount for f in faults if f.kind is FaultKind.LICENCES_ADDED))

    def _added(self) -> tuple[str, ...]:
        """What is added in service: a thing that two entries name is one thing."""
        faults = (fault for fault in self._plan.scenario.faults if fault.kind is FaultKind.ADDED)
        return tuple(dict.fromkeys(self._resolve(fault.subject) for fault in faults))

    def _server(self, name: str, number: int) -> Callable[[Ns], Server]:
        site, names = self._site, self._names
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
                watched=self._watched,
                rates=building.rates(site),
                settings=building.server_settings(site),
                licences=building.licences(site, number == 0),
                configuration=self._configurations[name],
                streams=self._streams,
                plane=self.plane,
            )
            server.start(now, active=self._first_start and number == 0)
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
                servers=self._names.servers,
                plane=self.plane,
                setups=building.setups(site),
            )
            gateway.start(now, self._streams("start").uniform(0, SPREAD) if self._first_start else 0)
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
                servers=self._names.servers,
                plane=self.plane,
            )
            module.start(now, self._streams("start").uniform(0, SPREAD) if self._first_start else 0)
            return module

        return make

    def _seat(self, name: str, number: int) -> Callable[[Ns], Seat]:
        site, scenario, on_board = self._site, self._plan.scenario, name in self._names.ports
        skills = scenario.load.skills
        if scenario.load.kind == "connections":
            skills = (name,)  # callers ask for their seat by name: each is a group of its own

        def make(now: Ns) -> Seat:
            seat = Seat(
                name,
                self.calendar.out(name),
                parts={part: building.part_times(site, part, on_board) for part in self._names.seats[name]},
                servers=self._names.servers,
                skills=(skills[number % len(skills)],),
                habits=building.agent_habits(site, scenario.load),
                streams=self._streams,
                plane=self.plane,
                port=building.port_times(site, on_board),
            )
            seat.start(now, self._streams)
            return seat

        return make

    @property
    def _watched(self) -> bool:
        return self._plan.scenario.watch or len(self._names.servers) > 1

    def _watch(self, now: Ns) -> Watch:
        vip = self._site.choice("gateways.registration.mode") == "vip"
        addresses = () if not self._plan.scenario.watch else (SERVICE,) if vip else self._names.servers
        watch = Watch("watch", self.calendar.out("watch"), addresses, interval=WATCH_INTERVAL, timeout=WATCH_TIMEOUT)
        watch.start(now)
        return watch

    # --- running

    @property
    def offered(self) -> int:
        """Calls that people have tried to make so far."""
        exchange: Exchange = self.calendar.machine(PUBLIC)
        return exchange.offered

    def live(self) -> None:
        """The whole run."""
        calendar, scenario = self.calendar, self._plan.scenario
        for seat in self._names.unfit:
            calendar.emit(
                Kind.AGENT_REFUSED,
                seat,
                self._names.boards[0] if self._names.boards else "harness",
                cause="adapter-port",
            )
        for name in calendar.names():
            calendar.start(name, Ns(0))
        self._first_start = False
        for subject in self._added():
            self.ground.leave_out(subject)
        for number, fault in enumerate(scenario.faults):
            self._plan_fault(number, fault)
        if self._years is not None:
            self._years.live()
        else:
            struck = max((fault.at for fault in scenario.faults if fault.at is not None), default=0)
            calendar.run(until=max(load_length(scenario.load), struck + 1))  # a fault that comes after all calls comes
        end = calendar.now
        if self._watched:
            calendar.stop("watch")  # what follows is the end of the calls and the repair, not the scenario
        exchange: Exchange = calendar.machine(PUBLIC)
        patience = self._patience()
        limit = end + (scenario.drain or patience)
        while not exchange.quiet and calendar.now < limit:
            calendar.run(until=calendar.now + STEP)
        exchange.finish(calendar.now)
        self._undo_all()
        limit = calendar.now + patience + max(self.ground.boot.values(), default=0)  # of boots that were under way
        while not self._quiet() and calendar.now < limit:
            calendar.run(until=calendar.now + STEP)
        self._census()

    def _make_years(self) -> Years | None:
        scenario, site, names = self._plan.scenario, self._site, self._names
        if scenario.random is None:
            return None
        modes = {
            f"{seat}/{part}": building.part_times(site, part, seat in names.ports).mode
            for seat, parts in names.seats.items()
            for part in parts
        }
        survey = Survey(names, modes, self.calendar, self.wiring)
        return Years(scenario.random, scenario.load, site, names, self._streams, self.calendar, self.ground, survey)

    def _patience(self) -> int:
        """After this the session timer has found every forgotten call, twice over."""
        return 2 * self._site.time("servers.session_timer") + MARGIN

    def _plan_fault(self, number: int, fault: Fault) -> None:
        if fault.at is not None:
            self.calendar.at(fault.at, lambda: self._strike(number, fault))
            return
        trigger = fault.after
        if trigger is None:
            raise ValueError(f"fault {number} has neither an instant nor an event")
        left = [trigger.count]

        def heard() -> None:
            left[0] -= 1
            if left[0] == 0:
                self.calendar.at(self.calendar.now + trigger.plus, lambda: self._strike(number, fault))

        before = self.calendar.heard.get(trigger.event)

        def both() -> None:
            if before is not None:
                before()
            heard()

        self.calendar.heard[trigger.event] = both

    def _strike(self, number: int, fault: Fault) -> None:
        if self.ground.hurried:  # the load is over and all is being repaired: nobody would undo it any more
            return
        subject = self._resolve(fault.subject)
        now = self.calendar.now
        self._open[number] = subject
        data: dict[str, Any] = {"fault": fault.kind.value, "number": number}
        if fault.unit is not None:
            data["unit"] = f"{'group' if fault.kind in OF_A_GROUP else 'port'} {fault.unit}"
        self.calendar.emit(Kind.FAULT_INJECTED, subject, **data)
        self.ground.strike(fault.kind, subject, fault.unit, fault.amount, now)
        if fault.lasting is not None:
            self.calendar.at(now + fault.lasting, lambda: self._undo(number))

    def _undo(self, number: int) -> None:
        subject = self._open.pop(number, None)
        if subject is None:
            return
        fault = self._plan.scenario.faults[number]
        self.calendar.emit(Kind.FAULT_CLEARED, subject, fault=fault.kind.value, number=number)
        self.ground.undo(fault.kind, subject, fault.unit, self.calendar.now)

    def _undo_all(self) -> None:
        self.ground.hurried = True
        for number in sorted(self._open):
            self._undo(number)
        self.ground.restart_fenced(self.calendar.now)

    def _resolve(self, subject: str) -> str:
        """The element that a scenario's subject means at this moment."""
        role, _, which = subject.partition(".")
        names = self._names
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

    def _holdings(self) -> list[tuple[str, str, int]]:
        found = []
        for name in self.calendar.names():
            machine = self.calendar.machine(name)
            holds = getattr(machine, "holds", None)
            if holds is not None:
                found += [(name, what, count) for what, count in holds().items()]
        found.append((GROUND, "ports", sum(not self.wiring.alive(d) for d in self.ground.hosted)))
        found.append((GROUND, "calls", self.plane.calls()))
        return found

    def _quiet(self) -> bool:
        return not any(count for _, _, count in self._holdings())

    def _census(self) -> None:
        for name, what, count in self._holdings():
            self.calendar.emit(Kind.DEVICE_HOLDS, name, what=what, count=count)
