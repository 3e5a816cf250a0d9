"""Which run shows each figure: `python tests/expected/figures.py` searches the scenarios and rewrites figures.toml.

A figure is named by the file that states it: `device/path` for a device's profile (`lts-2000/election.promote_time`),
`site/path` for what a site states itself (`today/licences.agent`). A device's figure is shown on one of the sites
that give it a role. A change is by half, up or down, whichever lies within the span of the table of kinds; flags are
flipped and choices swapped.
"""

import io
import sys
import tomllib
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from simtel.core.clock import MINUTE, SECOND
from simtel.core.events import Event
from simtel.core.log import EvidenceWriter, Footer
from simtel.core.quantity import Unit, Value
from simtel.profiles.catalogue import find_site, read_devices, site_names
from simtel.profiles.resolve import resolve
from simtel.profiles.site import Site
from simtel.profiles.spec import Given, SiteSpec
from simtel.run.choose import scenarios_of
from simtel.run.once import lacks
from simtel.run.plan import Item, header, items
from simtel.run.targets import make_target
from simtel.target.plan import Plan

TABLE = Path(__file__).parent / "figures.toml"
SEED = 7
WHOLE = (Unit.TIME, Unit.COUNT, Unit.BITRATE, Unit.ACCURACY)

# Where figures of that ending are shown: the scenario, and what else must be set for them to act at all.
# `{role}` is the role of the figure itself. Durations in nanoseconds.
CRASH = "failover.active-server-crash"
RENEWED: dict[str, Value] = {"{role}.registration.expiry": 2 * MINUTE}
ALONE: dict[str, Value] = {  # nobody tells the device which server serves
    **RENEWED,
    "{role}.registration.mode": "successive",
    "{role}.registration.fallback": 20 * SECOND,
    "servers.replication.registrations": False,
}
VIP: dict[str, Value] = {"gateways.registration.mode": "vip"}
CENTRE, DESKS = "failover.a-year-of-the-centre", "failover.a-year-of-failures"
TOGETHER: dict[str, Value] = {"{role}.failure.mtbf_hours": 1000, "{role}.failure.together": 0.5}
OFTEN: dict[str, Value] = {"{role}.failure.mtbf_hours": 1000}
HINTS: tuple[tuple[str, str, dict[str, Value]], ...] = (
    ("consoles.failure.mtbf_hours", DESKS, {}),
    ("consoles.failure.repair_time", DESKS, {}),
    ("phones.failure.mtbf_hours", DESKS, {"phones.failure.mtbf_hours": 20_000}),
    ("phones.failure.repair_time", DESKS, {"phones.failure.mtbf_hours": 20_000}),
    ("failure.mtbf_hours", CENTRE, OFTEN),
    ("failure.repair_time", CENTRE, OFTEN),
    ("failure.coverage", CENTRE, OFTEN),
    ("failure.standby_shown", CENTRE, OFTEN),
    ("failure.together", CENTRE, TOGETHER),
    ("exchange.line.exclusive", "trunks.glare", {}),
    ("gateways.limits.setups", "switching.burst", {}),
    ("line.exclusive", "trunks.glare", {"exchange.line.exclusive": False}),
    ("limits.seats", "capacity.all-seats-busy", {"servers.limits.seats": 20}),
    ("limits.queue", "capacity.recorded-and-waiting", {"servers.limits.queue": 4}),
    ("election.fencing_time", CRASH, {"servers.election.fencing": "power"}),
    ("election.preempt", "failover.server-returns", {}),
    ("election.preempt_delay", "failover.server-returns", {"servers.election.preempt": True}),
    ("election.test_interval", "failover.latent-standby", {"servers.election.test_interval": 2 * MINUTE}),
    ("replication.registrations", CRASH, VIP),
    ("replication.configuration", "maintenance.config-drift", {}),
    ("day_clock", "failover.clock-ahead", {}),
    ("disk_full", "failover.disk-full", {}),
    ("replication.journal", "failover.disk-full-then-crash", {}),
    ("election.heartbeat", "failover.slow-server", {}),
    ("media.recorded", "failover.recorded-calls", {}),
    ("media.recorded", "failover.recorded-calls", {"servers.media.talk": "direct"}),
    ("session_timer", "failover.active-server-hang", {"servers.session_timer": 90 * SECOND}),
    ("gateways.line.t203", "trunks.e1-cut-long", {"{role}.line.alarm_drops_dchannel": False}),
    ("gateways.line.rai_debounce", "trunks.one-pair-flickers", {}),
    ("line.clock_error", "trunks.clock-two-masters", {}),
    ("line.t305", "trunks.release-unanswered", {}),
    ("line.t308", "trunks.release-unanswered", {}),
    ("line.restarts", "trunks.release-unanswered", {}),
    ("line.t316", "trunks.restart-unanswered", {}),
    ("line.n316", "trunks.restart-unanswered", {}),
    ("cas.clear_back", "trunks.who-hangs-up", {"exchange.cas.lingers": MINUTE}),
    ("line.status_enquiry", "trunks.dchannel-flap", {}),
    ("gateways.line.status_enquiry", "trunks.dchannel-flap", {"gateways.line.alarm_drops_dchannel": False}),
    ("exchange.line.status_enquiry", "trunks.dchannel-flap", {"people.silence_patience": 12 * SECOND}),
    ("exchange.line.rai_debounce", "trunks.one-pair-cut", {}),
    ("boards.ports.stations", "capacity.all-seats-busy", {"boards.ports.stations": 24}),
    ("exchange.line.t309", "trunks.e1-cut-long", {"people.silence_patience": MINUTE}),
    ("registration.keepalive", "failover.active-server-link-down", {}),
    ("registration.keepalive", "failover.heartbeats-lost", {}),
    (
        "gateways.registration.keepalive",
        "failover.active-server-link-down",
        {"{role}.registration.timeout": 4 * SECOND},
    ),
    ("registration.expiry", CRASH, RENEWED),
    ("registration.timeout", CRASH, RENEWED),
    ("registration.fallback", CRASH, {**RENEWED, "{role}.registration.mode": "successive"}),
    ("registration.fallback", "failover.server-returns", {**RENEWED, "{role}.registration.mode": "successive"}),
    ("registration.fallback", CRASH, ALONE),
    (
        "gateways.registration.fallback",
        "failover.server-returns",
        {
            **RENEWED,
            "{role}.registration.timeout": 4 * SECOND,
            "{role}.registration.mode": "successive",
            "{role}.registration.fallback": 20 * SECOND,
        },
    ),
    ("registration.mode", CRASH, RENEWED),
    ("registration.mode", "failover.server-returns", RENEWED),
    ("forwarding.packets", "capacity.all-seats-busy", {"lan.forwarding.packets": 2000.0}),
    ("forwarding.bitrate", "capacity.all-seats-busy", {"lan.forwarding.bitrate": 2_000_000}),
    ("forwarding.listening", "failover.port-listening", {"lan.forwarding.listening": 4 * SECOND}),
    ("site.address", CRASH, VIP),
    ("site.cable_move_time", "trunks.cables-moved", {}),
    ("core_channel_counts", "capacity.recorded-and-waiting", {"licences.core-channel": 45}),
    ("pick_up_time", "seats.headset-lost", {}),
    ("talk_time", "failover.active-server-dies", {}),
    ("licences.recording", "capacity.recorded-and-waiting", {}),
    ("licences.recording", "capacity.recorded-and-waiting", {"licences.recording": 8}),
    ("licences.agent", "capacity.all-seats-busy", {}),
    ("licences.core-channel", "switching.burst", {}),
    ("lan.boot_time", "failover.lan-switch-crash", {}),
    ("gateways.boot_time", "failover.gateway-crash", {}),
    ("servers.boot_time", "failover.server-returns", {}),
    ("servers.boot_time", "failover.server-returns", {"phones.registration.expiry": 2 * MINUTE}),
    ("boards.boot_time", "seats.board-crash", {}),
    ("boards.ring.length", "seats.ring-no-trip", {}),
    ("boards.ring.pause", "seats.ring-no-trip", {}),
    ("boards.line.hook_debounce", "seats.no-loop-current", {}),
    ("boards.line.dial_tone", "seats.stuck-off-hook", {}),
    ("boards.line.howler", "seats.stuck-off-hook", {}),
    ("boards.ports.group", "seats.dsp-dead", {}),
    ("phones.unplugged", "seats.headset-unplugged", {}),
    ("boot_time", "seats.desk-crash", {}),
    ("gateways.line.hunting", "failover.outbound-and-held", {}),
    ("exchange.answer_time", "failover.outbound-and-held", {}),
    ("line.window", "trunks.dchannel-surge", {}),
    ("gateways.line.window", "trunks.dchannel-surge", {"gateways.line.window": 2}),
    ("loops.boot_time", "trunks.loop-module-crash", {}),
    ("loop.guess_time", "trunks.loop-lines", {"loops.loop.answer_by": "guess"}),
    (
        "lines.break_time",
        "trunks.loop-lines",
        {"loops.lines.reversal": False, "loops.loop.break_detect": 400_000_000},
    ),
    ("loop.ring_timeout", "trunks.loop-glare", {"servers.limits.attempts": 0.3}),
    ("loop.glare", "trunks.loop-glare", {}),
    ("loop.late_ring", "trunks.loop-glare", {"servers.limits.attempts": 0.3}),
    ("loop.guard", "trunks.loop-glare", {}),
    ("loop.dial_tone_wait", "trunks.loop-glare", {}),
    (
        "loops.registration.keepalive",
        "failover.active-server-link-down",
        {"loops.registration.keepalive": 3 * SECOND},
    ),
    ("loop.break_detect", "trunks.loop-lines", {"loops.lines.reversal": False}),
    ("loop.busy_cycles", "trunks.loop-lines", {"loops.lines.reversal": False, "loops.lines.break_time": 0}),
    ("line.window", "trunks.dchannel-surge", {"servers.limits.attempts": 1000.0}),
    ("switching.memory.slots", "switching.non-blocking", {"switching.memory.slots": 39}),
    ("switching.memory.accesses", "switching.non-blocking", {"switching.memory.accesses": 39 * 16_000.0}),
    ("switching.stages.inlets", "switching.sought-refusal", {}),
    ("switching.stages.middle", "switching.sought-refusal", {}),
    ("switching.stages.outer", "switching.sought-refusal", {}),
    ("switching.routing", "switching.sought-refusal", {}),
    ("switching.rearranges", "switching.sought-refusal", {}),
    ("", "switching.non-blocking", {}),
    ("", CRASH, {}),
    ("", "switching.burst", {}),
    ("", "trunks.e1-cut-long", {}),
    ("", "capacity.recorded-and-waiting", {}),
    ("", "trunks.loop-lines", {}),
)


