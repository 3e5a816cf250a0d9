"""The bill of parts: each number by hand, and the rule that fixed it by what one piece fewer misses."""

from dataclasses import replace
from math import ceil, inf

import pytest

from simtel.profiles.demand import Day
from simtel.sizing.design.answer import answer
from simtel.sizing.design.bill import Limits, Row, bill
from simtel.sizing.design.confirm import Neighbour, Simulated
from simtel.sizing.design.lan import recordings, streams
from simtel.sizing.design.need import Need, Parts, Targets, got, percent
from simtel.sizing.design.plan import Beyond, Given, all_talking, plan
from simtel.sizing.design.simulated import Measured
from simtel.sizing.design.survive import cases
from simtel.sizing.intervals import Interval
from simtel.sizing.theory.site_queue import Traffic

NEED = Need(Traffic(300 / 3600, 150.0, 30.0, 25.0, patience=120.0), Targets(0.8, 20.0, 0.01))
LIMITS = Limits(10.0, 1e6, 1e9)


def rows(need: Need, given: Given | None = None) -> dict[str, Row]:
    return {row.id: row for row in bill(need, plan(need, given), plan(need), LIMITS)}


def test_voice_on_a_lan() -> None:
    """G.711: 160 octets of speech and 58 of headers, 50 a second, is 87.2 kbit/s; G.729: 20 and 58, 31.2 kbit/s."""
    assert streams("g711", 0.020, 1, 0).one_bits == pytest.approx(218 * 8 * 50)
    assert streams("g729", 0.020, 1, 0).one_bits == pytest.approx(78 * 8 * 50)
    assert streams("g711", 0.030, 1, 0).one_bits == pytest.approx((240 + 58) * 8 / 0.030)
    both = streams("g711", 0.020, 60, 20)
    assert both.packets == pytest.approx(2 * 80 * 50)
    assert both.bits == pytest.approx(2 * 80 * 87_200)


def test_only_a_talk_with_a_caller_is_copied_to_the_recorder() -> None:
    row = rows(NEED, Given(seats=100, spans=(1,), core_channels=23))["packets"]
    assert row.needed == 2 * (23 + 23) * 50
    assert str(row.rule).startswith("23 calls and 23 copies")


def test_recordings_on_a_disk() -> None:
    """One talk for an hour a day, kept a day: 3,600 s of 8,000 octets."""
    assert recordings("g711", 1, 1, 1) == 3600 * 8000
    assert recordings("g711", 10, 90, 12) == 10 * 90 * 12 * 3600 * 8000


def test_each_rule_is_what_one_fewer_misses() -> None:
    found = rows(NEED)
    assert str(found["agents"].rule).startswith("with one fewer: service level 7")
    assert str(found["timeslots"].rule) == "with one fewer: blocking 1.58 %, allowed 1 %"
    assert str(found["ivr"].rule) == "with one fewer: blocking 1.05 %, allowed 1 %"
    assert str(found["e1"].rule) == "with one fewer: service level 0 %, wanted 80 %"
    surviving = rows(replace(NEED, survive=True))
    assert str(surviving["seats"].rule).startswith("with one fewer: 24-port board down: service level 7")
    assert surviving["timeslots"].needed == 23  # 26 core channels are there, for spare seats
    assert str(surviving["e1"].rule).startswith("with one fewer: platform down: service level 0 %")
    assert all("one fewer would do" not in row.rule for row in (*found.values(), *surviving.values()))


def test_trunks_that_nobody_needs_are_to_spare() -> None:
    """Six of 30 core channels may go beside 18 agents, and with a seventh the blocking is missed."""
    plenty = plan(NEED, Given(seats=18, core_channels=30))
    row = next(row for row in bill(NEED, plenty, plenty, LIMITS) if row.id == "timeslots")
    assert plenty.working_trunks(NEED) == 30
    assert got(NEED, plenty.with_trunks(NEED, 23)).blocking > 0.01 > got(NEED, plenty.with_trunks(NEED, 24)).blocking
    assert row.needed == 24
    assert str(row.rule).startswith("with one fewer: blocking 1.")


