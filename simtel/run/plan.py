"""What is to be run: every scenario on every site of every size, as items, each with the header of its log.

An item whose site lacks what the scenario needs (an agent board, a standby, a console) is still an item: it is judged
INCONCLUSIVE as not applicable, with what is missing as the reason, and never left out.

The value `seats` of a limit becomes the number of seats here. Limits of the buyer take the place of the scenario's;
the log's header carries what was expected in the end, so that a judge needs nothing else.

On loopback the devices are processes of simtel itself, and figures such as `servers.election.*` are what they are
built with: the run is a self-test, takes real time and is not repeated with other values. Its header therefore lists
no assumed and no unknown figure, and reports call the target a self-test of simtel.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from simtel import __version__
from simtel.core import data
from simtel.core.faults import OF_A_GROUP, OF_A_PORT, FaultKind
from simtel.core.log import Expectation, Header, Limit
from simtel.profiles.spec import SiteSpec
from simtel.profiles.told import assumed_figures, descriptive_figures, unknown_figures
from simtel.run.choose import Sites
from simtel.scenario.spec import RANDOM_UNITS, Scenario
from simtel.verdict.verdict import Text, say

Limits = Mapping[str, Mapping[str, Limit]]


class Item(msgspec.Struct, frozen=True):
    """One scenario on one site under one seed. `options` are what the command needs to build it again.

    `started` is the date and `made_by` the command of the run to which it belongs, for the head of its log.
    """

    scenario: Scenario
    site: SiteSpec
    seed: int
    target: str = "virtual"
    options: tuple[str, ...] = ()
    vary: bool = True  # try assumed and unknown figures with their other values
    exhaustive: bool = False  # all of them, however long it takes
    unknown_alone: bool = False  # of figures only those that nobody knows
    started: str = ""
    made_by: str = ""

    @property
    def name(self) -> str:
        """Folder of the item within the run: `<scenario>/<site>-<seats>`."""
        return f"{self.scenario.id}/{self.site.id}-{self.site.seats}"


def items(
    scenarios: Sequence[Scenario],
    sites: Sequence[SiteSpec],
    seed: int,
    target: str = "virtual",
    limits: Limits | None = None,
    options: tuple[str, ...] = (),
    vary: bool = True,
    exhaustive: bool = False,
) -> list[Item]:
    """All items in the order of the scenarios, then of the sites; a site that is built already keeps its size."""
    found = []
    for scenario in scenarios:
        asked = msgspec.structs.replace(scenario, seats=None)
        wanted, sized = sites.of(scenario) if isinstance(sites, Sites) else (asked, sites)
        found += [
            Item(expecting(wanted, limits, site.seats), site, seed, target, options, vary, exhaustive) for site in sized
        ]
    return found


def expecting(scenario: Scenario, limits: Limits | None, seats: int) -> Scenario:
    """The scenario with the buyer's limits in place of its own, and `seats` as a number."""
    expect = tuple(_limited(wanted, (limits or {}).get(wanted.criterion, {}), seats) for wanted in scenario.expect)
    return msgspec.structs.replace(scenario, expect=expect)


def _limited(wanted: Expectation, limits: Mapping[str, Limit], seats: int) -> Expectation:
    merged = {limit.name: limit for limit in wanted.limits} | dict(limits)
    counted = (msgspec.structs.replace(x, value=seats) if x.value == "seats" else x for x in merged.values())
    return msgspec.structs.replace(wanted, limits=tuple(counted))


def header(item: Item, observes: Sequence[str] = (), roles: Mapping[str, tuple[str, ...]] | None = None) -> Header:
    """The head of the item's log."""
    scenario, site = item.scenario, item.site
    virtual = item.target == "virtual"
    return Header(
        scenario=scenario.id, site=site.id, target=item.target, seed=item.seed, version=__version__, seats=site.seats,
        title=scenario.title, why=scenario.why, site_title=site.title, requirement=scenario.requirement,
        scenario_hash=scenario.hash, site_hash=site.hash, clock="virtual" if virtual else "monotonic",
        roles=dict(roles or {}), names=site.names, observes=tuple(sorted(observes)), expect=scenario.expect,
        assumed=assumed_figures(site) if virtual else (), unknown=unknown_figures(site) if virtual else (),
        descriptive=descriptive_figures(site), command=command(item), started=item.started, made_by=item.made_by,
    )  # fmt: skip


def command(item: Item) -> str:
    """What to type to see this run again; paths of the machine are left out."""
    words = ["simtel", "run", _told(item.scenario), "--site", item.site.id,
             "--seats", str(item.site.seats), "--seed", str(item.seed), "--target", item.target]  # fmt: skip
    return " ".join([*words, *item.options])