class Figure(NamedTuple):
    """A figure where it is stated, and how a site that uses it calls it."""

    name: str
    site: str
    path: str


@cache
def sites() -> dict[str, Site]:
    """All shipped sites."""
    devices = read_devices()
    return {name: find_site(name, devices) for name in site_names()}


@cache
def spec(site: str) -> SiteSpec:
    """A shipped site at its default seats."""
    return resolve(sites()[site])


def figures() -> Iterator[Figure]:
    """Every figure that steers a shipped site, with each site that it steers."""
    for name, site in sites().items():
        for path, given in sorted(spec(name).figures.items()):
            role, _, rest = path.partition(".")
            own = role not in site.profiles or rest in site.data[role].get("settings", {})
            if not given.spec.descriptive:
                yield Figure(f"{name}/{path}" if own else f"{site.profiles[role].id}/{rest}", name, path)


def others(given: Given) -> list[Value]:
    """The figure changed by half, as far as it makes sense."""
    value, kind = given.value, given.spec
    if kind.unit is Unit.FLAG:
        return [not value]
    if kind.unit is Unit.CHOICE:
        return [choice for choice in kind.choices if choice != value]
    found = []
    for factor in (1.5, 0.5):
        new = float(value) * factor
        changed = max(round(new), 0) if kind.unit in WHOLE else new
        low, high = (kind.low if kind.low is not None else changed), (kind.high if kind.high is not None else changed)
        if changed != value and float(low) <= changed <= float(high):
            found.append(changed)
    return found


