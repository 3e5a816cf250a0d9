"""A site as the tree of parts of `availability`: how many minutes a year it is down, and what they are owed to.

What fails, as the profiles state it, and what goes with it:
    servers     alone: everything. A pair by its six states; a standby that takes over is an outage only if that takes
                longer than 30 s. Where gateways stand in the servers' boxes, the gateway of a box goes with its server.
    switches    one of several is no loss; with the chance `together` a failure takes them all
    feeds       the same, but each of several takes the gateways and boards that hang on it
    gateways    their E1s; where a person moves the cables to a spare, only until he has
    spans       their 30 trunks (loop lines fail with nothing here, and are left out)
    boards      the telephones on their ports
    consoles, phones, IP phones beside those on boards    a seat is out when none of its parts works
A repair takes the way of the crew, the repair itself and the boot. Every unit has a crew of its own, the pair has one.
Left out: registrations that come back later than the boot, and that one feed of two takes one server of a pair along.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from simtel.core.clock import HOUR, SECOND
from simtel.core.quantity import Basis, Quantity
from simtel.profiles.resolve import BEARERS
from simtel.profiles.spec import Given, SiteSpec
from simtel.sizing.availability import (
    MINUTES_A_YEAR,
    Downtime,
    Pair,
    Part,
    first_order,
    pair_downtime,
    parallel,
    series,
    system_downtime,
    user_downtime,
    weighed_downtime,
)

DETECT = 3  # adverts that stay away until the standby takes over
# Kind of unit -> the role whose profile says how often it fails.
UNITS = {
    "servers": "servers", "gateways": "gateways", "spans": "exchange", "boards": "boards", "switches": "lan",
    "feeds": "feeds", "consoles": "consoles", "phones": "phones", "ip_phones": "ip_phones",
}  # fmt: skip
_GOOD_IS_HIGH = {"mtbf_hours": True, "repair_time": False, "together": False, "coverage": True, "standby_shown": True}


@dataclass(frozen=True, slots=True)
class Crew:
    """Who repairs: so long is the way, and so long until somebody switches off a server that hangs (s)."""

    travel: float = 3_600.0
    notice: float = 1_800.0


@dataclass(frozen=True, slots=True)
class Share:
    """A kind of units: how many, how often one fails and how long it is away (s), minutes a year of one; and minutes a
    year by which the site, and the worst seat, would be down less if none of them ever failed."""

    kind: str
    count: int
    mtbf: float
    away: float
    alone: float
    system: float
    user: float
    assumed: bool  # a figure of it is assumed, or stands in for one that nobody knows


@dataclass(frozen=True, slots=True)
class Servers:
    """The pair by its six states, beside the first order, which may be `trusted` or not (minutes a year)."""

    exact: Downtime
    first_order: float
    trusted: bool


@dataclass(frozen=True, slots=True)
class SiteDowntime:
    """Minutes a year without service in outages longer than 30 s. `system`: at least half of the seats or of the trunks
    are out; `user`: the worst seat. `ends`: with every figure at the good, and at the bad end of its range."""

    system: float
    user: float
    system_ends: tuple[float, float]
    user_ends: tuple[float, float]
    shares: tuple[Share, ...]  # the one that the system owes most to first
    pair: Servers | None
    silent: tuple[str, ...]  # kinds of which no profile says how often they fail: taken as if they never did


def site_downtime(site: SiteSpec, crew: Crew = Crew()) -> SiteDowntime:
    """All of it, for one site of one size."""
    works = _Works(site, crew)
    system, user = works.downtime()
    shares = []
    for kind, count in works.counts().items():
        less, calmer = _Works(site, crew, kind).downtime()
        shares.append(Share(
            kind, count, works.mtbf(kind), works.away(kind), MINUTES_A_YEAR * works.down(kind), system - less,
            user - calmer, any(_is_open(given) for given in _figures(site, kind).values()),
        ))  # fmt: skip
    good, bad = (_Works(_at_ends(site, good), crew).downtime() for good in (True, False))
    pair = works.pair()
    servers = Servers(pair_downtime(pair), *first_order(pair)) if pair else None
    shares.sort(key=lambda share: (-share.system, -share.user))
    return SiteDowntime(system, user, (good[0], bad[0]), (good[1], bad[1]), tuple(shares), servers, works.silent())


def minutes_down(site: SiteSpec, crew: Crew = Crew()) -> tuple[float, float]:
    """Minutes a year of the system and of the worst seat, and nothing beside: a tenth of the work."""
    return _Works(site, crew).downtime()


def minutes_weighed(site: SiteSpec, lost: Mapping[tuple[int, int], float], crew: Crew = Crew()) -> tuple[float, float]:
    """Minutes a year of the system, and those in which anything is out, by the share of calls that is `lost` while so
    many trunks and seats are."""
    tree = _Works(site, crew).tree()
    return system_downtime(tree), weighed_downtime(tree, lost)


def pair_of(site: SiteSpec, crew: Crew = Crew()) -> Pair | None:
    """The servers of a site as a pair; None when there is one alone, or nothing is said of how often they fail."""
    return _Works(site, crew).pair()


def _figures(site: SiteSpec, kind: str) -> dict[str, Given]:
    """What its profile says about failures of a kind of units."""
    head = f"{UNITS[kind]}.failure."
    return {path: given for path, given in site.figures.items() if path.startswith(head)}


def _told(site: SiteSpec, kind: str) -> bool:
    """Whether its profile says anything about that."""
    head = f"{UNITS[kind]}.failure."
    return any(path.startswith(head) for path in site.figures)


def _is_open(given: Given) -> bool:
    return not isinstance(given.stated, Quantity) or given.stated.basis is Basis.ASSUMED


def _at_ends(site: SiteSpec, good: bool) -> SiteSpec:
    """The site with every figure about failures at one end of its range."""
    for kind in UNITS:
        for path, given in _figures(site, kind).items():
            stated = given.stated
            if isinstance(stated, Quantity) and stated.low is not None and stated.high is not None:
                high = _GOOD_IS_HIGH[path.rpartition(".")[2]] is good
                site = site.with_figure(path, stated.high if high else stated.low)
    return site


class _Works:
    """How often the units of a site work. Those of the kind `spared` always do."""

    def __init__(self, site: SiteSpec, crew: Crew, spared: str = "") -> None:
        self._site = site
        self._crew = crew
        self._spared = spared
        self._counts = {kind: count for kind, count in self._there().items() if _told(site, kind)}

    def _seconds(self, path: str) -> float:
        return self._site.time(path) / SECOND if path in self._site.figures else 0.0

    def counts(self) -> dict[str, int]:
        """How many units there are of each kind that can fail."""
        return self._counts

    def silent(self) -> tuple[str, ...]:
        """Kinds of which nothing is said."""
        return tuple(kind for kind in self._there() if not _figures(self._site, kind))

    def _there(self) -> dict[str, int]:
        layout, seats = self._site.layout, self._seats()
        found = {
            "servers": layout.servers, "gateways": sum(spans > 0 for spans in layout.spans),
            "spans": sum(layout.spans), "boards": layout.boards, "switches": layout.switches, "feeds": layout.feeds,
            "consoles": seats if layout.console else 0, "phones": 0 if layout.phone == "none" else self._phones(),
            "ip_phones": layout.ip_seats,
        }  # fmt: skip
        return {kind: count for kind, count in found.items() if count}

    def _phones(self) -> int:
        layout, seats = self._site.layout, self._site.seats - self._site.layout.ip_seats
        if layout.phone == "board":
            return min(seats, layout.boards * self._site.count("boards.ports.stations")) if layout.boards else 0
        return seats

    def _seats(self) -> int:
        """Seats that have a part at all."""
        layout = self._site.layout
        return self._phones() + layout.ip_seats if layout.phone == "board" else self._site.seats

    # --- units

    def mtbf(self, kind: str) -> float:
        """Mean time between failures of one, s."""
        return self._site.number(f"{UNITS[kind]}.failure.mtbf_hours") * HOUR / SECOND

    def away(self, kind: str) -> float:
        """Mean time for which a failure takes it away, s."""
        mended = self._crew.travel + self._seconds(f"{UNITS[kind]}.failure.repair_time")
        if kind == "feeds":  # what hangs on it starts again
            return mended + max(self._seconds(f"{role}.boot_time") for role in ("servers", "gateways", "lan"))
        if kind == "servers" and self._site.layout.servers == 1:
            mended += (1 - self._site.number("servers.failure.coverage")) * self._crew.notice
        if kind == "spans":  # its carrier mends it
            return mended
        mended += self._seconds(f"{UNITS[kind]}.boot_time")
        return self._moved(mended) if kind == "gateways" else mended

    def _moved(self, mended: float) -> float:
        """Where a person moves cables to a spare, an outage of what they hung on is over with that."""
        return min(mended, self._seconds("site.cable_move_time")) if self._site.layout.cold_spare else mended

    def down(self, kind: str) -> float:
        """Share of time for which one is down, whatever brought it down."""
        if kind == self._spared or kind not in self.counts():
            return 0.0
        return self.away(kind) / (self.mtbf(kind) + self.away(kind))

    def _together(self, kind: str) -> float:
        """Share of its failures that take all of the kind along."""
        path = f"{UNITS[kind]}.failure.together"
        return self._site.number(path) if path in self._site.figures else 0.0

    def _alone(self, kind: str) -> float:
        """Share of time for which one is down by a failure that took no other along."""
        return self.down(kind) * (1 - self._together(kind))

    def _common(self, kind: str, count: int) -> float:
        """Share of time for which all are down by a failure that took them together."""
        return series([self.down(kind) * self._together(kind)] * count)

    def pair(self) -> Pair | None:
        """The servers, when there are two of them."""
        site, election = self._site, "servers.election."
        if site.layout.servers == 1 or "servers" not in self.counts():
            return None
        switch = DETECT * self._seconds(f"{election}advert_interval") + self._seconds(f"{election}promote_time")
        if site.choice(f"{election}fencing") == "power":
            switch += self._seconds(f"{election}fencing_time")
        return Pair(
            mtbf=self.mtbf("servers"), mttr=self.away("servers"), coverage=site.number("servers.failure.coverage"),
            shown=site.number("servers.failure.standby_shown"), test_every=self._seconds(f"{election}test_interval"),
            switch=switch + self._seconds(f"{election}address_time"), manual=self._crew.notice,
        )  # fmt: skip

    # --- the site

    def downtime(self) -> tuple[float, float]:
        """Minutes a year of the system, and of the worst seat."""
        site = self.tree()
        return system_downtime(site), max(user_downtime(site).values())

    def tree(self) -> Part:
        """The site as parts within parts."""
        layout = self._site.layout
        pair = self.pair()
        servers = self.down("servers")
        if pair is not None and servers:
            servers = pair_downtime(pair).counted / MINUTES_A_YEAR
        switches, feeds = layout.switches, layout.feeds
        root = [servers]
        if switches == 1:
            root.append(self.down("switches"))
        elif switches:
            root += [self._common("switches", switches), parallel([self._alone("switches")] * switches)]
        fed = list(self._fed(feeds))
        if feeds > 1:
            root.append(self._common("feeds", feeds))
            alone = [self._alone("feeds")] * feeds
            if switches == 1 or layout.servers == 1:  # what all need hangs on the first: it counts there alone
                root.append(alone[0])
                alone[0] = 0.0
            parts = tuple(Part(f"feed {n + 1}", alone[n], parts=fed[n]) for n in range(feeds))
        else:
            root.append(self.down("feeds"))
            parts = tuple(part for group in fed for part in group)
        return Part("site", series(root), parts=(*self._desks(), *parts))

    def _fed(self, feeds: int) -> Iterator[tuple[Part, ...]]:
        """The gateways and boards on each feed, with all that is lost with them."""
        boards = list(self._boards())
        gateways = list(self._gateways())
        for n in range(max(1, feeds)):
            yield (*boards[n :: max(1, feeds)], *gateways[n :: max(1, feeds)])

    def _gateways(self) -> Iterator[Part]:
        layout = self._site.layout
        trunk = self.down("spans")
        box = self.down("servers") if layout.housed and layout.servers > 1 else 0.0
        if box:
            away = self._moved(self.away("servers"))
            box = away / (self.mtbf("servers") + away)
        for n, spans in enumerate(layout.spans):
            lines = tuple(Part(f"span {n + 1}.{k + 1}", trunk, BEARERS) for k in range(spans))
            yield Part(f"gateway {n + 1}", series((box, self.down("gateways"))), parts=lines)

    def _boards(self) -> Iterator[Part]:
        """With their seats, where these have nothing else."""
        layout = self._site.layout
        if layout.phone != "board" or layout.console:
            return
        phone, left = self.down("phones"), self._phones()
        for n in range(layout.boards):
            here = ceil(left / (layout.boards - n)) if layout.spread else min(
                left, self._site.count("boards.ports.stations")
            )  # fmt: skip
            left -= here
            seats = tuple(Part(f"seat {n + 1}.{k + 1}", phone, seats=1) for k in range(here))
            yield Part(f"board {n + 1}", self.down("boards"), parts=seats)

    def _desks(self) -> Iterator[Part]:
        """Seats that hang on the whole site, each by itself."""
        layout = self._site.layout
        console = [self.down("consoles")] if layout.console else []
        phone = [series((self.down("phones"), self.down("boards") if layout.phone == "board" else 0.0))]
        there = 0 if layout.phone == "board" and not layout.console else self._seats() - layout.ip_seats
        for n in range(there):
            yield Part(f"seat {n + 1}", parallel([*console, *(phone if layout.phone != "none" else ())]), seats=1)
        for n in range(layout.ip_seats):
            yield Part(f"seat with an IP telephone {n + 1}", parallel([*console, self.down("ip_phones")]), seats=1)
