"""The downtime of a site by formula against years in which its devices fail and are repaired one by one."""

import msgspec
import pytest

from simtel.core.clock import HOUR, MINUTE, SECOND, Ns
from simtel.profiles.catalogue import find_site
from simtel.profiles.resolve import resolve
from simtel.profiles.spec import SiteSpec
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import Item
from simtel.scenario.spec import RANDOM_UNITS, Load, Random
from simtel.sizing.availability import MINUTES_A_YEAR
from simtel.sizing.site_downtime import UNITS, Crew, site_downtime
from simtel.target.virtual import VirtualTarget
from simtel.verdict.outages import YEAR, outages
from simtel.verdict.rare import weighted_sum

OFTEN = 20  # times as often as the profiles say, so that few years hold many failures
YEARS = 2
NEVER = 10**12  # hours
(CENTRE,) = scenarios_of(["failover.a-year-of-the-centre"])


def lived_and_due(site: SiteSpec, units: tuple[str, ...], often: int) -> tuple[float, float, float]:
    """Minutes a year that the system was out while those units failed so many times as often: the ends of the interval
    in the long run, and what the formula says."""
    for path in [path for path in site.figures if path.endswith("failure.mtbf_hours")]:
        fails = any(path.startswith(f"{UNITS[unit]}.") for unit in units)
        site = site.with_figure(path, site.count(path) // often if fails else NEVER)
    random = Random(YEARS, units, people=50, travel=Ns(HOUR), notice=Ns(30 * MINUTE))
    load = Load("poisson", rate=0.0, length=Ns(20 * SECOND))
    log = to_memory(Item(msgspec.structs.replace(CENTRE, random=random, load=load), site, 5), VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    lived = outages(log)
    lengths = [float(one.length) for one in lived.system]
    low, high = (MINUTES_A_YEAR * end / (YEARS * YEAR) for end in weighted_sum(lengths, max(lengths)))
    due = site_downtime(site, Crew(travel=HOUR / SECOND, notice=30 * MINUTE / SECOND)).system
    print(
        f"{site.id}: {lived.faults} failures, {MINUTES_A_YEAR * sum(lengths) / (YEARS * YEAR):,.0f} minutes a year,"
        f" in the long run {low:,.0f} to {high:,.0f}; {due:,.0f} due"
    )
    return low, high, due


@pytest.mark.parametrize("name", ["proposal-as-drawn", "today", "as-quoted-one-e1-each", "as-quoted-two-e1-active"])
def test_the_formula_lies_within_what_so_many_years_of_devices_allow(name: str) -> None:
    low, high, due = lived_and_due(resolve(find_site(name), 2), tuple(RANDOM_UNITS), OFTEN)
    assert low <= due <= high
    assert high < 2.5 * low  # narrow enough to tell that half of it is missing


def test_a_feed_on_which_the_only_switch_hangs_counts_once_though_it_takes_a_gateway_as_well() -> None:
    site = resolve(find_site("proposal-as-drawn"), 2)
    one_switch = msgspec.structs.replace(site, layout=msgspec.structs.replace(site.layout, switches=1))
    low, high, due = lived_and_due(one_switch, ("feeds",), 100)
    assert low <= due <= high
    assert high < 1.3 * due  # a third more is what the first feed is owed when it counts twice
