"""A surge that does not last, simulated: the calls of a TV spot come beside the usual ones for a while, and the calls
that come within it are judged, however they end.

A run has one surge after the other, with as long between them as the site takes to settle from empty.
"""

from collections.abc import Callable, Iterable
from functools import partial
from math import ceil
from typing import Any

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, nowhere
from simtel.sizing.kernels import site_plan
from simtel.sizing.kernels.site_runs import SiteRuns, simulate_site
from simtel.sizing.kernels.site_steady import Callers
from simtel.sizing.kernels.site_world import INTERVALS
from simtel.sizing.stopping import Values

Place = tuple[int, int, int]  # seats, trunks, ports of the IVR


def surged(
    callers: Callers, place: Place, rate: float, lasts: float, settles: float, *, calls: int, replications: range,
    seed: int, spread: Callable[..., Iterable[Any]] = map,
) -> Values:  # fmt: skip
    """Shares by replication, as `site_steady.steady` has them, of about `calls` first attempts within surges.

    `callers` are the usual ones; in a surge there are `rate` a second in all, for `lasts` seconds; the site settles
    within `settles` seconds. ValueError, OverflowError: as for `simulate_site`. BadInput: a surge so short against that
    that a run has no room for it.
    """
    calm = ceil(settles / lasts)  # intervals
    surges = ceil(calls / (rate * lasts))
    each = min(surges, (INTERVALS - calm) // (calm + 1))
    if each < 1:
        least = ceil(settles / (INTERVALS // 2 - 1))
        words = Message("a surge of {lasts} s is too short beside the {settles} s in which the site settles: {least} s"
                        " is the least that is simulated",
                        lasts=f"{lasts:g}", settles=ceil(settles), least=least)  # fmt: skip
        raise BadInput([nowhere(words)])
    runs = ceil(surges / each)
    rates = [*([callers.rate] * calm + [rate]) * each, *[callers.rate] * calm]
    within = slice(calm, None, calm + 1)
    one = partial(_lived, callers, place, rates, lasts, seed, runs)
    found = [SiteRuns(*(getattr(run, name)[:, within][:, :each].sum() for name in SiteRuns.__dataclass_fields__))
             for run in spread(one, replications)]  # fmt: skip
    return {
        "service_level": [float(run.service_level) for run in found],
        "abandonment": [float(run.abandonment) for run in found],
        "occupancy": [float(run.occupancy) for run in found],
        "blocking": [float((run.blocked + run.menu_full) / run.attempts) for run in found],
    }


def _lived(
    callers: Callers, place: Place, rates: list[float], length: float, seed: int, runs: int, replication: int
) -> SiteRuns:
    """So many runs of intervals with these rates."""
    seats, trunks, ports = place
    site = site_plan.Site(length, trunks, ports, [site_plan.Team([0], [seats] * len(rates))])
    demand = site_plan.Demand(
        rates, callers.talk, callers.patience, callers.menu, callers.wrap_up,
        [site_plan.CallerClass(wants_agent=callers.wants_agent)],
        site_plan.Redial(callers.redials, callers.redials, callers.redial_delay), site_plan.Office(callers.office),
    )  # fmt: skip
    these = range(replication * runs, (replication + 1) * runs)
    return simulate_site(site, demand, threshold=callers.threshold, replications=these, seed=seed)