def test_channels_that_no_target_asks_for_are_told_and_not_bought_at_a_price() -> None:
    need = replace(NEED, survive=True)
    parts = all_talking(need, Given(), plan(need))
    assert parts.asked_for == plan(need)
    assert parts.talking == parts.core_channels - 23
    told = {row.id: row for row in bill(need, parts, parts, LIMITS)}
    assert f"+{parts.talking}, so that all can talk at once" in told["core"].rule
    assert told["timeslots"].needed == 23
    dear = replace(need, prices=(("core-channel", 1.0),))
    priced = all_talking(dear, Given(), plan(dear))
    assert (priced.core_channels, priced.talking) == (23, 0)


def test_a_surge_that_ends_is_no_reason_by_the_formula() -> None:
    """The formula misses it with the number that is there too; and what it finds to spare is said to be by it."""
    need = replace(NEED, analog=0.0, surge=200 / 3600, surge_lasts=300.0, degraded=NEED.targets)
    parts = plan(NEED)
    spare = replace(parts, seats=parts.seats + 1, boards=1)
    made = Simulated((), parts, (), None, {}, (), finished=True, made=0)
    found = {row.id: row for row in bill(need, spare, parts, LIMITS, made)}
    assert found["boards"].rule == "one fewer would do, by the formula, the surge aside"
    assert "in the surge" not in found["seats"].rule
    without = replace(need, surge=0.0, surge_lasts=inf)
    calm = {row.id: row for row in bill(without, spare, parts, LIMITS, made)}
    assert calm["boards"].rule == "one fewer would do, by the formula"


def test_all_can_talk_though_a_board_is_missed_anyway() -> None:
    """Of 32 given seats a board's failure leaves too few, with 24 channels as with 32."""
    need, given = replace(NEED, survive=True), Given(seats=32, boards=2)
    parts = plan(need, given)
    assert parts.working_trunks(need) < 32
    assert all_talking(need, given, parts).working_trunks(need) == 32


def test_what_is_missed_as_it_is_is_no_rule() -> None:
    """With 31 agents a board leaves 16 as it does of 32; with 31 seats it leaves 15, and without its E1 nothing."""
    need = replace(NEED, survive=True)
    parts = plan(need, Given(seats=32, boards=2))
    found = {row.id: str(row.rule) for row in bill(need, parts, plan(need), LIMITS)}
    assert found["agents"] == "one fewer misses no more than is missed as it is"
    assert found["seats"].startswith("missed as it is; with one fewer: 24-port board down: service level 68")
    assert found["e1"].startswith("with one fewer: platform down: service level 0 %")
    rows = {row.id: row for row in bill(need, parts, all_talking(need, Given(), plan(need)), LIMITS)}
    assert (rows["core"].needed, rows["core"].there) == (23, parts.core_channels)


def test_hours_have_what_simulation_wants_and_not_what_prices_buy() -> None:
    need = replace(NEED, traffic=replace(NEED.traffic, patience=inf), prices=(("agent", 1.0), ("core-channel", 1000.0)))
    rate = NEED.traffic.arrival_rate
    day = Day("workday", ("monday",), 0.0, 3600.0, (rate, rate / 2))
    priced, plain = (answer(one, Given(), LIMITS, [day]) for one in (need, replace(need, prices=())))
    assert priced.parts.agents > plain.parts.agents
    assert priced.extra == 0
    assert [one.agents for one in priced.intervals][1] == [one.agents for one in plain.intervals][1]


def test_what_is_left_and_what_lacks() -> None:
    found = rows(NEED, Given(seats=15, spans=(2,)))
    assert found["agents"].spare == 15 - 17
    assert found["timeslots"].spare == 60 - 23
    assert str(rows(NEED, Given(seats=30))["agents"].rule) == "one fewer would do"


def test_the_planning_rules() -> None:
    """What calls hold in the mean, at 0.7 E a trunk; BHCA by 0.2 E a line and 0.7 E a timeslot."""
    parts = plan(NEED)
    found, calls = got(NEED, parts), 300 / 3600
    load = calls * (25 + (1 - found.abandonment) * 150) + found.queue / (1 - found.blocking)
    row = rows(NEED)["timeslots"]
    assert str(row.planning).startswith(f"{ceil(load / 0.7)} at 0.7 E each; 25 at a loss of 0.005")
    by_rule = round((17 * 0.2 + 30 * 0.7) * 3600 / 175)
    assert str(rows(NEED)["bhca"].planning) == f"{by_rule} by 0.2 E a line and 0.7 E a timeslot"


