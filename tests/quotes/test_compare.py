"""A comparison: what is told of it, and what it rests on. What a change of a quote moves is in test_metamorphic."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simtel.core import data
from simtel.core.log import read_log
from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.profiles.demand import read_demand
from simtel.profiles.resolve import resolve
from simtel.quotes.buyer import find_buyer
from simtel.quotes.compare import Compared, Comparison, Tried, compare, crew_of
from simtel.quotes.lost import lost_calls
from simtel.quotes.options import Option
from simtel.quotes.outage_log import Outage
from simtel.quotes.outages import yearly
from simtel.quotes.ranged import Ranged, known
from simtel.quotes.remedies import remedies
from simtel.quotes.trial import CUTS, YEARS, Lived, Met, cut_off, fail_in_a_year, live, mean_calls, meet
from simtel.report.quotes.compare import comparison_json, render_comparison
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.folder import read_judgements
from simtel.run.plan import items
from simtel.verdict.outcome import Outcome
from tests.quotes.logs import parse_outages
from tests.quotes.sites import option, reading, site, today

DEMAND = read_demand(data.data_root() / "hardware_profiles" / "demand" / "twenty-seats.yaml")
BUYER = find_buyer("assumed-defaults")
SCENARIOS = ("failover.active-server-crash", "failover.lan-switch-crash")
BASE = "as-quoted-one-e1-each"
pytestmark = pytest.mark.timeout(240)  # seven options are tried out at once: ten seconds of a machine to itself


def changed(name: str, change: Mapping[str, Any] | None = None, offer: float = 250_000.0, more: float = 0.0) -> Option:
    """The base option with some keys of its site changed, and so much more at list."""
    return option(name, replace(reading("first", offer, BASE, change), listed=known(392_000.0 + more)))


@cache
def made() -> Comparison:
    """One comparison for all changes of this file."""
    options = [
        changed("base"),
        changed("one-e1", {"gateways": {"profile": "e1-module-1", "spans": [1, 0], "housed": True}}, more=-18_000.0),
        replace(today(), readings=(today().readings[0], reading("other", 0.0, "today"))),
    ]
    return quick(options, SCENARIOS)


def quick(
    options: Sequence[Option], scenarios: Sequence[str], log: Sequence[Outage] = (), out: Path | None = None,
    sizes: Sequence[int] = (20,),
) -> Comparison:  # fmt: skip
    """A comparison without the simulated year, with few replications and draws and with coarse bars."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("simtel.quotes.work.live", lambda _: Lived(None, None, None, Outcome.INCONCLUSIVE))
        patched.setattr("simtel.sizing.design.simulated.FIRST", 24)
        patched.setattr("simtel.quotes.compare.DRAWS", 40)
        patched.setattr("simtel.quotes.turning.STEPS", 2)
        return compare(options, DEMAND, BUYER, sizes, log, jobs=1, scenarios=scenarios, out=out)


def one(name: str) -> Tried:
    return next(each for each in made().options if each.option.id == name).readings[0]


def test_the_outage_is_that_of_the_chain_and_the_curve_falls() -> None:
    downs = one("base").sizes[0].downs
    assert one("base").outage == pytest.approx(downs.system)
    assert one("base").figures["outage"] == one("base").weighed < one("base").outage  # one E1 carries nearly all
    minutes = [value for _, value in downs.curve]
    assert minutes == sorted(minutes, reverse=True)


def test_the_hour_that_is_avoided_is_that_of_today() -> None:
    base, now = one("base"), one("today")
    hours = (now.weighed - base.weighed) / 60 * 5
    assert base.avoided == (pytest.approx((base.paid - now.paid) / hours) if hours > 0 else None)
    assert now.avoided is None


def test_another_reading_of_one_option_says_who_is_first_then() -> None:
    swaps = made().swaps
    assert [(swap.reading, made().options[swap.option].option.id) for swap in swaps] == [("other", "today")]
    scores = [each.readings[0].score for each in made().options[:-1]]
    other: Compared = made().options[-1]
    assert (2 in swaps[0].best) is (other.readings[1].score >= max(scores))


