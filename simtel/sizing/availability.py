"""How long a pair of servers, and a whole site, is down: the 1+1 pair as six states, the site as a tree of parts.

The pair: 0 both work; 1 one works and the other is known to be bad; 2 the standby is bad and nobody knows; 3 switching
over; 4 a failure that no take-over covers, until somebody intervenes; 5 both bad. Both are powered and fail at the same
rate, one crew repairs, a repair leaves one server working, failing back costs nothing. No service in 3, 4 and 5.

Outages count by the Chinese rule for exchanges: only those longer than 30 s; at most 3 minutes a year in which at least
half of the users or of the trunks are out (the system), and at most 30 minutes a year for each user.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import comb, exp

from simtel.sizing.theory import arguments
from simtel.sizing.theory.markov import steady_state

MINUTES_A_YEAR = 365 * 24 * 60
COUNTS_FROM = 30.0  # seconds: a shorter outage is none
SYSTEM_LIMIT, USER_LIMIT = 3.0, 30.0  # minutes a year
_SMALL = 0.1  # chance of a failure within a repair or a test interval, up to which the first order holds


@dataclass(frozen=True, slots=True)
class Pair:
    """Two servers of which one works and the other stands by. Times in seconds.

    `mtbf`, `mttr`: mean time between failures of one server, and mean time of its repair.
    `coverage`: share of failures of the active one after which the standby takes over by itself.
    `shown`: share of failures of the standby that are noticed at once.
    `test_every`: interval of the tests that find the others; they find one after half of it, in the mean.
    `switch`, `manual`: duration of a take-over, and of an outage that somebody has to end.
    ValueError: a time that is not above 0 (`switch` may be 0), or a share outside 0..1.
    """

    mtbf: float
    mttr: float
    coverage: float
    shown: float
    test_every: float
    switch: float
    manual: float

    def __post_init__(self) -> None:
        for name in ("mtbf", "mttr", "test_every", "manual"):
            arguments.positive(name, getattr(self, name))
        arguments.load("switch", self.switch)
        arguments.share("coverage", self.coverage)
        arguments.share("shown", self.shown)


@dataclass(frozen=True, slots=True)
class Downtime:
    """Minutes without service a year, by cause, and those of them that count (in outages of more than 30 s)."""

    switching: float
    uncovered: float
    both: float
    counted: float

    @property
    def total(self) -> float:
        """All of them, short outages included."""
        return self.switching + self.uncovered + self.both


def single_downtime(mtbf: float, mttr: float) -> float:
    """Minutes a year for which one server alone is down; both times in seconds, above 0."""
    arguments.positive("mtbf", mtbf)
    return MINUTES_A_YEAR * arguments.positive("mttr", mttr) / (mtbf + mttr)


def pair_downtime(pair: Pair) -> Downtime:
    """The six states solved exactly.

    A take-over and a manual intervention last as long as they are said to, and count wholly or not at all; of the time
    with both servers bad, whose repair is exponential, those outages count that are longer than 30 s.
    """
    fails, mends = 1 / pair.mtbf, 1 / pair.mttr
    rates = {
        (0, 4): fails * (1 - pair.coverage), (4, 1): 1 / pair.manual,
        (0, 1): fails * pair.shown, (1, 0): mends, (1, 5): fails, (5, 1): mends,
        (0, 2): fails * (1 - pair.shown), (2, 1): 2 / pair.test_every, (2, 5): fails,
    }  # fmt: skip
    if pair.switch:
        rates |= {(0, 3): fails * pair.coverage, (3, 1): 1 / pair.switch}
    else:  # one server is bad at once
        rates[0, 1] += fails * pair.coverage
        rates |= {(0, 3): 0.0, (3, 1): 1.0}
    switching, uncovered, both = (MINUTES_A_YEAR * share for share in steady_state(rates)[3:])
    repairs = COUNTS_FROM / pair.mttr
    counted = both * (1 + repairs) * exp(-repairs)
    counted += switching * (pair.switch > COUNTS_FROM) + uncovered * (pair.manual > COUNTS_FROM)
    return Downtime(switching, uncovered, both, counted)


def first_order(pair: Pair) -> tuple[float, bool]:
    """Minutes a year by the formula that is easily read, and whether it may be trusted.

    U = (c switch + (1-c) manual) / mtbf + 2 (mttr/mtbf)^2 + (1-d) mttr test_every / (2 mtbf^2). It takes failures for
    so rare that there is no third, and fails once a server is likely to fail within a repair or within the interval of
    the tests: then solve the chain. (A standby found bad by a test is repaired as any other: hence 2 and not 1+d.)
    """
    c, d, rare = pair.coverage, pair.shown, pair.mttr / pair.mtbf
    down = (c * pair.switch + (1 - c) * pair.manual) / pair.mtbf + 2 * rare * rare
    down += (1 - d) * rare * pair.test_every / 2 / pair.mtbf
    untested = pair.test_every / pair.mtbf if d < 1 else 0.0
    return MINUTES_A_YEAR * down, max(rare, untested) <= _SMALL


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of a site and all that is lost with it.

    `down` is the share of time for which it is down itself; parts fail independently. It serves `trunks` timeslots and
    `seats` directly, beside those of the parts within. A site is one part: what everything depends on (the core, the
    CRM server, the power), within it the gateways, within those the E1s, and the boards with their seats.
    ValueError: a share outside 0..1, or a number that is negative or not whole.
    """

    name: str
    down: float
    trunks: int = 0
    seats: int = 0
    parts: tuple["Part", ...] = ()

    def __post_init__(self) -> None:
        arguments.share(f"{self.name}: down", self.down)
        arguments.whole(f"{self.name}: trunks", self.trunks, 0)
        arguments.whole(f"{self.name}: seats", self.seats, 0)

    def all_trunks(self) -> int:
        """Timeslots here and within."""
        return self.trunks + sum(part.all_trunks() for part in self.parts)

    def all_seats(self) -> int:
        """Seats here and within."""
        return self.seats + sum(part.all_seats() for part in self.parts)


