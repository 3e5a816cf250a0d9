"""Random loads, sites and fault schedules, as hypothesis draws them: all shipped sites, every kind of fault on every
subject that the site has, timed and event-triggered, overlapping, lasting or until the end.
"""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from simtel.core.clock import HOUR, MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.faults import FAULTS, OF_A_GROUP, OF_A_PORT, FaultKind
from simtel.core.quantity import Value
from simtel.profiles.spec import SiteSpec
from simtel.run.plan import lacking
from simtel.scenario.spec import Fault, Load, Scenario, Spot, Trigger
from simtel.target import building
from tests.properties.world import scenario_of, site_of

SITES = (
    "proposal-as-drawn",
    "as-quoted-one-e1-each",
    "as-quoted-two-e1-active",
    "today",
    "as-quoted-gateways-only",
    "option-2-added",
    "option-2-all-there-is",
    "as-quoted-with-loop-lines",
    "saving-clos",
    "timeslot-matrix",
    "today-on-r2",
)
# What loop lines and their modules may do.
LOOPS: dict[str, tuple[Value, ...]] = {
    "loops.lines.reversal": (True, False),
    "loops.lines.break_time": (0, 600 * MS),
    "loops.loop.rings": (2, 1),
    "loops.loop.ring_timeout": (6 * SECOND, 20 * SECOND),
    "loops.loop.dial_tone_wait": (SECOND, 5 * SECOND),
    "loops.loop.dial_time": (4 * SECOND, 20 * SECOND),
    "loops.loop.answer_by": ("guess", "reversal"),
    "loops.loop.guess_time": (3 * SECOND, 20 * SECOND),
    "loops.loop.break_detect": (650 * MS, 80 * MS),
    "loops.loop.busy_cycles": (8, 3),
    "loops.loop.guard": (0, 2 * SECOND),
    "loops.loop.glare": ("hang-up", "take"),
    "loops.loop.late_ring": ("same-caller", "new-caller"),
}
# Choices that a site may make either way; those that a site does not know are left out.
CHOICES: dict[str, tuple[Value, ...]] = {
    "servers.election.fencing": ("none", "power"),
    "servers.election.preempt": (False, True),
    "servers.election.heartbeat": ("apart", "shared"),
    "servers.day_clock": ("records", "nothing", "everything"),
    "servers.disk_full": ("lose", "refuse"),
    "servers.media.talk": ("direct", "server"),
    "servers.media.recorded": ("passive", "server"),
    "servers.overload_control": (True, False),
    "servers.replication.dialogs": (True, False),
    "servers.replication.registrations": (True, False),
    "servers.replication.queue": (True, False),
    "servers.replication.agents": (True, False),
    "servers.replication.records": (True, False),
    "servers.replication.journal": ("memory", "disk"),
    "servers.replication.configuration": (True, False),
    "servers.replication.licences": (1.0, 0.0),
    "gateways.registration.mode": ("dual", "vip"),
    "consoles.registration.mode": ("dual", "vip", "successive", "flows", "srv"),
    "phones.registration.mode": ("dual", "vip", "successive", "flows", "srv"),
    "boards.registration.mode": ("dual", "vip", "successive", "flows", "srv"),
    "gateways.line.alarm_drops_dchannel": (False, True),
    "exchange.line.alarm_drops_dchannel": (False, True),
    "gateways.line.hunting": ("descending", "ascending"),
    "exchange.trunk_group": ("all", "by-number"),
    "boards.hot_swap": (True, False),
    "phones.unplugged": ("silence", "hang-up"),
    "people.wrap_up": (60 * SECOND, 0),
    "people.queue_patience": (10 * SECOND,),
    **LOOPS,
    "site.core_channel_counts": ("trunks", "trunks-and-agents"),
}
_CLOCKS = (FaultKind.CLOCK_AHEAD, FaultKind.CLOCK_BACK)
TRIGGERS = (
    Kind.CALL_OFFERED, Kind.TRUNK_SEIZED, Kind.CALL_CONNECTED, Kind.CALL_QUEUED, Kind.CALL_ENDED, Kind.SEAT_RUNG,
    Kind.SEAT_TALKING, Kind.SEAT_LEFT, Kind.REGISTRATION_MADE, Kind.DIALOG_REQUEST, Kind.SERVER_DETECTED,
    Kind.SERVER_PROMOTED, Kind.SERVER_SERVING, Kind.SERVER_DEMOTED, Kind.MEDIA_INTERRUPTED, Kind.DCHANNEL_STATE,
    Kind.FAULT_CLEARED,
)  # fmt: skip


class Draw(NamedTuple):
    """One plan; its `repr` is what a hand needs to write it down again."""

    site: str
    seats: int
    changes: dict[str, Value]
    load: Load
    faults: tuple[Fault, ...]
    seed: int

    @property
    def spec(self) -> SiteSpec:
        return site_of(self.site, self.seats, **self.changes)

    @property
    def scenario(self) -> Scenario:
        return scenario_of(self.load, *self.faults)