def test_every_break_even_turns_the_ranking_and_never_means_never() -> None:
    bars = {bar.figure: bar for bar in made().bars}
    assert {"tariff", "support", "outage_hour"} <= bars.keys()
    assert all(bar.below is None or bar.ranged.low <= bar.below.at <= bar.ranged.value for bar in bars.values())
    assert all(bar.above is None or bar.ranged.value <= bar.above.at <= bar.ranged.high for bar in bars.values())
    assert bars["outage_hour"].swing == 0  # counted by minutes and not by money, so that nothing counts twice


def test_neither_order_nor_who_else_offers_changes_a_row() -> None:
    back = quick([today(), changed("base")], SCENARIOS)
    for found in back.options:
        here, there = found.readings[0], one(found.option.id)
        assert (here.score, here.costs, here.outage) == (there.score, there.costs, there.outage)
        assert here.sizes == there.sizes
    assert [place.place for place in back.places] == [1, 2]


def test_it_is_told_in_both_languages_and_to_programs() -> None:
    for lang, words in (("en", ("Ranking under", "never", "CNY 250,000")), ("zh", ("排名", "从不", "¥250,000"))):
        text = render_comparison(made(), lang, width=200)
        assert all(word in text for word in words)
        assert all(each.option.id in text for each in made().options)
    shown = render_comparison(made(), width=200)
    assert "rent of an E1" in shown  # moves a lead: one option has half as many
    assert "cost of an hour of outage" not in shown  # moves none
    assert "Growth by adding parts" not in shown  # one size grows to no other
    content = msgspec.json.decode(comparison_json(made()))
    assert [each["id"] for each in content["options"]] == [each.option.id for each in made().options]
    assert content["options"][0]["readings"][0]["costs"][0]["total"] == 250_000
    assert {each["bar"]["figure"] for each in content["turning"]} == {bar.figure for bar in made().bars}


def test_a_log_takes_the_place_of_what_is_assumed() -> None:
    log = parse_outages(
        b"begin,end,cause,calls lost\n2025-01-01 00:00,2025-01-01 01:00,server,40\n"
        b"2025-02-11 01:00,2025-02-11 03:00,server,60\n2025-05-31 03:00,2025-05-31 07:00,power,100\n"
        b"2025-08-01 00:00,2025-08-01 01:00,server,20\n", "log.csv",
    )  # fmt: skip
    drawn = option("drawn", reading("proposal-as-drawn"))
    found = quick([drawn, today()], SCENARIOS[:1], log)
    pair, now = (each.readings[0] for each in found.options)
    assert pair.replayed is not None
    assert now.replayed is not None
    assert pair.outage == pair.replayed.minutes.value
    assert pair.figures["outage"] == pair.weighed == pair.replayed.weighed
    assert pair.replayed.causes["servers"][1] < 0.1 * now.replayed.causes["servers"][1]  # a standby takes over
    assert pair.replayed.causes["feeds"][1] <= now.replayed.causes["feeds"][1]
    assert found.fitted is not None
    assert found.fitted.outages == 4
    (bar,) = [bar for bar in found.bars if bar.figure == "outage log"]
    assert bar.at_low != bar.at_high  # as often as in the log, or within its interval
    assert not any("mtbf" in bar.figure for bar in found.bars)
    # An option that loses the same calls when a server or a feed fails loses them as often as in the log.
    assert now.sizes[0].cut == pytest.approx(sum(yearly(log).values()) * up(now), rel=0.05)


def up(one: Tried) -> float:
    """Calls that are up in the mean."""
    return one.sizes[0].service.loaded * mean_calls(DEMAND) / DEMAND.number("arrivals.rate")


