"""What the options score under any figures: the part of a comparison that is asked thousands of times.

What was simulated (service, blocking, failover) stands still here; money and outages follow the figures. A figure of a
profile has the name of that profile, so that options which buy the same device share its draws. An outage is what the
availability chain says, unless the buyer's log was replayed: then it is the log's, times the figure `LOG`. It counts by
the share of calls that it loses: while half of the trunks is out, the other half may carry nearly all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simtel.core.clock import HOUR
from simtel.core.quantity import Basis, Quantity, Unit
from simtel.profiles.spec import SiteSpec
from simtel.quotes.costs import LOSSES, Cost, InUse, Rates, cost_over, total
from simtel.quotes.lost import Out
from simtel.quotes.ranged import Ranged, ranged
from simtel.quotes.ranking import Scale, score
from simtel.sizing.site_downtime import UNITS, Crew, minutes_weighed

LOG = "outage log"
RATES = ("support", "spares", "tariff", "span_rent", "line_rent", "outage_hour", "lost_call", "discount")


@dataclass(frozen=True, slots=True)
class Running:
    """Devices that draw power, by the buyer's figure for each kind."""

    server_power: int
    gateway_power: int
    board_power: int
    switch_power: int


def running(spec: SiteSpec) -> Running:
    """Those of a site; a gateway that is housed draws with its server."""
    layout = spec.layout
    return Running(layout.servers, 0 if layout.housed else layout.gateways, layout.boards, layout.switches)


@dataclass(frozen=True, slots=True)
class Contender:
    """One option in one reading. `site`: the same for sites that are built alike. `settings`: figure of the site -> the
    name that it goes by; `price`, `warranty`, `owned`, `needed`, `listed`: names of figures; `logged`: minutes a year
    by the buyer's log, and as they are weighed, None without one, and `lost`: calls a year, None where it did not count
    them; then an hour in which all is out loses `calls`. `with_them`: share of calls lost while so many trunks and
    seats are out. `still`: criteria that no figure here moves."""

    site: str
    spec: SiteSpec
    settings: Mapping[str, str]
    used: InUse
    price: str
    warranty: str
    logged: tuple[float, float] | None
    lost: float | None
    calls: float
    with_them: Mapping[Out, float]
    still: Mapping[str, float]
    owned: str
    needed: str
    listed: str


class Jury:
    """Scores of all contenders, in their order; outages that were asked before are remembered."""

    def __init__(self, contenders: Sequence[Contender], scales: Mapping[str, Scale], years: int) -> None:
        self.contenders = contenders
        self.scales = scales
        self.years = years
        self._known: dict[tuple[object, ...], tuple[float, float]] = {}

    def __call__(self, figures: Mapping[str, float]) -> list[float]:
        return [score(self.criteria(one, figures), self.scales) for one in self.contenders]

    def criteria(self, one: Contender, figures: Mapping[str, float]) -> dict[str, float]:
        """The figure of each criterion."""
        paid = total(self.costs(one, figures), LOSSES)
        return {**one.still, "cost": paid, "outage": self.outage(one, figures)[1]}

    def costs(self, one: Contender, figures: Mapping[str, float]) -> tuple[Cost, ...]:
        """What it costs over the years."""
        return cost_over(self.used(one, figures), Rates(*(figures[name] for name in RATES)), self.years)

    def ends(self, one: Contender, figures: Mapping[str, Ranged]) -> dict[str, tuple[float, float]]:
        """Each item of the cost with all its rates at their cheap and at their dear end, outages as they are."""
        value = {name: figure.value for name, figure in figures.items()}
        found: dict[str, list[float]] = {}
        for cheap in (True, False):
            at = {name: figure.low if cheap else figure.high for name, figure in figures.items()}
            at[one.warranty] = figures[one.warranty].high if cheap else figures[one.warranty].low
            at["discount"] = figures["discount"].high if cheap else figures["discount"].low
            still = replace(
                self.used(one, at), **{name: getattr(self.used(one, value), name) for name in ("outage", "lost")}
            )
            for cost in cost_over(still, Rates(*(at[name] for name in RATES)), self.years):
                found.setdefault(cost.id, []).append(cost.total)
        return {name: (low, high) for name, (low, high) in found.items()}

    def used(self, one: Contender, figures: Mapping[str, float]) -> InUse:
        """What it pays for and keeps running."""
        hours, there = self.outage(one, figures)[1] / 60, running(one.spec)
        return replace(
            one.used, price=figures[one.price], warranty=figures[one.warranty], owned=figures[one.owned],
            needed=figures[one.needed], listed=figures[one.listed], outage=hours,
            lost=hours * one.calls if one.lost is None else one.lost * figures[LOG],
            watts=sum(getattr(there, name) * figures[name] for name in Running.__dataclass_fields__),
        )  # fmt: skip

    def outage(self, one: Contender, figures: Mapping[str, float]) -> tuple[float, float]:
        """Minutes a year, and the same by the share of calls that is lost in them."""
        if one.logged is not None:
            minutes, weighed = one.logged
            return minutes * figures[LOG], weighed * figures[LOG]
        settings = tuple((path, figures[name]) for path, name in sorted(one.settings.items()))
        key = (one.site, settings, figures["travel"], figures["notice"])
        if key not in self._known:
            spec = one.spec
            for path, value in settings:
                spec = spec.with_figure(path, value * HOUR if spec.figures[path].spec.unit is Unit.TIME else value)
            self._known[key] = minutes_weighed(spec, one.with_them, Crew(figures["travel"], figures["notice"]))
        return self._known[key]


def settings_of(spec: SiteSpec) -> dict[str, tuple[str, Ranged, str]]:
    """Assumed figures about failures: path -> name, range and what it is counted in, times in hours."""
    found = {}
    for role in sorted(set(UNITS.values())):
        for path, given in spec.figures.items():
            stated = given.stated
            if not path.startswith(f"{role}.failure.") or not isinstance(stated, Quantity):
                continue
            if stated.basis is Basis.ASSUMED and stated.low is not None and stated.high is not None:
                name = f"{spec.profiles[role]} {path.rpartition('.')[2]}"
                hours = stated.unit in {Unit.TIME, Unit.COUNT}
                scale = float(HOUR) if stated.unit is Unit.TIME else 1.0
                found[path] = (name, ranged(stated, scale), "h" if hours else "share")
    return found
