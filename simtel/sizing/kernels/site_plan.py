"""What a simulated site is and who calls it: the parts, the teams interval by interval, the callers and their habits.

Times in seconds, rates per second, shares from 0 to 1. Groups, teams and classes are named by their positions. Seats
are numbered team after team, as many a team as it has agents in its fullest interval; trunks from 0. Each part that is
impossible is refused with a ValueError when the whole is put together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simtel.sizing.kernels.draws import LONGEST, SECOND, Law
from simtel.sizing.kernels.quantiles import Quantiles
from simtel.sizing.kernels.site_world import AGENTS, CLASSES, GROUPS, INTERVALS, PRIORITIES, TEAMS, TRUNKS, UNITS
from simtel.sizing.theory import arguments

LONGEST_RUN = 5e8  # seconds, 15 years


@dataclass(frozen=True)
class Group:
    """A skill group; after `overflow_after` its callers are the agents' of a second group as well."""

    overflow_to: int | None = None
    overflow_after: float = 30.0


@dataclass(frozen=True)
class Team:
    """Agents alike: the groups that they serve, and how many there are in each interval (breaks: fewer)."""

    groups: Sequence[int]
    agents: Sequence[int]


@dataclass(frozen=True)
class Unit:
    """What fails as one, with the trunks and seats that it takes along; lives and repairs are exponential.

    Agents stay at their dead seats, as in the site of devices, and take no call until the repair (`need.Parts`, by
    which sites are designed, lets them move to a free seat: of a site without spare seats both say the same)."""

    mtbf: float
    mttr: float
    trunks: range = range(0)
    seats: range = range(0)


@dataclass(frozen=True)
class CallBack:
    """Who has waited so long may leave a number; such a share of them does."""

    after: float
    share: float


@dataclass(frozen=True)
class Site:
    """What is bought, and who works when. `dial_above`: agents who become free dial out themselves while so many others
    are idle; None: never."""

    interval: float
    trunks: int
    ivr_ports: int
    teams: Sequence[Team]
    queue_places: int = TRUNKS
    groups: Sequence[Group] = (Group(),)
    units: Sequence[Unit] = ()
    call_back: CallBack | None = None
    dial_above: int | None = None

    def __post_init__(self) -> None:
        arguments.positive("interval", self.interval)
        if round(self.interval * SECOND) == 0:
            raise ValueError(f"interval must be 1 ns at least, not {self.interval!r} s")
        _within("trunks", self.trunks, 0, TRUNKS)
        _within("ivr_ports", self.ivr_ports, 0, TRUNKS)
        _within("queue_places", self.queue_places, 0, TRUNKS)
        _within("the number of groups", len(self.groups), 1, GROUPS)
        _within("the number of teams", len(self.teams), 1, TEAMS)
        _within("the number of units", len(self.units), 0, UNITS)
        _within("the number of intervals", self.intervals, 1, INTERVALS)
        if self.intervals * self.interval > LONGEST_RUN:
            raise ValueError(f"all intervals must last {LONGEST_RUN:.3g} s at most, not {self.interval!r} s each")
        for group in self.groups:
            if group.overflow_to is not None:
                _within("overflow_to", group.overflow_to, 0, len(self.groups) - 1)
            _limited("overflow_after", group.overflow_after)
        for team in self.teams:
            if len(team.agents) != self.intervals:
                raise ValueError(
                    f"each team needs agents for {self.intervals} intervals as the first, not {len(team.agents)}"
                )
            for agents in team.agents:
                _within("agents", agents, 0, AGENTS)
            for served in team.groups:
                _within("a group that is served", served, 0, len(self.groups) - 1)
        _within("the number of seats", self.seats, 1, AGENTS)
        for unit in self.units:
            arguments.positive("mtbf", unit.mtbf)
            arguments.positive("mttr", unit.mttr)
            _limited("mtbf", unit.mtbf)
            _limited("mttr", unit.mttr)
            _part("trunks of a unit", unit.trunks, self.trunks)
            _part("seats of a unit", unit.seats, self.seats)
        if self.call_back:
            _limited("call_back.after", self.call_back.after)
            arguments.share("call_back.share", self.call_back.share)
        if self.dial_above is not None:
            _within("dial_above", self.dial_above, 0, AGENTS)

    @property
    def intervals(self) -> int:
        """How many there are: those of the first team."""
        return len(self.teams[0].agents) if self.teams else 0

    @property
    def seats(self) -> int:
        """How many there are."""
        return sum(max(team.agents, default=0) for team in self.teams)


