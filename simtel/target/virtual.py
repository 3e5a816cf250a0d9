"""Target `virtual`: the whole site in virtual time. What it says is an estimate about a design.

A run: build the site, offer the load, strike and undo the faults, wait until the last call is over (for the scenario's
drain at most: then people are told to come to an end), undo what is left, wait until everything has returned to rest,
and take the census.

The watch stands on every site with a pair and hears the adverts; it asks the service only where the scenario says so.
"""

from typing import Any

from simtel.core.clock import MINUTE, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.faults import OF_A_GROUP, FaultKind
from simtel.core.log import EvidenceWriter
from simtel.devices.exchange import Exchange
from simtel.devices.plane import PUBLIC
from simtel.devices.server.server import Server
from simtel.model.calendar import MachineError
from simtel.profiles.spec import SiteSpec
from simtel.scenario.spec import Fault
from simtel.target import building
from simtel.target.plan import Plan, load_length
from simtel.target.site import GROUND, WATCH_INTERVAL, VirtualSite
from simtel.target.survey import OBSERVER, OVERDUE, Survey
from simtel.target.years import Years

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
        self._built = built = VirtualSite(plan, out, server)
        self.names, self.calendar, self.ground, self.wiring = built.names, built.calendar, built.ground, built.wiring
        self._open: dict[int, str] = {}  # fault number -> subject, not undone yet
        self._years = self._make_years()

    # --- running

    @property
    def offered(self) -> int:
        """Calls that people have tried to make so far."""
        exchange: Exchange = self.calendar.machine(PUBLIC)
        return exchange.offered

    def live(self) -> None:
        """The whole run."""
        calendar, scenario = self.calendar, self._plan.scenario
        for seat in self.names.unfit:
            calendar.emit(
                Kind.AGENT_REFUSED,
                seat,
                self.names.boards[0] if self.names.boards else "harness",
                cause="adapter-port",
            )
        for name in calendar.names():
            calendar.start(name, Ns(0))
        self._built.first_start = False
        for subject in self._built.added():
            self.ground.leave_out(subject)
        for number, fault in enumerate(scenario.faults):
            self._plan_fault(number, fault)
        if self._years is not None:
            self._years.live()
        else:
            struck = max((fault.at for fault in scenario.faults if fault.at is not None), default=0)
            calendar.run(until=max(load_length(scenario.load), struck + 1))  # a fault that comes after all calls comes
        end = calendar.now
        if self._built.watched:
            calendar.stop("watch")  # what follows is the end of the calls and the repair, not the scenario
        exchange: Exchange = calendar.machine(PUBLIC)
        patience = self._patience()
        limit = end + (scenario.drain or patience)
        while not exchange.quiet and calendar.now < limit:
            calendar.run(until=calendar.now + STEP)
        exchange.finish(calendar.now)
        self._undo_all()
        until = calendar.now + patience
        boots = (0, *self.ground.boot.values())  # of those that were under way; none is asked where all is quiet
        while not self._quiet() and any(calendar.now < until + boot for boot in boots):
            calendar.run(until=calendar.now + STEP)
        self._census()

    def _make_years(self) -> Years | None:
        scenario, site, names = self._plan.scenario, self._plan.site, self.names
        if scenario.random is None:
            return None
        modes = {
            f"{seat}/{part}": building.part_times(site, part, seat in names.ports).mode
            for seat, parts in names.seats.items()
            for part in parts
        }
        survey = Survey(names, modes, self.calendar, self.wiring)
        return Years(
            scenario.random, scenario.load, site, names, self._built.streams, self.calendar, self.ground, survey
        )

    def _patience(self) -> int:
        """After this the session timer has found every forgotten call, twice over."""
        return 2 * self._plan.site.time("servers.session_timer") + MARGIN

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
        subject = self._built.resolve(fault.subject)
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

    def holdings(self) -> list[tuple[str, str, int]]:
        """Device, what it holds, and how many of that."""
        found = []
        for name in self.calendar.names():
            machine = self.calendar.machine(name)
            holds = getattr(machine, "holds", None)
            if holds is not None:
                found += [(name, what, count) for what, count in holds().items()]
        found.append((GROUND, "ports", sum(not self.wiring.alive(d) for d in self.ground.hosted)))
        found.append((GROUND, "calls", self._built.plane.calls()))
        return found

    def _quiet(self) -> bool:
        return not any(count for _, _, count in self.holdings())

    def _census(self) -> None:
        for name, what, count in self.holdings():
            self.calendar.emit(Kind.DEVICE_HOLDS, name, what=what, count=count)
