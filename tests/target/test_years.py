"""Years: the simulated pair against its six states, and what a year is made of."""

from dataclasses import replace

import msgspec

from simtel.core.clock import HOUR, MINUTE, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.core.quantity import Value
from simtel.profiles.catalogue import find_site
from simtel.profiles.resolve import resolve
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import Item
from simtel.scenario.spec import Load, Random
from simtel.sizing.availability import MINUTES_A_YEAR, Pair, pair_downtime
from simtel.target.virtual import VirtualTarget
from simtel.verdict.judge import judge
from simtel.verdict.outages import YEAR, outages
from simtel.verdict.outcome import Outcome
from simtel.verdict.rare import weighted_sum

(CENTRE,) = scenarios_of(["failover.a-year-of-the-centre"])
BRIEF = {f"{role}.registration.expiry": 5 * MINUTE for role in ("gateways", "consoles", "phones")}
BOOTS = {f"{role}.boot_time": SECOND for role in ("servers", "gateways", "consoles", "phones", "lan")}


def live(years: int, units: tuple[str, ...], figures: dict[str, Value], *, seed: int = 7, seats: int = 1,
         load: Load | None = None, people: int = 1, notice: int = 30 * MINUTE) -> EvidenceLog:  # fmt: skip
    """So many years of the proposal with some figures changed."""
    site = resolve(find_site("proposal-as-drawn"), seats)
    for path, value in figures.items():
        site = site.with_figure(path, value)
    random = Random(years, units, people, Ns(0), Ns(notice))
    scenario = msgspec.structs.replace(
        CENTRE, random=random, load=load or Load("poisson", rate=0.0, length=Ns(20 * SECOND))
    )
    log = to_memory(Item(scenario, site, seed), VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error, log.footer.error
    return log


def test_the_pair_agrees_with_its_six_states() -> None:
    hour = 3_600.0
    pair = Pair(
        mtbf=100 * hour, mttr=4 * hour, coverage=0.9, shown=0.8, test_every=48 * hour, switch=3.5, manual=4 * hour
    )
    log = live(4, ("servers",), {
        **BOOTS, **BRIEF, "servers.failure.mtbf_hours": 100, "servers.failure.repair_time": 4 * HOUR,
        "servers.failure.coverage": 0.9, "servers.failure.standby_shown": 0.8,
        "servers.election.test_interval": 48 * HOUR,
    }, notice=4 * HOUR)  # fmt: skip
    found = outages(log)
    weights = [float(one.length) for one in (*found.system, *found.system_cuts)]
    low, high = (MINUTES_A_YEAR * end / (4 * YEAR) for end in weighted_sum(weights, max(weights)))
    seen, due = MINUTES_A_YEAR * sum(weights) / (4 * YEAR), pair_downtime(pair).total
    print(f"{found.faults} failures: {seen:.0f} minutes a year, in the long run {low:.0f} to {high:.0f}; {due:.0f} due")
    assert low <= due <= high
    # The interval is narrow enough to tell a pair in which one of its weaknesses is missing.
    assert pair_downtime(replace(pair, coverage=1.0)).total < low
    assert pair_downtime(replace(pair, coverage=1.0, shown=1.0)).total < low
    assert pair_downtime(replace(pair, manual=12 * hour)).total > high


def test_the_calendar_jumps_and_the_site_lives_only_around_failures() -> None:
    log = live(2, ("servers",), {"servers.failure.mtbf_hours": 2000})
    assert log.footer is not None
    skipped = sum(event.data["seconds"] for event in log.of(Kind.TIME_SKIPPED)) * SECOND
    assert 2 * YEAR <= skipped + log.footer.ended < 2 * YEAR + 12 * HOUR
    assert log.footer.ended < 24 * HOUR
    assert 8 < len(log.of(Kind.FAULT_INJECTED)) < 32  # two servers, 17.5 failures are due


def test_calls_are_offered_around_failures_alone() -> None:
    load = Load("poisson", rate=0.1, length=Ns(4 * MINUTE), talk=Ns(10 * SECOND))
    log = live(1, ("servers",), {"servers.failure.mtbf_hours": 2000, **BOOTS}, load=load, seats=4)
    changes = [event.t for event in log.of(Kind.FAULT_INJECTED, Kind.FAULT_CLEARED)]
    offered = [event for event in log.of(Kind.CALL_OFFERED) if event.data["attempt"] == 1]
    assert len(offered) > 100
    for event in offered:
        assert min(abs(event.t - change) for change in changes) <= 2 * MINUTE + SECOND
    before = [change - event.t for event in offered for change in changes if 0 < change - event.t <= 2 * MINUTE]
    assert max(before) > 100 * SECOND


def test_a_server_that_hangs_is_away_until_somebody_comes() -> None:
    always = {**BOOTS, "servers.failure.mtbf_hours": 1000, "servers.failure.coverage": 0.0}
    found = outages(live(2, ("servers",), {**always, "servers.failure.standby_shown": 1.0}, notice=25 * MINUTE))
    hangs = [one for one in found.system if one.event.t > 0]
    assert len(hangs) > 5
    assert all(one.length > 24 * MINUTE for one in hangs)
    assert sum(one.length < 26 * MINUTE for one in hangs) > len(hangs) / 2  # the standby takes over, then


def test_power_that_goes_together_takes_the_centre_and_one_feed_alone_does_not() -> None:
    often = {**BOOTS, "feeds.failure.mtbf_hours": 2000, "feeds.failure.repair_time": HOUR}
    everyone = outages(live(2, ("feeds",), {**often, "feeds.failure.together": 1.0}))
    alone = outages(live(2, ("feeds",), {**often, "feeds.failure.together": 0.0}))
    assert len(everyone.users) > 3
    assert len(alone.users) < len(everyone.users) / 2


def test_too_few_years_are_inconclusive_and_many_are_not() -> None:
    want = (Expectation("outage-seconds-system", CENTRE.expect[0].limits),)
    log = live(1, ("servers",), {})
    (verdict, *_) = judge(
        EvidenceLog(msgspec.structs.replace(log.header, expect=want), log.events, log.footer)
    ).verdicts
    assert verdict.outcome is Outcome.INCONCLUSIVE


def test_the_same_seed_gives_the_same_years_and_another_does_not() -> None:
    one, same, other = (live(1, ("servers",), {"servers.failure.mtbf_hours": 2000}, seed=seed) for seed in (7, 7, 8))
    assert one.footer is not None
    assert same.footer is not None
    assert other.footer is not None
    assert one.footer.digest == same.footer.digest != other.footer.digest


def test_the_site_lives_while_a_unit_boots() -> None:
    boot = 25 * MINUTE
    log = live(1, ("servers",), {"servers.failure.mtbf_hours": 4000, "servers.boot_time": boot})
    repaired = [event.t for event in log.events if event.kind == Kind.FAULT_CLEARED]
    skips = [event.t for event in log.events if event.kind == Kind.TIME_SKIPPED]
    lived = [min(skip for skip in skips if skip > t) - t for t in repaired if t < skips[-1]]
    assert lived
    assert min(lived) >= boot