@dataclass(frozen=True)
class CallerClass:
    """A kind of callers: their share of all, what they want and how long they talk against the others."""

    share: float = 1.0
    group: int = 0
    priority: int = 0  # the higher is served first
    wants_agent: float = 1.0  # share; the others are content with the menu
    talk_scale: float = 1.0


@dataclass(frozen=True)
class Redial:
    """Which share of those who were not served dials again, and after how long in the mean (exponential)."""

    blocked: float = 0.0  # or turned away
    abandoned: float = 0.0  # or cut off
    delay: float = 300.0


@dataclass(frozen=True)
class Office:
    """Calls between extensions of the house and people outside, each for a time of its own (both exponential): they
    hold trunks and want no agent. `load` in erlang, if all find a trunk; `length` (s) of one in the mean."""

    load: float = 0.0
    length: float = 180.0


@dataclass(frozen=True)
class Demand:
    """Who calls: so many a second in each interval, at random, with these laws of what they take."""

    rates: Sequence[float]
    talk: Law | Quantiles
    patience: Law | Quantiles
    menu: Law | Quantiles = field(default_factory=lambda: Law.fixed(0.0))
    wrap_up: Law | Quantiles = field(default_factory=lambda: Law.fixed(0.0))
    classes: Sequence[CallerClass] = (CallerClass(),)
    redial: Redial = Redial()
    office: Office = Office()

    def __post_init__(self) -> None:
        _within("the number of rates", len(self.rates), 1, INTERVALS)
        for rate in self.rates:
            arguments.load("a rate", rate)
        _within("the number of classes", len(self.classes), 1, CLASSES)
        for kind in self.classes:
            arguments.share("share of a class", kind.share)
            arguments.share("wants_agent", kind.wants_agent)
            _within("priority", kind.priority, 0, PRIORITIES - 1)
            arguments.positive("talk_scale", kind.talk_scale)
        if abs(sum(kind.share for kind in self.classes) - 1) > 1e-9:
            raise ValueError(f"shares of classes must add up to 1, not {sum(kind.share for kind in self.classes)!r}")
        arguments.share("redial.blocked", self.redial.blocked)
        arguments.share("redial.abandoned", self.redial.abandoned)
        arguments.positive("redial.delay", self.redial.delay)
        _limited("redial.delay", self.redial.delay)
        arguments.load("office.load", self.office.load)
        arguments.positive("office.length", self.office.length)
        _limited("office.length", self.office.length)


def of_each_other(site: Site, demand: Demand) -> None:
    """ValueError unless the callers of `demand` can call `site`."""
    if len(demand.rates) != site.intervals:
        raise ValueError(f"rates must be given for {site.intervals} intervals as agents are, not {len(demand.rates)}")
    for kind in demand.classes:
        _within("group of a class", kind.group, 0, len(site.groups) - 1)


def _within(name: str, value: int, least: int, most: int) -> None:
    if arguments.whole(name, value, least) > most:
        raise ValueError(f"{name} must be {most:,} at most, not {value!r}")


def _limited(name: str, value: float) -> None:
    """A time that may be longer than any run, but fits into one's clock."""
    if arguments.duration(name, value) * SECOND > LONGEST:
        raise ValueError(f"{name} must be {LONGEST / SECOND:.3g} s at most, not {value!r}")


def _part(name: str, numbers: range, of: int) -> None:
    if numbers.step != 1 or (len(numbers) and not 0 <= numbers[0] <= numbers[-1] < of):
        raise ValueError(f"{name} must follow each other within 0 ... {of - 1}, not {numbers!r}")
