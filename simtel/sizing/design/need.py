"""What a site is sized for: the calls, the targets, and what else is asked of it. And what parts give of that.

Rates per second, times in seconds, loads in erlang, shares from 0 to 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, inf

from simtel.core.i18n import Message
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.profiles.prices import Price
from simtel.sizing.theory import arguments
from simtel.sizing.theory.site_queue import Traffic, site_queue

TIMESLOTS = 30  # of an E1 that carry calls; the first aligns, the seventeenth signals (G.704)
BOARD_PORTS = 24  # quotation: 24-seat telephone interface adapter
LOOP_LINES = 4  # quotation: 4-line analog loop trunk module
EXTENSION_LOAD = 0.2  # erlang of an office extension, all of it outside: Chinese planning rule for a user line
WAITS, BLOCKING = ("service_level", "abandonment", "occupancy"), ("blocking",)  # names of targets
_SMALL = 1e-4  # a share that is told as no more than that
_STEADY = 1e-7  # relative: redialling has settled


@dataclass(frozen=True, slots=True)
class Targets:
    """What is asked of the service.

    At least `service_level` of the callers who ask for a seat are answered within `threshold` seconds, at most
    `abandonment` of them hang up, at most `blocking` of all calls is refused, and seats are taken for at most
    `occupancy` of the time. ValueError: a share that no site, or any, would reach.
    """

    service_level: float
    threshold: float
    blocking: float
    abandonment: float = 1.0
    occupancy: float = 1.0

    def __post_init__(self) -> None:
        arguments.inner_share("service_level", self.service_level)
        arguments.load("threshold", self.threshold)
        arguments.inner_share("blocking", self.blocking)
        for name in ("abandonment", "occupancy"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(f"{name} must be above 0 and 1 at most, not {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True)
class Need:
    """Calls, targets and the ways of the site.

    `surge`: calls per second that a TV spot adds; by the formula as if that lasted, simulated for `surge_lasts`
    seconds, and then over the calls that come within it. The blocking is to hold in it too, and of what is
    asked of the waits the `degraded` targets, if there are any; else how long callers wait is told.
    `redial`: share of callers who were refused or hung up that dial again, for as long as it takes, each time after
    `redial_after` seconds in the mean.
    `survive`: the targets, or `degraded` ones, hold with any one unit down as well.
    `shrinkage`: share of the agents on the roster that are not at a seat (breaks, training, leave).
    `analog`: share of the seats whose telephone hangs on a 24-port board; the others speak over IP.
    `extensions`: office extensions, on boards in the same share. `loop_lines`: analog lines may stand for an E1.
    `channels_count_seats`: a core channel is taken by each end of a call, not by the trunk alone.
    `codec`: of `simtel.sizing.design.lan.CODECS`, with `packet_time` seconds of speech a packet. `recorded`: share of
    talks that are recorded, `retention`: days for which recordings are kept, `busy_hours`: so many hours with these
    calls would bring the calls of a day.
    `prices`: of what `simtel.sizing.design.prices` names; without any, fewer agents are better than fewer trunks.
    They are told in `currency`; `listed`: on what they rest.
    """

    traffic: Traffic
    targets: Targets
    surge: float = 0.0
    surge_lasts: float = inf
    redial: float = 0.0
    redial_after: float = 60.0
    survive: bool = False
    degraded: Targets | None = None
    shrinkage: float = 0.0
    analog: float = 1.0
    extensions: int = 0
    loop_lines: bool = False
    channels_count_seats: bool = False
    codec: str = "g711"
    packet_time: float = 0.020
    recorded: float = 1.0
    retention: float = 90.0
    busy_hours: float = 12.0
    prices: tuple[tuple[str, float], ...] = ()
    currency: str = "CNY"
    listed: tuple[Price, ...] = ()

    def __post_init__(self) -> None:
        for name in ("redial", "shrinkage"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must be from 0 to below 1, not {getattr(self, name)!r}")
        arguments.load("surge", self.surge)
        if not self.surge_lasts > 0:
            raise ValueError(f"surge_lasts must be above 0, not {self.surge_lasts!r}")
        arguments.share("analog", self.analog)
        arguments.whole("extensions", self.extensions, 0)
        arguments.share("recorded", self.recorded)
        arguments.load("retention", self.retention)
        arguments.positive("packet_time", self.packet_time)
        arguments.positive("redial_after", self.redial_after)
        if not 0 <= self.busy_hours <= 24:
            raise ValueError(f"busy_hours must be from 0 to 24, not {self.busy_hours!r}")

    @property
    def surge_targets(self) -> Targets:
        """What is asked in the surge."""
        if self.degraded is None:
            return Targets(self.targets.service_level, self.targets.threshold, self.targets.blocking)
        return replace(self.degraded, blocking=self.targets.blocking)

    def in_surge(self) -> "Need":
        """The same while a TV spot brings its calls, as if that lasted."""
        return self.with_calls(self.traffic.arrival_rate + self.surge)

    def with_calls(self, rate: float) -> "Need":
        """The same at another rate of first calls a second, and no surge beyond that."""
        return replace(self, traffic=replace(self.traffic, arrival_rate=rate), surge=0.0)


@dataclass(frozen=True, slots=True)
class Parts:
    """A site by its parts.

    `agents` are on duty, and move to a free seat when theirs is down. `spans` are the E1s on each gateway, `stations`
    the ports of a board; `housed`: each gateway stands in a call server. Servers, gateways, loop modules, boards and
    switches hang on the power `feeds` in turn. `talking`: core channels that no target asks for, so that all can talk.
    """

    seats: int
    agents: int
    spans: tuple[int, ...]
    ivr_ports: int
    core_channels: int
    agent_licences: int
    recording: int
    boards: int = 0
    stations: int = BOARD_PORTS
    loops: int = 0
    servers: int = 1
    switches: int = 1
    housed: bool = True
    feeds: int = 1
    talking: int = 0

    @property
    def asked_for(self) -> "Parts":
        """The same without the core channels that no target asks for; with each came a port of the IVR."""
        channels = self.core_channels - self.talking
        return replace(self, core_channels=channels, ivr_ports=min(self.ivr_ports, channels), talking=0)

    @property
    def timeslots(self) -> int:
        """Places for calls to and from the public network, on E1s and analog lines."""
        return TIMESLOTS * sum(self.spans) + LOOP_LINES * self.loops

    def working_seats(self, need: Need, lost: int = 0) -> int:
        """Seats at which an agent with a licence sits, who has a port where one is needed, all but `lost` telephones;
        seats have their ports before extensions."""
        telephones = min(analog_seats(need, self.seats), self.stations * self.boards)
        seats = telephones - lost + self.seats - analog_seats(need, self.seats)
        return min(seats, self.agent_licences, self.agents)

    def working_trunks(self, need: Need, lost: int = 0) -> int:
        """Calls that timeslots and core channels let in at once; `lost` telephones take no channel."""
        taken = self.working_seats(need, lost) if need.channels_count_seats else 0
        return max(0, min(self.timeslots, self.core_channels - taken))

    def with_trunks(self, need: Need, trunks: int) -> "Parts":
        """The same with so few core channels that so many trunks are left."""
        taken = self.working_seats(need) if need.channels_count_seats else 0
        return replace(self, core_channels=trunks + taken)


@dataclass(frozen=True, slots=True)
class Got:
    """What a site gives. `attempts` per second, redials included; `asa` in seconds; shares from 0 to 1, those but
    `blocking` and `occupancy` of the callers who ask for a seat."""

    attempts: float
    blocking: float
    service_level: float
    abandonment: float
    occupancy: float
    asa: float
    queue: float


NOTHING = Got(0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0)  # of a site that is down


def analog_seats(need: Need, seats: int) -> int:
    """Seats whose telephone hangs on a board."""
    return ceil(need.analog * seats - 1e-9)


def got(need: Need, parts: Parts) -> Got:
    """What parts give, by the formula of `site_queue`."""
    return queued(need, parts.working_seats(need), parts.working_trunks(need), parts.ivr_ports)


def queued(need: Need, seats: int, trunks: int, ports: int | None = None) -> Got:
    """The same for seats, trunks and IVR ports.

    Who redials adds to the calls, taken for a Poisson stream with them (slow redialling). New calls and redials
    together are the fixed point: the more calls there are, the more of them are lost.
    """
    if _nothing(need, seats, trunks, ports):
        return NOTHING
    return _settled(need.traffic, need.targets.threshold, need.redial, seats, trunks, _few(ports, trunks))


def holds(
    need: Need, targets: Targets, names: tuple[str, ...], seats: int, trunks: int, ports: int | None = None
) -> bool:
    """Whether the targets of these names are met by what `queued` has. That is known sooner than how well: what is met
    with more calls is met, and what is missed with fewer is missed."""
    if _nothing(need, seats, trunks, ports):
        return _met(targets, names, NOTHING)
    threshold, redial = need.targets.threshold, need.redial
    return _hold(need.traffic, threshold, redial, seats, trunks, _few(ports, trunks), targets, names)


def _nothing(need: Need, seats: int, trunks: int, ports: int | None) -> bool:
    return seats < 1 or trunks < 1 or (ports is not None and ports < 1 and bool(need.traffic.ivr))


def _few(ports: int | None, trunks: int) -> int | None:
    return None if ports is None or ports >= trunks else ports


@lru_cache(maxsize=1 << 16)
def _settled(traffic: Traffic, threshold: float, redial: float, seats: int, trunks: int, ports: int | None) -> Got:
    """What there is once calls and redials have settled."""
    *_, (_, found) = _settling(traffic, threshold, redial, seats, trunks, ports)
    return found


@lru_cache(maxsize=1 << 16)
def _hold(
    traffic: Traffic, threshold: float, redial: float, seats: int, trunks: int, ports: int | None, targets: Targets,
    names: tuple[str, ...],
) -> bool:  # fmt: skip
    near, good = _near(traffic, redial), False
    for gap, found in _settling(traffic, threshold, redial, seats, trunks, ports, near[0]):
        near[0], good = found.attempts + gap, _met(targets, names, found)
        if (gap <= 0) if good else (gap >= 0):
            break
    return good


@lru_cache(maxsize=256)
def _near(traffic: Traffic, redial: float) -> list[float]:  # noqa: ARG001  (each need has its own)
    """About where calls and redials last settled: on a site that is alike they do not far from there."""
    return [traffic.arrival_rate]


def _met(targets: Targets, names: tuple[str, ...], found: Got) -> bool:
    return all(
        found.service_level >= targets.service_level if name == "service_level"
        else getattr(found, name) <= getattr(targets, name)
        for name in names
    )  # fmt: skip


def _settling(
    traffic: Traffic, threshold: float, redial: float, seats: int, trunks: int, ports: int | None,
    begin: float | None = None,
) -> Iterator[tuple[float, Got]]:  # fmt: skip
    """Rates of calls and redials together from `begin` on, nearer and nearer to where they settle: how many calls a
    second there would be beyond each (below 0: it is above where they settle), and what a site gives at it."""
    first = traffic.arrival_rate

    def tried(rate: float) -> tuple[float, Got]:
        found = _once(traffic, rate, seats, trunks, threshold, ports)
        lost = found.blocking + (1 - found.blocking) * traffic.p_agent * found.abandonment
        return first + redial * lost * rate - rate, found

    low, high, below, above = first, first / (1 - redial), inf, inf
    rate = first if begin is None else min(max(begin, low), high)
    for _ in range(3):  # of calls beside others not more are lost than they are: this is how far it can be
        gap, found = tried(rate)
        yield gap, found
        if abs(gap) <= _STEADY * rate:
            return
        low, below, high, above = (rate, gap, high, above) if gap > 0 else (low, below, rate, gap)
        rate = min(max(rate + gap / (1 - redial), low), high)
    if below == inf:
        below, found = tried(low)
        yield below, found
    if above == inf:
        above, found = tried(high)
        yield above, found
    kept = 0
    while high - low > _STEADY * high and below > _STEADY * low:
        rate = min(max((low * above - high * below) / (above - below), low), high)  # regula falsi
        gap, found = tried(rate)
        yield gap, found
        if abs(gap) <= _STEADY * rate:
            return
        side = 1 if gap > 0 else -1
        if gap > 0:
            low, below, above = rate, gap, above / 2 if kept == side else above  # an end that stays weighs half
        else:
            high, above, below = rate, gap, below / 2 if kept == side else below
        kept = side


@lru_cache(maxsize=1 << 16)
def _once(traffic: Traffic, rate: float, seats: int, trunks: int, threshold: float, ports: int | None) -> Got:
    queue = site_queue(traffic, seats, trunks, threshold, ports, rate)
    let_in = 1 - queue.p_block
    share = 1 / let_in if let_in > 0 else 0.0
    return Got(
        rate, queue.p_block, queue.service_level * share, queue.p_abandon * share, queue.occupancy,
        queue.asa, queue.mean_queue,
    )  # fmt: skip


def shortfalls(targets: Targets, found: Got) -> Iterator[tuple[str, Message]]:
    """Each target that is missed, by name, and in words how far."""
    if found.service_level < targets.service_level:
        got_, wanted = percent(found.service_level), exact(targets.service_level)
        yield "service_level", Message("service level {found}, wanted {wanted}", found=got_, wanted=wanted)
    if found.abandonment > targets.abandonment:
        got_, wanted = percent(found.abandonment), exact(targets.abandonment)
        yield "abandonment", Message("abandonment {found}, allowed {wanted}", found=got_, wanted=wanted)
    if found.occupancy > targets.occupancy:
        got_, wanted = percent(found.occupancy), exact(targets.occupancy)
        yield "occupancy", Message("occupancy {found}, allowed {wanted}", found=got_, wanted=wanted)
    if found.blocking > targets.blocking:
        got_, wanted = percent(found.blocking), exact(targets.blocking)
        yield "blocking", Message("blocking {found}, allowed {wanted}", found=got_, wanted=wanted)


def percent(share: float) -> str:
    """A found share as people read it: two decimals, or three digits where it is small."""
    if 0 < share < _SMALL:
        return f"< {exact(_SMALL)}"
    return exact(round(share, 4) if share >= 100 * _SMALL else float(f"{share:.3g}"))


def exact(share: float) -> str:
    """A share as it was given."""
    return show(share, Unit.SHARE)