FAR = (500, sys.maxsize)  # events: most figures show early in a run, and the rest of it need not be run


class _NoticedError(BaseException):
    """The evidence is another one from here on. No machine catches it."""


class _EnoughError(BaseException):
    """So far, and no further, the evidence is to be seen. No machine catches it."""


class _Until(list[Event]):
    """The first events of a run, so many at most."""

    def __init__(self, far: int) -> None:
        super().__init__()
        self._far = far

    def append(self, seen: Event) -> None:
        if len(self) == self._far:
            raise _EnoughError
        super().append(seen)


class _Against(list[Event]):
    """A block of evidence that is compared, as it comes, with what the nominal run showed `far`."""

    def __init__(self, nominal: Sequence[Event], far: int) -> None:
        super().__init__()
        self._left = iter(nominal)
        self._cut = len(nominal) == far

    def append(self, seen: Event) -> None:
        nominal = next(self._left, None)
        if nominal is None and self._cut:
            raise _EnoughError
        if nominal != seen:
            raise _NoticedError

    @property
    def left(self) -> bool:
        """Whether the nominal run showed more than this one."""
        return next(self._left, None) is not None


class _Shown(EvidenceWriter):
    """Keeps all evidence in `block`. AssertionError when a machine failed."""

    def __init__(self, item: Item, block: list[Event]) -> None:
        super().__init__(io.BytesIO(), header(item))
        self.block = block

    def flush(self) -> None:
        pass

    def close(
        self,
        ended: int = 0,
        lateness: dict[str, int] | None = None,
        uncertainty: dict[str, int] | None = None,
        error: str = "",
    ) -> Footer:
        assert not error, error
        return super().close(ended, lateness, uncertainty)


