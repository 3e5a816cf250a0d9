"""What a site makes of outages like those in a buyer's log, by cause.

servers     a standby takes over with the chance `coverage`, after the time that this takes; but where the E1s stand
            in the servers' boxes, a dead box takes its own along: with half of the trunks or more that is an outage
            still, until the repair, or until somebody has moved the cables to a spare
software    the same, and no box dies with it: the E1s go on
gateways    one of several takes its own trunks along
            what goes with trunks are the calls that the others cannot carry
switches, feeds   one of two is no loss, unless a failure takes both together
spans, boards, others   stay as they were
"""

from collections.abc import Mapping
from math import inf

from simtel.core.clock import SECOND
from simtel.profiles.spec import SiteSpec
from simtel.quotes.lost import Out, trunks_lost
from simtel.quotes.outages import Remedy, Way
from simtel.sizing.site_downtime import Crew, pair_of


def remedies(spec: SiteSpec, crew: Crew, lost: Mapping[Out, float]) -> dict[str, Remedy]:
    """Cause -> what becomes of it, without causes that stay as they were. `lost`: share of calls, by what is out."""
    layout = spec.layout
    found: dict[str, Remedy] = {}
    pair = pair_of(spec, crew)
    if pair is not None:
        found["servers"] = _servers(spec, pair.coverage, pair.switch, lost)
        found["software"] = [Way(pair.coverage, pair.switch)]
    carry = [spans for spans in layout.spans if spans]
    if len(carry) > 1:
        found["gateways"] = [Way(1 / len(carry), _moved(spec), trunks_lost(lost, spans), 2 * spans >= sum(carry))
                             for spans in carry]  # fmt: skip
    if layout.switches > 1:
        found["switches"] = [Way(1 - _together(spec, "lan"), 0.0, 0.0)]
    if layout.feeds > 1 and layout.servers > 1 and layout.switches > 1:
        found["feeds"] = [Way(1 - _together(spec, "feeds"), 0.0, 0.0)]
    return found


def _servers(spec: SiteSpec, coverage: float, switch: float, lost: Mapping[Out, float]) -> Remedy:
    """Of two servers each fails as often as the other."""
    if not spec.layout.housed:
        return [Way(coverage, switch)]
    whole = sum(spec.layout.spans)
    return [
        Way(coverage / spec.layout.servers, max(switch, _moved(spec)) if spans else switch,
            trunks_lost(lost, spans) if spans else 1.0, not spans or 2 * spans >= whole)
        for spans in (*spec.layout.spans, 0)[: spec.layout.servers]
    ]  # fmt: skip


def _moved(spec: SiteSpec) -> float:
    return spec.time("site.cable_move_time") / SECOND if spec.layout.cold_spare else inf


def _together(spec: SiteSpec, role: str) -> float:
    path = f"{role}.failure.together"
    return spec.number(path) if path in spec.figures else 0.0