def test_calls_are_cut_off_as_often_as_what_fails_by_the_share_that_its_scenario_tells() -> None:
    downs = one("base").sizes[0].downs
    crash, standby = CUTS["servers"]
    told = [Met(name, Outcome.FAIL, True, (), cut, "") for name, cut in ((crash, 0.5), (standby, 0.1))]
    alone = Met(crash, Outcome.PASS, True, (), 0.25, "")
    assert cut_off({"servers": 4.0}, downs, told, alone, 10.0) == pytest.approx(10 * 4 * 0.3)
    assert cut_off({"software": 2.0}, downs, told, alone, 10.0) == pytest.approx(10 * 2 * 0.25)
    assert cut_off({"servers": 4.0, "other": 9.0}, downs, told, None, 10.0) == pytest.approx(12)  # nothing tells of it
    assert cut_off({"other": 9.0, "software": 1.0}, downs, told, None, 10.0) is None
    now = one("today").sizes[0].downs  # one server alone: nobody stands by
    assert cut_off({"servers": 4.0}, now, told, None, 10.0) == pytest.approx(10 * 4 * 0.5)
    assert fail_in_a_year(downs)["servers"] > fail_in_a_year(now)["servers"] / 2


def test_a_log_of_short_outages_costs_calls_and_no_minutes() -> None:
    rows = (f"2025-0{month}-01 10:00:00,2025-0{month}-01 10:00:20,{cause},{month}\n" for month, cause in
            ((1, "server"), (2, "rats"), (3, "server")))  # fmt: skip
    found = quick(
        [today()], SCENARIOS[:1], parse_outages(f"begin,end,cause,calls lost\n{''.join(rows)}".encode(), "log")
    )
    now = found.options[0].readings[0]
    assert now.outage == 0
    assert now.replayed is not None
    assert now.replayed.lost is not None
    assert now.costs[-1].total > 0
    assert found.figures["outage log"].law == "fixed"
    text = render_comparison(found, width=1_000)
    assert "'rats' names no cause, or several, and no option is taken to remove it (1, in line 3)" in text
    still = next(line for line in text.splitlines() if line.startswith("these figures stand still"))
    assert "discount" not in still or found.figures["discount"].law == "fixed"
    assert "the interval of best in draws tells how many draws were made and nothing more" in text
    assert "approximately] in the mean" in text


def test_software_that_stops_takes_no_e1_along() -> None:
    spec, old = (resolve(site(name), 20, "grown") for name in (BASE, "today"))
    found = remedies(spec, crew_of(BUYER), lost_calls(spec, DEMAND))
    (software,), boxes = found["software"], found["servers"]
    assert software.rest == 1.0
    assert software.lasts < 60 < min(way.lasts for way in boxes)  # half of the trunks stay away with a box
    assert software.chance == pytest.approx(sum(way.chance for way in boxes))
    assert "software" not in remedies(old, crew_of(BUYER), lost_calls(old, DEMAND))


def test_what_cannot_be_compared_is_told() -> None:
    euros = replace(changed("euros"), currency="EUR")
    none = option("none", replace(reading("first", base=BASE), site=None))
    with pytest.raises(BadInput) as bad:
        compare([euros, none], DEMAND, BUYER, [20])
    assert "euros is in EUR" in str(bad.value)
    assert "none makes no site" in str(bad.value)
    with pytest.raises(BadInput, match="cannot have 300 seats"):
        compare([changed("base")], DEMAND, BUYER, [300])