def _run(scenario: str, site: str, changes: dict[str, Value], block: list[Event]) -> bool:
    """Run a site with some figures changed, with all evidence into `block`; False when it cannot run the scenario."""
    changed = spec(site)
    for path, value in changes.items():
        changed = changed.with_figure(path, value)
    (item,) = items(scenarios_of([scenario]), [changed], SEED)
    target = make_target("virtual")
    if lacks(item, target) is not None:
        return False
    target.run(Plan(item.scenario, item.site, item.seed), _Shown(item, block))
    return True


@lru_cache(maxsize=8)
def _nominal(scenario: str, site: str, given: tuple[tuple[str, Value], ...], far: int) -> list[Event] | None:
    """The evidence of the run in which the figure has its stated value, so `far` at most; None when the site cannot
    run the scenario."""
    seen = _Until(far)
    try:
        return seen if _run(scenario, site, dict(given), seen) else None
    except _EnoughError:
        return seen


def _noticed(scenario: str, site: str, changes: dict[str, Value], nominal: list[Event], far: int) -> bool:
    """Whether the evidence is another one, so `far`; the run ends where it is."""
    against = _Against(nominal, far)
    try:
        _run(scenario, site, changes, against)
    except _NoticedError:
        return True
    except _EnoughError:
        return False
    return against.left


def shows(scenario: str, site: str, path: str, given: dict[str, Value]) -> bool:
    """Whether a change of the figure changes the evidence of the scenario on the site; `given` is set before."""
    base = spec(site)
    if not given.keys() <= base.figures.keys():
        return False
    at = base.with_figure(path, given[path]) if path in given else base
    for far in FAR:
        nominal = _nominal(scenario, site, tuple(given.items()), far)
        if nominal is None:
            return False
        if any(_noticed(scenario, site, {**given, path: value}, nominal, far) for value in others(at.figures[path])):
            return True
        if len(nominal) < far:
            return False
    return False


def search(places: list[Figure]) -> str:
    """A line of the table: the first run that shows the figure, or that none does."""
    for ending, scenario, setting in HINTS:
        for place in places:
            if not place.path.endswith(ending):
                continue
            given = {path.format(role=place.path.partition(".")[0]): value for path, value in setting.items()}
            if shows(scenario, place.site, place.path, given):
                words = [f'scenario = "{scenario}"', f'site = "{place.site}"', f'path = "{place.path}"']
                if given:
                    inner = ", ".join(
                        f'"{p}" = {str(v).lower() if isinstance(v, bool) else repr(v)}' for p, v in given.items()
                    )
                    words.append("given = {" + inner.replace("'", '"') + "}")
                return f'"{place.name}" = {{{", ".join(words)}}}'
    return f'"{places[0].name}" = {{idle = "", site = "{places[0].site}", path = "{places[0].path}"}}'


def places() -> dict[str, list[Figure]]:
    """Figure -> the sites on which it can be shown, those with fewest figures first."""
    found: dict[str, list[Figure]] = {}
    for figure in figures():
        found.setdefault(figure.name, []).append(figure)
    return found


def read() -> dict[str, dict[str, Any]]:
    """The table."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}


HEAD = """# The run that shows each figure which a profile or site states, at seed 7 and default seats: changing the
# figure by half changes the digest of the run's events. `given`: what is set before, where the figure acts only then
# or where its stated value never binds. `idle`: why it cannot act on that site; a change must leave the digest alone.
# Written anew, with the reasons kept, by
#     python tests/expected/figures.py [--idle | --missing]
"""
IDLE, MISSING = "--idle", "--missing"


def kept(old: Sequence[str], known: Collection[str], mode: str) -> list[str]:
    """Lines of the table that stay as they are, of figures that there still are."""
    rows = {name: line for line in old if line.startswith('"') for name in tomllib.loads(line)}
    there = {name: line for name, line in rows.items() if name in known}
    if mode == MISSING:
        return list(there.values())
    return [line for line in there.values() if " = {idle" not in line] if mode == IDLE else []


def main(mode: str = "") -> None:
    """Search for all figures, only for those that were idle or only for those without a row, and write."""
    before, old = read(), TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    all_places = places()
    stays = kept(old, all_places, mode)
    known = set(tomllib.loads("\n".join(stays)))
    with ProcessPoolExecutor() as pool:
        sought = [where for name, where in all_places.items() if name not in known]
        lines = sorted([*stays, *pool.map(search, sought, chunksize=1)])
    for n, line in enumerate(lines):
        (name, row), *_ = tomllib.loads(line).items()
        if "idle" in row:
            lines[n] = line.replace('idle = ""', f'idle = "{before.get(name, {}).get("idle", "")}"')
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] not in ([], [IDLE], [MISSING]):
        sys.exit(f"figures.py knows {IDLE} and {MISSING}, not {' '.join(sys.argv[1:])}")
    main(*sys.argv[1:])
