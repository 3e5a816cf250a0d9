"""A scenario, read: what is offered, what breaks and when, what is expected. Roles only: no addresses, no vendors."""

import msgspec

from simtel.core.clock import Ns
from simtel.core.faults import FaultKind
from simtel.core.log import Expectation


class Spot(msgspec.Struct, frozen=True):
    """The number is named on the air at `at`: `calls` further callers on average (Poisson), most of them at once, fewer
    and fewer with the time constant `decay`. It comes `times` times, each `every` after the one before."""

    at: Ns
    calls: float
    decay: Ns
    every: Ns = Ns(0)
    times: int = 1


class Load(msgspec.Struct, frozen=True):
    """Calls offered to the site. Times in nanoseconds, rates per second.

    full-occupancy  one call for each seat (or `calls` of them, if there are more seats), evenly over `ramp`; people
                    talk until `ramp + hold`, each for at least `hold`; `waiting` further callers arrive right after
                    the ramp and wait; then `rate` calls per second go on arriving (Poisson) until `ramp + hold`
    poisson         `rate` calls per second for `length`; with random failures: for `length` around each of them
    burst           `calls` calls evenly within `length`, then `rate` calls per second until `length + hold`
    connections     a call generator on the circuits: at most `calls` calls, one every `pace`, each on a circuit of its
                    choice for a seat of its choice, in an `order`: `sought` (one that the switching fabric refuses) or
                    `permuted` (every seat is filled at random, then one call gives way to another, time after time)
    surge           `rate` calls per second for `length`, and those of the `spots` on top of them

    `for_seats` says for how many seats `rate`, `waiting`, the calls of a burst and those of each spot are meant; see
    `on`.
    """

    kind: str
    ramp: Ns = Ns(0)
    hold: Ns = Ns(0)
    waiting: int = 0
    rate: float = 0.0
    length: Ns = Ns(0)
    calls: int = 0
    outbound: float = 0.0  # share of calls that agents dial
    recorded: float = 0.0  # share of calls that must be recorded
    priority: float = 0.0  # share of callers who are served before all others of their group
    held: float = 0.0  # share of talks in which the agent holds and resumes the call once
    skills: tuple[str, ...] = ("service",)  # skill groups; seats are shared out evenly, callers want one at random
    spots: tuple[Spot, ...] = ()
    talk: Ns | None = None  # mean talk time in place of the site's figure
    pace: Ns = Ns(0)
    order: str = ""
    for_seats: int | None = None  # None: the same on a site of any size

    def on(self, seats: int) -> "Load":
        """The load for a site of so many seats: `seats / for_seats` times the calls.

        Means (the rate, the callers of a spot) are not rounded. The calls of a burst and those who wait are numbers:
        the nearest whole one (half a call makes one), one at least unless there were none.
        """
        if self.for_seats is None or self.for_seats == seats:
            return self
        ratio = seats / self.for_seats
        calls = _times(self.calls, ratio) if self.kind == "burst" else self.calls
        spots = tuple(msgspec.structs.replace(spot, calls=spot.calls * ratio) for spot in self.spots)
        waiting = _times(self.waiting, ratio)
        return msgspec.structs.replace(
            self, rate=self.rate * ratio, waiting=waiting, calls=calls, spots=spots, for_seats=seats
        )


def _times(number: int, ratio: float) -> int:
    """So many times as many, in whole calls."""
    return max(1, int(number * ratio + 0.5)) if number else 0


class Trigger(msgspec.Struct, frozen=True):
    """`plus` after the `count`-th event of `event`."""

    event: str
    count: int = 1
    plus: Ns = Ns(0)


class Fault(msgspec.Struct, frozen=True):
    """Something done to the site, at an instant or after an event, undone after `lasting` or at the end of the run."""

    kind: FaultKind
    subject: str  # role.which: servers.active, servers.standby, gateways.1, spans.1, boards.1, seats.3, feeds.1
    at: Ns | None = None
    after: Trigger | None = None
    lasting: Ns | None = None
    unit: int | None = None  # port of a board, or group of ports
    delay: Ns | None = None  # replication-late, address-stale
    period: Ns | None = None  # link-flap, board-unseated
    count: int | None = None  # licences-added
    factor: int | None = None  # slow
    by: Ns | None = None  # clock-ahead, clock-back

    @property
    def amount(self) -> int:
        """The one figure that the kind needs besides the subject; 0 when it needs none."""
        return self.delay or self.period or self.count or self.factor or self.by or 0


# Units that may fail by themselves -> the role whose profile states how often.
RANDOM_UNITS = {
    "servers": "servers", "gateways": "gateways", "spans": "exchange", "boards": "boards",
    "switches": "lan", "feeds": "feeds", "consoles": "consoles", "phones": "phones",
}  # fmt: skip


class Random(msgspec.Struct, frozen=True):
    """Units fail by themselves for years, as often as their profiles say; a crew repairs them."""

    years: int
    units: tuple[str, ...]  # of which roles; what the site does not have cannot fail
    people: int  # in the crew
    travel: Ns  # until one of them is there
    notice: Ns  # until somebody switches off a server that hangs


class Scenario(msgspec.Struct, frozen=True):
    """One scenario file."""

    id: str
    title: dict[str, str]
    why: dict[str, str]
    requirement: tuple[str, ...]
    roles: tuple[str, ...]
    load: Load
    faults: tuple[Fault, ...]
    expect: tuple[Expectation, ...]
    random: Random | None = None
    sweep: str = ""  # "takeover": the fault at every step of the first call
    watch: bool = False  # service checks and adverts are watched from outside
    seats: int | None = None  # the size of every site, unless another is asked for; None for the site's own
    drain: Ns = Ns(0)  # run so much longer than the load before calls are given up
    path: str = ""
    hash: str = ""