def test_the_evidence_is_kept_and_each_outcome_names_its_run(tmp_path: Path) -> None:
    drawn, now = option("drawn", reading("proposal-as-drawn")), today()
    (tmp_path / "drawn" / "proposal-as-drawn").mkdir(parents=True)
    left = tmp_path / "drawn" / "proposal-as-drawn" / "run.json"
    left.write_text("of an earlier run")
    found = quick([drawn, now], SCENARIOS[:1], out=tmp_path)
    assert found.kept
    for each in found.options:
        (met,) = each.readings[0].sizes[0].met
        folder = tmp_path / each.option.id / each.readings[0].reading.name
        assert met.run == f"{each.option.id}/{each.readings[0].reading.name}/{SCENARIOS[0]}/{met.run.split('/')[-1]}"
        (judged,) = [one for one in read_judgements(folder) if one.header.scenario == SCENARIOS[0]]
        assert (judged.digest, judged.outcome) == (met.digest, met.outcome)
        assert read_log(tmp_path / met.run / "evidence.jsonl").footer is not None
    again = quick([drawn, now], SCENARIOS[:1])
    assert not again.kept
    for one, other in zip(found.options, again.options, strict=True):
        (kept,), (plain,) = (each.readings[0].sizes[0].met for each in (one, other))
        assert replace(kept, run="") == plain  # keeping it changes nothing


def test_what_rests_on_the_unknown_says_so_and_varying_says_what_turns_it() -> None:
    scenarios, sites = scenarios_of(["failover.active-server-dies"]), sites_of(["today"], [20], "grown")
    plain, varied = (meet(*items(scenarios, sites, 1, vary=vary)).told for vary in (False, True))
    assert "servers.boot_time" in plain.rests  # nobody states it
    assert plain.outcome is Outcome.FAIL
    assert varied.rests != plain.rests
    text = render_comparison(made(), width=200)
    assert "today: each outcome of a scenario rests on figures that nobody stated: from power-on to service" in text
    assert "--vary tries what is assumed" in text
    assert "--vary" not in render_comparison(replace(made(), varied=True), width=200)


def test_two_quotes_of_one_name_are_one_or_an_error() -> None:
    one = changed("twice")
    assert [place.place for place in quick([one, one], SCENARIOS[:1]).places] == [1, 1]
    with pytest.raises(BadInput, match="two quotes are called twice, and they differ"):
        compare([one, changed("twice", offer=1.0)], DEMAND, BUYER, [20])


def test_a_simulated_year_is_told_with_its_interval() -> None:
    (item,) = items(scenarios_of([YEARS]), sites_of(["today"], [20], "grown"), 1, vary=False)
    lived = live(item)
    assert lived.minutes is not None
    assert lived.low is not None
    assert lived.high is not None
    assert 0 < lived.low < lived.minutes < lived.high


def test_what_cannot_grow_is_worth_nothing_there_and_says_so() -> None:
    spread = Ranged(250_000.0, 200_000.0, 300_000.0, Basis.ASSUMED, "cut print")
    twin, other = (option(name, replace(reading("first", base=BASE), offer=spread)) for name in ("twin", "other"))
    capped = changed("capped", {"seats": {"default": 20, "at_most": 22}})
    gone = replace(capped.readings[0], missing=("phones",), lacking=(("headset", 20),), blank=("headset",))
    capped = replace(capped, readings=(gone,), taxed=True)
    found = quick([capped, twin, other], SCENARIOS[1:], sizes=(20, 24))
    one, first, _ = (each.readings[0] for each in found.options)
    assert (one.unreached, first.unreached) == ((24,), ())
    values = [place.values["growth"] for place in found.places]
    assert values[0] == 0 < values[1] == values[2]
    assert set(one.sizes[0].single) - set(first.sizes[0].single) == {"phones"}
    assert found.figures["other, twin: offer"] == spread
    assert (found.chances[1].best, found.chances[1].alone) == (found.chances[2].best, 0)
    text = " ".join(render_comparison(found, width=200).split())
    told = ("it cannot have so many", "capped cannot have 24 seats: its growth counts as nothing",
            "the tax is known of capped, and not stated of", "capped works with parts that are not")  # fmt: skip
    assert all(words in text for words in told)
    assert "at least CNY" in text  # consoles have no price
    assert [sized.short for sized in first.sizes] == [20, 24]
    content = msgspec.json.decode(comparison_json(found))
    assert content["options"][0]["readings"][0]["criteria"]["growth"] is None
