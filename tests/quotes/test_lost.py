"""What is lost with trunks and seats: E1s that stand apart never lose more than the same on one platform, or fewer."""

from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
import pytest
import yaml

from simtel.core import data
from simtel.profiles.catalogue import find_site, read_devices
from simtel.profiles.demand import Demand, read_demand
from simtel.profiles.resolve import resolve
from simtel.profiles.spec import SiteSpec
from simtel.quotes.lost import lost_calls
from simtel.quotes.outages import Replayed, replay
from simtel.quotes.remedies import remedies
from simtel.sizing.availability import MINUTES_A_YEAR, Part, weighed_downtime
from simtel.sizing.design.asked import need, of_demand, of_site
from simtel.sizing.design.need import Got, got
from simtel.sizing.design.plan import plan
from simtel.sizing.design.survive import each_down
from simtel.sizing.site_downtime import Crew, minutes_weighed
from tests.quotes.logs import parse_outages

DEVICES = read_devices()
RAW = yaml.safe_load((data.data_root() / "hardware_profiles" / "demand" / "twenty-seats.yaml").read_text("utf-8"))
CALLS = (10, 300, 600, 1_200, 3_600)  # an hour: from hardly any to more than two E1s carry


@cache
def demand(calls: int = 300) -> Demand:
    """The shipped one at another rate."""
    rate = {"value": f"{calls}/h", "basis": "measured", "source": "a test"}
    return read_demand(yaml.safe_dump({**RAW, "arrivals": {"rate": rate}}, allow_unicode=True).encode(), "demand")


@cache
def site(name: str = "as-quoted-one-e1-each", seats: int = 20) -> SiteSpec:
    return resolve(find_site(name, DEVICES), seats, "grown")


def layout(spec: SiteSpec, **changes: Any) -> SiteSpec:
    return msgspec.structs.replace(spec, layout=msgspec.structs.replace(spec.layout, **changes))


def weighed(spec: SiteSpec, calls: int) -> float:
    return minutes_weighed(spec, lost_calls(spec, demand(calls)))[1]


def replayed(spec: SiteSpec, calls: int) -> Replayed:
    log = parse_outages(
        b"begin,end,cause,calls lost\n2025-01-01 00:00,2025-01-01 01:00,server,40\n"
        b"2025-02-11 01:00,2025-02-11 03:00,server,60\n2025-05-31 03:00,2025-05-31 07:00,gateway,100\n", "log.csv",
    )  # fmt: skip
    found = replay(log, remedies(spec, Crew(), lost_calls(spec, demand(calls))))
    assert found is not None
    return found


def test_each_state_counts_by_what_is_lost_in_it() -> None:
    tree = Part("site", 0.01, parts=(Part("a", 0.1, trunks=30), Part("b", 0.2, trunks=30)))
    lost = {(0, 0): 0.0, (30, 0): 0.25, (60, 0): 1.0}
    share = 0.01 + 0.99 * (0.1 * 0.2 + 0.25 * (0.1 * 0.8 + 0.9 * 0.2))
    assert weighed_downtime(tree, lost) == pytest.approx(MINUTES_A_YEAR * share)


@pytest.mark.parametrize("calls", CALLS)
@pytest.mark.parametrize("spans", [(1, 1), (2, 2), (4, 0)])
def test_each_e1_that_is_out_loses_more_than_the_one_before(spans: tuple[int, ...], calls: int) -> None:
    spec = layout(site("proposal-as-drawn"), spans=spans)
    lost = lost_calls(spec, demand(calls))
    shares = [lost[30 * out, 0] for out in range(sum(spans) + 1)]
    steps = [more - one for one, more in pairwise(shares)]
    assert (shares[0], shares[-1]) == (0, 1)
    assert steps == sorted(steps)
    seats = [lost[0, out] for out in range(spec.seats + 1)]
    assert seats == sorted(seats)
    assert (seats[0], seats[-1]) == (0, 1)


def test_what_is_lost_is_what_size_says_with_a_unit_down() -> None:
    """Whoever dials again half of the time is lost less often than a call is refused."""
    what, given = of_site(need(of_demand(demand(1_200))), site())
    parts = plan(what, given)
    found = next(down.found for down in each_down(what, parts) if str(down.unit) == "E1")

    def gone(found: Got) -> float:
        share = found.blocking + (1 - found.blocking) * what.traffic.p_agent * found.abandonment
        return share * (1 - what.redial) / (1 - what.redial * share)

    assert what.redial == 0.5
    served = 1 - gone(got(what, parts))
    assert lost_calls(site(), demand(1_200))[30, 0] == pytest.approx(1 - (1 - gone(found)) / served)
    assert 0 < gone(found) < 1


@pytest.mark.parametrize("calls", CALLS)
def test_fewer_e1s_or_both_on_one_platform_are_never_out_less(calls: int) -> None:
    apart = site()
    both, one = layout(apart, spans=(2, 0)), layout(apart, spans=(1, 0))
    assert weighed(apart, calls) < weighed(both, calls)
    assert weighed(both, calls) <= weighed(one, calls)
    each, alone = (replayed(spec, calls) for spec in (apart, one))
    assert each.weighed < alone.weighed
    assert each.weighed <= replayed(both, calls).weighed


def test_of_two_boxes_with_an_e1_each_a_dead_one_takes_what_the_other_cannot_carry() -> None:
    lost = lost_calls(site(), demand(1_200))
    apart, both = (remedies(layout(site(), spans=spans), Crew(), lost)["servers"] for spans in ((1, 1), (2, 0)))
    assert [way.rest for way in apart] == [lost[30, 0]] * 2
    assert [way.rest for way in both] == [1.0, 1.0]  # the second takes nothing along, and is out while it takes over
    assert 0 < lost[30, 0] < 1


def test_a_site_that_serves_nobody_is_always_out() -> None:
    none = msgspec.structs.replace(site(), licences={**site().licences, "agent": 0})
    assert set(lost_calls(none, demand()).values()) == {1.0}