def series(downs: Iterable[float]) -> float:
    """Share of time for which at least one of several independent parts is down."""
    down = 0.0
    for each in downs:
        down += (1 - down) * arguments.share("down", each)
    return down


def parallel(downs: Iterable[float]) -> float:
    """Share of time for which all of several independent parts are down."""
    down = 1.0
    for each in downs:
        down *= arguments.share("down", each)
    return down


def system_downtime(site: Part) -> float:
    """Minutes a year in which at least half of the trunks, or at least half of the seats, are out.

    What there is none of is never out. ValueError: a site with neither trunks nor seats.
    """
    trunks, seats = site.all_trunks(), site.all_seats()
    if not trunks and not seats:
        raise ValueError(f"{site.name} has neither trunks nor seats: nothing can be out")
    down = sum(
        share
        for (lost_trunks, lost_seats), share in _lost(site).items()
        if (trunks and 2 * lost_trunks >= trunks) or (seats and 2 * lost_seats >= seats)
    )
    return MINUTES_A_YEAR * down


def weighed_downtime(site: Part, lost: Mapping[tuple[int, int], float]) -> float:
    """Minutes a year in which so many trunks and seats are out, each by the share of calls that is `lost` with them.

    KeyError: a number of trunks and seats of which nobody says what it loses.
    """
    return MINUTES_A_YEAR * sum(share * lost[out] for out, share in _lost(site).items())


def user_downtime(site: Part) -> dict[str, float]:
    """Minutes a year for which a seat is out, by the name of the part that it hangs on directly.

    A seat is out with its own part and with all that contains it; trunks are another matter.
    """
    found: dict[str, float] = {}

    def walk(part: Part, above: float) -> None:
        down = series((above, part.down))
        if part.seats:
            found[part.name] = max(found.get(part.name, 0.0), MINUTES_A_YEAR * down)
        for within in part.parts:
            walk(within, down)

    walk(site, 0.0)
    return found


def _lost(part: Part) -> dict[tuple[int, int], float]:
    """Shares of time for which so many trunks and so many seats are out."""
    whole = {(0, 0): 1.0}
    for within in _apart(part):
        joined: dict[tuple[int, int], float] = {}
        for (trunks, seats), share in whole.items():
            for (more_trunks, more_seats), other in within.items():
                key = (trunks + more_trunks, seats + more_seats)
                joined[key] = joined.get(key, 0.0) + share * other
        whole = joined
    states = {key: share * (1 - part.down) for key, share in whole.items()}
    everything = (part.all_trunks(), part.all_seats())
    states[everything] = states.get(everything, 0.0) + part.down
    return states


def _apart(part: Part) -> Iterator[dict[tuple[int, int], float]]:
    """The same of what lies within, each by itself; parts with nothing within that are alike are told at once."""
    alike: dict[tuple[int, int, float], int] = {}
    for within in part.parts:
        if within.parts:
            yield _lost(within)
        elif within.trunks or within.seats:
            kind = (within.trunks, within.seats, within.down)
            alike[kind] = alike.get(kind, 0) + 1
    for (trunks, seats, down), number in alike.items():
        yield {
            (k * trunks, k * seats): comb(number, k) * down**k * (1 - down) ** (number - k) for k in range(number + 1)
        }
