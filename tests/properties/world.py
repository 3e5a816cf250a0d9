"""One run of the virtual site with the ground truth beside its log.

A log holds what observers saw. Here the machines themselves are looked at: which servers are active each time one of
them begins to serve, and what every device holds when the run is over and an hour of rest has passed. Nothing here
judges; the tests do.
"""

import io
from functools import cache
from typing import Any, NamedTuple

import msgspec

from simtel.core.clock import HOUR, SECOND, Ns
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, EvidenceWriter, Footer
from simtel.core.quantity import Value
from simtel.devices.plane import PUBLIC
from simtel.devices.server.server import Server
from simtel.profiles.catalogue import find_site, read_devices
from simtel.profiles.resolve import resolve
from simtel.profiles.site import Site
from simtel.profiles.spec import SiteSpec
from simtel.run.plan import Item, header
from simtel.scenario.spec import Fault, Load, Scenario
from simtel.target.plan import Plan
from simtel.target.virtual import VirtualTarget, _Run
from simtel.verdict.judge import judge
from simtel.verdict.verdict import Verdict

DRAIN = Ns(300 * SECOND)
# Long times of the sites, shortened so that a run of every fault stays short; the rules do not depend on them.
QUICK: dict[str, Value] = {
    "servers.session_timer": 90 * SECOND,
    "servers.boot_time": 20 * SECOND,
    "gateways.boot_time": 15 * SECOND,
    "consoles.boot_time": 10 * SECOND,
    "boards.boot_time": 12 * SECOND,
    "phones.boot_time": 12 * SECOND,
    "servers.election.test_interval": 40 * SECOND,
    "site.cable_move_time": 30 * SECOND,
}


class World(NamedTuple):
    """What came of a run."""

    log: EvidenceLog
    both_active: bool
    both_heard: bool  # while the watch looked on
    unrest: list[str]  # what is not as it should be after the hour of rest

    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts of the criteria that are always judged; one-active only of a pair."""
        return judge(self.log).verdicts


@cache
def _site_file(name: str) -> Site:
    return find_site(name, read_devices())


@cache
def _resolved(name: str, seats: int) -> SiteSpec:
    site = resolve(_site_file(name), seats)
    for path, value in QUICK.items():
        if path in site.figures:
            site = site.with_figure(path, value)
    return site


def site_of(name: str, seats: int, **changes: Value) -> SiteSpec:
    """A shipped site of so many seats, quick, with further figures changed (dots written as double underscores)."""
    site = _resolved(name, seats)
    for path, value in changes.items():
        site = site.with_figure(path.replace("__", "."), value)
    return site


def scenario_of(load: Load, *faults: Fault, watch: bool = False) -> Scenario:
    """A scenario that expects nothing but what is always judged."""
    words = {"en": "x", "zh": "x"}
    return Scenario("x.y", words, words, (), (), load, faults, (), watch=watch, drain=DRAIN)


class _Writer(EvidenceWriter):
    """Looks at the servers whenever one of them begins to serve."""

    run: _Run
    both = both_heard = False

    def add(self, t: int, kind: str, subject: str, observer: str, call: str | None, data: dict[str, Any]) -> int:
        if kind == Kind.SERVER_SERVING and len(active_servers(self.run)) > 1:
            self.both = True
            self.both_heard = self.both_heard or self.run.calendar.machine("watch") is not None
        return super().add(t, kind, subject, observer, call, data)


def active_servers(run: _Run) -> list[str]:
    """Who is active in truth."""
    machines = {name: run.calendar.machine(name) for name in run.names.servers}
    return [name for name, machine in machines.items() if machine is not None and machine.active]


def live(site: SiteSpec, scenario: Scenario, seed: int = 1, *, rest: bool = True) -> World:
    """Run. A machine that fails raises MachineError."""
    out = io.BytesIO()
    target = VirtualTarget()
    item = Item(scenario, site, seed)
    head = header(item, sorted(target.observes()), target.roles(site))
    writer = _Writer(out, head)
    run = _Run(Plan(scenario, site, seed), writer, Server)
    writer.run = run
    run.live()
    writer.close(ended=run.calendar.now)
    _, *lines, last = out.getvalue().splitlines(keepends=True)
    events = msgspec.json.Decoder(Event).decode_lines(b"".join(lines))
    footer = msgspec.convert(msgspec.json.decode(last)["footer"], Footer)
    log = EvidenceLog(head, events, footer)
    return World(log, writer.both, writer.both_heard, _unrest(run, site) if rest else [])


def _unrest(run: _Run, site: SiteSpec) -> list[str]:
    """What is wrong an hour after all faults were undone and all calls were over."""
    run.calendar.run(until=run.calendar.now + HOUR)
    machine = run.calendar.machine
    found = [f"{name} holds {count} {what}" for name, what, count in run.holdings() if count]
    found += [f"{name} is dead" for name in run.names.servers + run.names.gateways if machine(name) is None]
    active = active_servers(run)
    if len(active) != 1:
        return [*found, f"active servers: {active}"]
    for end in (PUBLIC, *run.names.gateways):
        lines = machine(end).lines.values() if machine(end) is not None else ()
        found += [f"{end}: {line.span} is not in service" for line in lines if not line.in_service]
    control = machine(active[0]).control
    agents = control.agents.known
    seats = [machine(name) for name in run.names.seats]
    found += [f"{seat.name} is {seat.state}" for seat in seats if seat.state != "ready" and seat.name in agents]
    entered = sum(machine(active[0]).entered(seat.name) for seat in seats)
    served = min(entered, control.licences._limits["agent"], int(site.value("servers.limits.seats")))
    if len(agents) != served:
        found.append(f"{len(agents)} of {served} agents are logged in")
    found += [f"{active[0]} takes {s} for {state}" for s, (_, state) in agents.items() if state != "ready"]
    idle = len(control.acd._idle)
    if idle != len(agents):
        found.append(f"{idle} agents are idle of {len(agents)}")
    if control.licences.in_use("agent") != len(agents):
        found.append(f"{control.licences.in_use('agent')} agent licences for {len(agents)} agents")
    if site.choice("site.address") == "moving" and run.wiring.holder != active[0]:
        found.append(f"the service address leads to {run.wiring.holder}")
    reachable = [g for g in run.names.gateways if machine(active[0]).knows(g, run.calendar.now)]
    if len(reachable) != len(run.names.gateways):
        found.append(f"registered gateways: {reachable}")
    return found


__all__ = ["World", "active_servers", "live", "scenario_of", "site_of"]
