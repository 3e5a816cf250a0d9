"""The downtime of a site by formula against years in which its devices fail and are repaired one by one."""

import msgspec
import pytest

from simtel.core.clock import HOUR, MINUTE, SECOND, Ns
from simtel.profiles.catalogue import find_site
from simtel.profiles.resolve import resolve
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import Item
from simtel.scenario.spec import Load, Random
from simtel.sizing.availability import MINUTES_A_YEAR
from simtel.sizing.site_downtime import UNITS, Crew, site_downtime
from simtel.target.virtual import VirtualTarget
from simtel.verdict.outages import YEAR, outages
from simtel.verdict.rare import weighted_sum

OFTEN = 20  # times as often as the profiles say, so that few years hold many failures
YEARS = 2
(CENTRE,) = scenarios_of(["failover.a-year-of-the-centre"])


@pytest.mark.parametrize("name", ["proposal-as-drawn", "today", "as-quoted-one-e1-each", "as-quoted-two-e1-active"])
def test_the_formula_lies_within_what_so_many_years_of_devices_allow(name: str) -> None:
    site = resolve(find_site(name), 2)
    for path in [path for path in site.figures if path.endswith("failure.mtbf_hours")]:
        site = site.with_figure(path, site.count(path) // OFTEN)
    random = Random(YEARS, tuple(UNITS), people=50, travel=Ns(HOUR), notice=Ns(30 * MINUTE))
    load = Load("poisson", rate=0.0, length=Ns(20 * SECOND))
    log = to_memory(Item(msgspec.structs.replace(CENTRE, random=random, load=load), site, 5), VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    lived = outages(log)
    lengths = [float(one.length) for one in lived.system]
    low, high = (MINUTES_A_YEAR * end / (YEARS * YEAR) for end in weighted_sum(lengths, max(lengths)))
    due = site_downtime(site, Crew(travel=HOUR / SECOND, notice=30 * MINUTE / SECOND)).system
    print(
        f"{name}: {lived.faults} failures, {MINUTES_A_YEAR * sum(lengths) / (YEARS * YEAR):,.0f} minutes a year,"
        f" in the long run {low:,.0f} to {high:,.0f}; {due:,.0f} due"
    )
    assert low <= due <= high
    assert high < 2.5 * low  # narrow enough to tell that half of it is missing