def test_what_few_extensions_are_taken_for() -> None:
    """Forty telephones refuse a little less than the Poisson stream of 8 E that they are taken for, as simulated."""
    assert "extensions" not in rows(NEED)
    need = replace(NEED, extensions=40, traffic=replace(NEED.traffic, extensions=8.0))
    row, parts = rows(need)["extensions"], plan(need)
    few = got(replace(need, traffic=replace(need.traffic, sources=40)), parts)
    assert few.blocking < got(need, parts).blocking <= 0.01
    assert str(row.rule).endswith(f"(Engset): {percent(few.blocking)}")
    assert f"blocking {percent(got(need, parts).blocking)};" in str(row.rule)
    assert (row.needed, row.there) == (40, 40)


def test_the_roster_and_the_busy_hour() -> None:
    need = replace(NEED, shrinkage=0.25, extensions=8)
    assert rows(need)["roster"].needed == 23  # 17 of 0.75
    assert rows(need)["bhca"].needed == pytest.approx(300 + 8 * 0.2 * 3600 / 180)
    assert rows(need)["bhca"].there == 36_000


def test_an_answer_is_whole() -> None:
    found = answer(NEED, Given(seats=16), LIMITS)
    assert [str(words)[:13] for words in found.missed] == ["service level"]
    assert found.most < NEED.traffic.arrival_rate
    assert found.wanted is not None
    agents = dict(found.curve)
    assert agents[17].service_level >= 0.8 > agents[15].service_level
    assert found.parts.agents == 16
    assert bill(NEED, found.parts, None, Limits())[-1].there == inf


def simulated(need: Need, parts: Parts, fewer_agents: float) -> Simulated:
    """Sites that hold, and of which one with an agent fewer has this service level."""

    def measured(parts: Parts, level: float) -> Measured:
        works = cases(need, parts)[0]
        return Measured(works, {"service_level": Interval(level, 0.001, 0.95)}, {"service_level": level > 0.8}, 24, {})

    other = replace(parts, agents=parts.agents - 1)
    neighbour = Neighbour("agents", (measured(other, fewer_agents),), {})
    return Simulated((measured(parts, 0.9),), parts, (neighbour,), None, {}, (), True, 0)


def test_spare_seats_are_those_that_simulated_agents_move_to() -> None:
    """The formula is content with 17 agents: it finds no rule for the seats that 18 move to."""
    need = replace(NEED, survive=True, analog=0.5)
    parts = plan(need, Given(beyond=Beyond(agents=1)))
    assert (parts.agents, parts.seats) == (18, 24)
    assert str({row.id: row for row in bill(need, parts, parts, LIMITS)}["seats"].rule) == "one fewer would do"
    for level, source in ((0.75, "simulated"), (0.85, "computed")):
        found = {row.id: row for row in bill(need, parts, parts, LIMITS, simulated(need, parts, level))}
        assert str(found["seats"].rule) == "with one fewer: 24-port board down leaves 17 of 18 agents"
        assert str(found["seats"].source) == source


def test_of_parts_that_are_given_the_formula_says_what_is_needed() -> None:
    """Simulation tries the parts that are there; it did not look for those that are needed."""
    parts = plan(NEED, Given(seats=20))
    made = simulated(NEED, parts, 0.75)
    found = {row.id: row for row in bill(NEED, parts, plan(NEED), LIMITS, made, sought=False)}
    row = found["agents"]
    assert (row.needed, row.there) == (17, 20)
    assert str(row.rule).startswith("with one fewer: service level 75 %")
    assert {row.id for row in found.values() if str(row.rule).endswith(" (needed: by the formula)")} == {
        "agents", "seats",
    }  # fmt: skip
    assert str(bill(NEED, parts, parts, LIMITS, made)[0].rule) + " (needed: by the formula)" == str(row.rule)


def test_an_e1_that_nobody_simulated_says_so() -> None:
    """Beside simulated rows its rule is of the formula still; so are boards, and agents that were not measured."""
    need = replace(NEED, survive=True)
    parts = plan(need)
    made = simulated(need, parts, 0.75)
    found = {row.id: row for row in bill(need, parts, parts, LIMITS, made)}
    assert str(found["e1"].rule).startswith("by the formula, with one fewer: platform down: service level 0 %")
    assert str(found["boards"].rule).startswith("by the formula, with one fewer: ")
    assert str(found["agents"].rule).startswith("with one fewer: ")
    assert (found["agents"].source, found["ivr"].rule[:14]) == ("simulated", "with one fewer")
    assert all("by the formula" not in row.rule for row in rows(need).values())