def whole_command(
    scenarios: Sequence[str], sites: Sequence[str], seats: Sequence[int], seed: int, target: str, options: Sequence[str]
) -> str:
    """What to type to make the whole run again, of words as they were typed; paths of the machine are left out."""
    words = ["simtel", "run", *map(_shipped, scenarios)]
    for site in sites:
        words += ["--site", Path(site).name]
    for size in seats:
        words += ["--seats", str(size)]
    return " ".join([*words, "--seed", str(seed), "--target", target, *options])


def _told(scenario: Scenario) -> str:
    """A shipped scenario by its path below scenarios/, any other by the name of its file."""
    return _shipped(scenario.path) if scenario.path else scenario.id


def _shipped(word: str) -> str:
    """A path of what simtel ships as it stands below its data, any other path by its last name; an id as it is."""
    try:
        shipped = data.data_root().resolve()
    except FileNotFoundError:
        return Path(word).name
    for root in (Path(), shipped, shipped / "scenarios"):
        path = (root / word).resolve()
        if path.exists() and path.is_relative_to(shipped):
            return path.relative_to(shipped).as_posix()
    return Path(word).name


def lacking(scenario: Scenario, site: SiteSpec, faults: frozenset[FaultKind] | None = None) -> Text | None:
    """What keeps the scenario from being run on the site, by a target that can do `faults`; None when nothing does."""
    layout = site.layout
    if scenario.seats is not None and site.seats < scenario.seats:
        return say("Not applicable: the site cannot have {seats} seats", seats=scenario.seats)
    has = {
        "servers": layout.servers, "gateways": layout.gateways, "spans": sum(layout.spans), "loops": layout.loops,
        "boards": layout.boards,
        "seats": site.seats, "switches": layout.switches, "feeds": layout.feeds,
        "platforms": layout.servers if layout.housed else 0,
    }  # fmt: skip
    for role in scenario.roles:
        if not has.get(role):
            return say("Not applicable: the site has no {unit}", unit=role)
    if scenario.random is not None:
        if faults is not None and faults != frozenset(FaultKind):
            return say("Not applicable: the target cannot do the fault {fault}", fault="random")
        for unit in scenario.random.units:
            role = RANDOM_UNITS[unit]
            if role in site.profiles and f"{role}.failure.mtbf_hours" not in site.figures:
                return say("Not applicable: how often {unit} fail is not stated", unit=unit)
    for fault in scenario.faults:
        role, _, which = fault.subject.partition(".")
        number = {"active": 1, "standby": 2}.get(which) or int(which)
        paired = fault.kind in _PAIR
        there, wanted = has.get(role, 0), 2 if paired else number
        if not there:
            return say("Not applicable: the site has no {unit}", unit=role)
        if there < wanted:
            return say("Not applicable: {wanted} {unit} are needed, the site has {there}",
                       wanted=wanted, unit=role, there=there)  # fmt: skip
        if fault.kind is FaultKind.RESTART_UNANSWERED and "exchange.line.t316" not in site.figures:
            return say("Not applicable: the site has no {unit}", unit="D-channel")
        if fault.kind is FaultKind.CONSOLE_CRASH and not layout.console:
            return say("Not applicable: the site has no {unit}", unit="consoles")
        if fault.kind in (FaultKind.HEADSET_LOST, FaultKind.HEADSET_UNPLUGGED) and layout.phone == "none":
            return say("Not applicable: the site has no {unit}", unit="phones")
        last = (fault.unit or 1) + (fault.kind is FaultKind.LINES_CROSSED)
        if fault.kind in OF_A_PORT and last > site.count("boards.ports.stations"):
            return say("Not applicable: the site has no {unit}", unit=f"{fault.subject} port {last}")
        if fault.kind in OF_A_GROUP and (fault.unit or 1) > _groups(site):
            return say("Not applicable: the site has no {unit}", unit=f"{fault.subject} group {fault.unit}")
        if faults is not None and fault.kind not in faults:
            return say("Not applicable: the target cannot do the fault {fault}", fault=fault.kind.value)
    return None


def _groups(site: SiteSpec) -> int:
    """Groups of ports on a board."""
    return -(-site.count("boards.ports.stations") // site.count("boards.ports.group"))


# Faults that need a second server.
_PAIR = (
    FaultKind.HEARTBEAT_LOST, FaultKind.HEARTBEAT_ONE_WAY, FaultKind.REPLICATION_LOST, FaultKind.REPLICATION_LATE,
    FaultKind.LATENT, FaultKind.ADDRESS_STALE, FaultKind.SWITCHOVER,
)  # fmt: skip