def _seconds(low: int, high: int) -> st.SearchStrategy[Ns]:
    return st.integers(low, high).map(lambda n: Ns(n * SECOND))


@st.composite
def _loads(draw: st.DrawFn, seats: int) -> Load:
    common: dict[str, Any] = {
        "rate": draw(st.sampled_from((0.1, 0.5, 2.0, 0.02))),
        "outbound": draw(st.sampled_from((0.0, 0.3, 1.0))),
        "recorded": draw(st.sampled_from((0.0, 0.5))),
        "priority": draw(st.sampled_from((0.0, 0.3))),
        "held": draw(st.sampled_from((0.0, 0.5, 1.0))),
        "skills": draw(st.sampled_from((("service",), ("service", "sales")))),
        "talk": draw(st.sampled_from((None, Ns(20 * SECOND), Ns(2 * SECOND)))),
    }
    match draw(st.sampled_from(("poisson", "full-occupancy", "burst", "surge"))):
        case "poisson":
            return Load("poisson", length=draw(_seconds(10, 150)), **common)
        case "burst":
            calls = draw(st.integers(1, 2 * seats + 5))
            return Load("burst", calls=calls, length=draw(_seconds(1, 30)), hold=draw(_seconds(1, 100)), **common)
        case "surge":
            spot = Spot(draw(_seconds(0, 30)), draw(st.integers(1, 3 * seats)), draw(_seconds(1, 30)))
            return Load("surge", length=draw(_seconds(31, 150)), spots=(spot,), **common)
        case _:
            waiting = draw(st.integers(0, 8))
            return Load(
                "full-occupancy", ramp=draw(_seconds(0, 30)), hold=draw(_seconds(1, 120)), waiting=waiting, **common
            )


def _subjects(site: SiteSpec, kind: FaultKind) -> list[str]:
    """Every subject of the site that the fault may strike."""
    names = building.names(site)
    found: list[str] = []
    for role in FAULTS[kind][1]:
        if role in ("servers", "platforms"):
            found += [f"{role}.{which}" for which in ("active", "standby", "1", "2")]
        else:
            found += [f"{role}.{n + 1}" for n in range(min(6, len(names.roles()[role])))]
    load = Load("poisson", rate=0.1, length=Ns(SECOND))
    return [s for s in found if lacking(scenario_of(load, Fault(kind, s, Ns(0))), site) is None]


def _units(site: SiteSpec, kind: FaultKind) -> st.SearchStrategy[int | None]:
    """A port of a board, or a group of them."""
    if kind in OF_A_PORT:
        return st.integers(1, min(24, site.seats))
    return st.integers(1, 3) if kind in OF_A_GROUP else st.none()


@st.composite
def _faults(draw: st.DrawFn, site: SiteSpec) -> Fault:
    possible = {kind: subjects for kind in FaultKind if (subjects := _subjects(site, kind))}
    kind = draw(st.sampled_from(list(possible)))
    subject = draw(st.sampled_from(possible[kind]))
    at, after = None, None
    if draw(st.booleans()):
        at = draw(st.integers(0, 1200).map(lambda n: Ns(n * 100 * MS)))
    else:
        plus = draw(st.sampled_from((0, 1, 20, 300, 3000)).map(lambda n: Ns(n * MS)))
        after = Trigger(draw(st.sampled_from(TRIGGERS)).value, draw(st.integers(1, 20)), plus)
    return Fault(
        kind,
        subject,
        at,
        after,
        draw(st.sampled_from((None, Ns(SECOND), Ns(5 * SECOND), Ns(20 * SECOND), Ns(60 * SECOND)))),
        draw(_units(site, kind)),
        draw(_seconds(1, 30)) if kind in (FaultKind.REPLICATION_LATE, FaultKind.ADDRESS_STALE) else None,
        draw(st.sampled_from((Ns(300 * MS), Ns(4 * SECOND))))
        if kind in (FaultKind.LINK_FLAP, FaultKind.BOARD_UNSEATED)
        else None,
        draw(st.integers(1, 8)) if kind is FaultKind.LICENCES_ADDED else None,
        draw(st.sampled_from((2, 20, 200))) if kind is FaultKind.SLOW else None,
        draw(st.sampled_from((HOUR, Ns(5 * SECOND)))) if kind in _CLOCKS else None,
    )


@st.composite
def plans(draw: st.DrawFn, big: bool = False) -> Draw:
    """Any plan."""
    name = draw(st.sampled_from(SITES))
    sizes = st.integers(1, 8) | st.integers(1, 40)
    seats = min(draw(sizes | st.just(100) if big else sizes), 50 if name == "saving-clos" else 100)  # its ports
    known = site_of(name, seats).figures
    changes = {
        path.replace(".", "__"): value
        for path in draw(st.lists(st.sampled_from([p for p in CHOICES if p in known]), max_size=6, unique=True))
        for value in [draw(st.sampled_from(CHOICES[path]))]
    }
    site = site_of(name, seats, **changes)
    faults = draw(st.lists(_faults(site), max_size=5))
    return Draw(name, seats, changes, draw(_loads(seats)), tuple(faults), draw(st.integers(0, 999)))
