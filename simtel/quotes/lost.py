"""Share of the calls that a site loses while so many of its trunks and seats are out.

By the formula of `simtel size`, in the busiest interval of the demand, with everybody who redials. A caller is lost who
was refused or hung up and does not dial again, or does so in vain. What the site loses while everything works is owed
to no outage: the share is of the calls that it serves then, so that a site which is all out loses 1, whatever its size.

Each E1 that is out loses more than the one before. So two on one platform lose at least what they lose apart, and one
alone at least as much as two of which either may be out.
"""

from collections.abc import Mapping
from dataclasses import replace

from simtel.profiles.demand import Demand
from simtel.profiles.resolve import BEARERS
from simtel.profiles.spec import SiteSpec
from simtel.sizing.design.asked import need, of_demand, of_site
from simtel.sizing.design.need import Need, Parts, queued
from simtel.sizing.design.plan import plan

Out = tuple[int, int]  # trunks and seats that are out


def lost_calls(spec: SiteSpec, demand: Demand) -> dict[Out, float]:
    """The share for every number of trunks, by whole E1s, and of seats. A site that serves nobody is always out."""
    what, given = of_site(need(of_demand(demand)), spec)
    parts = plan(what, given)
    spans = sum(spec.layout.spans)
    found = {
        (BEARERS * out, seats): _never_served(what, replace(parts, spans=(spans - out,)), seats)
        for out in range(spans + 1) for seats in range(spec.seats + 1)
    }  # fmt: skip
    served = 1 - found[0, 0]
    return {out: 1 - (1 - share) / served if served and share > found[0, 0] else float(not served)
            for out, share in found.items()}  # fmt: skip


def trunks_lost(lost: Mapping[Out, float], spans: int) -> float:
    """The share while so many E1s are out and every seat works."""
    return lost[BEARERS * spans, 0]


def _never_served(what: Need, parts: Parts, lost: int) -> float:
    """Of callers, with so many seats less; whoever is not served dials again with the chance `redial`."""
    left = max(0, parts.working_seats(what, lost))
    found = queued(what, left, parts.working_trunks(what, min(lost, parts.seats)), parts.ivr_ports)
    refused = found.blocking + (1 - found.blocking) * what.traffic.p_agent * found.abandonment
    return refused * (1 - what.redial) / (1 - what.redial * refused)
