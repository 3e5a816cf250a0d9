"""A whole site in the long run, simulated: what callers meet who dial at one rate for ever.

The site is that of `site_runs`: a trunk is held through IVR, queue and talk, a port of the IVR through the menu, a seat
through talk and wrap-up, who was not served may dial again, and office extensions hold trunks besides. Time is cut into
stretches of one length; the first, in which an empty site fills, does not count. How long that takes is seen from pilot
runs of other callers: how many trunks are held settles (`intervals.warm_up_of_runs`). Theory says how long a queue
near saturation takes (`settling`).
"""

from math import ceil, inf
from typing import Final

import msgspec

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem
from simtel.profiles.demand import Demand
from simtel.profiles.law import Law as Stated
from simtel.sizing.design.need import EXTENSION_LOAD
from simtel.sizing.intervals import warm_up_of_runs
from simtel.sizing.kernels import site_plan
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.quantiles import Quantiles
from simtel.sizing.kernels.site_runs import SiteRuns, simulate_site
from simtel.sizing.kernels.site_world import INTERVALS
from simtel.sizing.stopping import Values
from simtel.sizing.theory.settling import LEFT_OF_IT, settling_time

PILOTS: Final = range(1_000_000, 1_000_024)  # replications that no figure comes from
STRETCHES: Final = 24  # of a pilot run, each as long as a call holds its seat in the mean


class Callers(msgspec.Struct, frozen=True):
    """Who calls. `rate` per second, `wants_agent` and `redials` (of those refused or lost) shares, times in seconds;
    who dials again does so after an exponential time of mean `redial_delay`.
    `office`: what office extensions would put on endless trunks, in erlang."""

    rate: float
    talk: Law | Quantiles
    wrap_up: Law | Quantiles
    menu: Law | Quantiles
    patience: Law | Quantiles
    wants_agent: float
    redials: float
    redial_delay: float
    threshold: float
    office: float = 0.0


def callers_of(demand: Demand) -> Callers:
    """The callers of a demand file in its busiest interval. BadInput: nobody calls."""
    leaves = demand.number("ivr.leaves") if "ivr.leaves" in demand else 0.0
    rate = demand.number("arrivals.rate")
    if rate * (1 - leaves) <= 0:
        raise BadInput([Problem(demand.path, 0, 0, Message("nobody asks for a seat"))])
    return Callers(
        rate,
        drawn(demand.talk),
        drawn(demand.wrap_up),
        Law.fixed(0.0) if demand.ivr is None else drawn(demand.ivr),
        Law.fixed(inf) if demand.patience is None else drawn(demand.patience),
        1 - leaves,
        demand.number("retrials.share") if demand.redial is not None else 0.0,
        demand.redial.mean if demand.redial is not None else 60.0,
        demand.seconds("targets.threshold") if "targets.threshold" in demand else 20.0,
        EXTENSION_LOAD * demand.number("office_extensions") if "office_extensions" in demand else 0.0,
    )


def drawn(law: Stated) -> Law | Quantiles:
    """A law of a demand file as the kernels draw it."""
    if law.kind == "deterministic":
        return Law.fixed(law.mean)
    if law.kind == "exponential":
        return Law.exponential(law.mean)
    if law.kind == "log-normal":
        return Law.lognormal(law.mean, law.deviation / law.mean)
    if law.kind == "empirical":
        return Quantiles(law.mean, law.quantiles, law.upto, ((1 - law.upto, law.tail),) if law.upto < 1 else ())
    if len(law.phases) == 2:
        (share, first), (_, second) = law.phases
        return Law.hyperexponential(share, first, second)
    return Quantiles(law.mean, (), 0.0, tuple(phase for phase in law.phases if phase[0]))


def fills_in(callers: Callers, seats: int, trunks: int, ports: int, seed: int) -> float:
    """Seconds until an empty site has filled and its queue has settled, by pilot runs and by theory."""
    length = callers.talk.mean + callers.wrap_up.mean
    settles = settling_time(
        callers.rate * callers.wants_agent * length, seats, length,
        patience=callers.patience.mean, places=max(0, trunks - seats),
    )  # fmt: skip
    if callers.redials:
        settles = max(settles, callers.redial_delay)
    runs = lived(callers, seats, trunks, ports, length, STRETCHES, PILOTS, seed)
    return max(length * warm_up_of_runs(list(runs.trunks_held)), LEFT_OF_IT * settles)


def steady(
    callers: Callers, seats: int, trunks: int, ports: int, *, calls: int, fills: float, replications: range, seed: int
) -> Values:
    """Shares by replication, over about `calls` first attempts in each, after `fills` seconds that do not count.

    `blocking`: of all attempts, refused for want of a trunk or a port. `service_level`, `abandonment`: of those who
    asked for a seat. `occupancy`: of the agents' time. ValueError: as for `simulate_site`.
    """
    length = max(fills, calls / callers.rate / (INTERVALS - 1))
    counted = ceil(calls / callers.rate / length)
    runs = lived(callers, seats, trunks, ports, length, counted + 1, replications, seed)
    warm = SiteRuns(*(getattr(runs, name)[:, 1:].sum(axis=-1) for name in SiteRuns.__dataclass_fields__))
    return {
        "service_level": list(warm.service_level),
        "abandonment": list(warm.abandonment),
        "occupancy": list(warm.occupancy),
        "blocking": list((warm.blocked + warm.menu_full) / warm.attempts),
    }


def lived(
    callers: Callers, seats: int, trunks: int, ports: int, length: float, stretches: int, replications: range, seed: int
) -> SiteRuns:
    """So many stretches of `length` seconds from empty. ValueError: as for `simulate_site`."""
    site = site_plan.Site(length, trunks, ports, [site_plan.Team([0], [seats] * stretches)])
    demand = site_plan.Demand(
        [callers.rate] * stretches, callers.talk, callers.patience, callers.menu, callers.wrap_up,
        [site_plan.CallerClass(wants_agent=callers.wants_agent)],
        site_plan.Redial(callers.redials, callers.redials, callers.redial_delay), site_plan.Office(callers.office),
    )  # fmt: skip
    return simulate_site(site, demand, threshold=callers.threshold, replications=replications, seed=seed)
