"""What rests on assumed figures: each end against the site that is planned for it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from math import inf

import pytest

from simtel.core.quantity import Basis
from simtel.profiles.demand import read_demand
from simtel.report.ends import cells, figure, figure_name, moving, still_line, tornado, untried_line
from simtel.sizing.design.asked import need
from simtel.sizing.design.ends import Rests, assumed, rests_on
from simtel.sizing.design.need import Need
from simtel.sizing.design.plan import Given, plan
from simtel.sizing.design.site_search import by_formula
from tests.sizing.demands import demand_file, law

ASKED = {"calls": 180 / 3600, "talk": 180.0, "patience": 120.0, "blocking": 0.01, "shrinkage": 0.25, "retention": 90.0}
ENDS = {"retention": (30.0, 365.0), "blocking": (0.005, 0.02), "talk": (150.0, 240.0), "shrinkage": (0.1, 0.3)}


@cache
def found() -> tuple[Rests, ...]:
    return rests_on(ASKED, ENDS, need)


def test_each_end_is_the_site_planned_for_it() -> None:
    base = plan(need(ASKED))
    for one in found():
        for end, value in zip((one.low, one.high), ENDS[one.figure], strict=True):
            other = plan(need({**ASKED, one.figure: value}))
            assert end.value == value
            assert end.more is not None
            assert end.more["agents"] == other.agents - base.agents
            assert end.more["trunks"] == other.core_channels - base.core_channels
    assert {one.figure for one in found()} == ENDS.keys()


def test_the_one_that_moves_most_agents_comes_first() -> None:
    """Then who moves trunks alone, then the roster; what moves nothing comes last, and is named apart."""
    assert [one.figure for one in found()] == ["talk", "blocking", "shrinkage", "retention"]
    assert [one.figure for one in moving(found())] == ["talk", "blocking", "shrinkage"]
    assert str(still_line(found())) == "nothing of that moves with: days for which recordings are kept"


def test_where_the_answer_turns() -> None:
    """Beyond it the agents are others than at the assumed value; an eighth of the way before it they are not."""
    base, talk = plan(need(ASKED)).agents, found()[0]
    for end in (talk.low, talk.high):
        assert end.turns is not None
        near = end.turns - (end.value - talk.value) / 8
        assert plan(need({**ASKED, "talk": end.turns})).agents != base
        assert near == talk.value or plan(need({**ASKED, "talk": near})).agents == base
    still = found()[-1]
    assert (still.figure, still.low.turns, still.high.turns) == ("retention", None, None)
    assert cells(still)[-1] == "- / -"


def test_the_ends_of_the_site_that_was_asked_about() -> None:
    """With seats given nobody comes or goes; with prices each end is the cheapest site."""
    (talk,) = rests_on(ASKED, {"talk": ENDS["talk"]}, need, Given(seats=30))
    assert talk.low.more is not None
    assert (talk.low.more["agents"], talk.low.more["trunks"]) < (0, 0)

    def dear(asked: Mapping[str, float]) -> Need:
        return replace(need({**asked, "patience": inf}), prices=(("agent", 1.0), ("core-channel", 1000.0)))

    (talk,) = rests_on(ASKED, {"talk": ENDS["talk"]}, dear)
    base, other = (plan(one, by_formula(one, Given())) for one in (dear(ASKED), dear({**ASKED, "talk": 240.0})))
    assert talk.high.more is not None
    assert talk.high.more["agents"] == other.agents - base.agents
    assert base.agents > plan(dear(ASKED)).agents


def test_what_the_time_does_not_suffice_for_is_named() -> None:
    """Once it is over; what was tried before is told all the same, and first."""
    left = iter((False, False, True, True))
    found = rests_on(ASKED, {name: ENDS[name] for name in list(ENDS)[:3]}, need, out_of_time=lambda: next(left))
    assert [one.tried for one in found] == [True, False, False]
    assert [moving([one]) for one in found[1:]] == [[], []]
    assert str(still_line(found)) == "nothing of that moves with: days for which recordings are kept"
    assert "--seconds gives it more: " in str(untried_line(found))
    assert untried_line(found[:1]) is None
    assert not any(one.tried for one in rests_on(ASKED, ENDS, need, out_of_time=lambda: True))


def test_an_assumed_price_is_a_figure_too() -> None:
    assert str(figure_name("price.e1")) == "price: E1 spans"
    assert (figure("price.e1", 18000.5), figure("price.e1", 18000.0)) == ("18 000.50", "18 000")

    def priced(asked: Mapping[str, float]) -> Need:
        return replace(need({**asked, "patience": inf}),
                       prices=(("agent", asked["price.agent"]), ("core-channel", 1000.0)))  # fmt: skip

    (one,) = rests_on({**ASKED, "price.agent": 1.0}, {"price.agent": (0.5, 100_000.0)}, priced)
    assert one.high.more is not None
    assert one.high.more["agents"] < 0 < one.high.more["trunks"]


def test_an_end_that_no_site_meets_weighs_most() -> None:
    ends = {"talk": (150.0, 240.0), "occupancy": (0.0005, 1.0), "redial": (0.0, 1.0)}
    first, second, last = rests_on({**ASKED, "occupancy": 0.9, "redial": 0.1}, ends, need)
    assert {first.figure, second.figure, last.figure} == ends.keys()
    assert last.figure == "talk"
    assert "no site meets the targets at its" in str(cells(first)[1])
    assert tornado([first, second]) is None

    def hopeless(asked: Mapping[str, float]) -> Need:
        return need({**asked, "occupancy": 0.0005})

    assert rests_on(ASKED, ENDS, hopeless) == ()


def test_only_assumed_figures_have_ends() -> None:
    measured = read_demand(demand_file().encode(), "demand.yaml")
    assert assumed(measured) == {}
    guess = law("exponential", 180)[:-1].replace("measured", "assumed") + ", low: 150s, high: 240s}"
    rate = "{value: 180/h, basis: assumed, source: log, low: 100/h, high: 200/h}"
    text = demand_file(talk=guess).replace("{value: 180/h, basis: measured, source: log}", rate)
    text += "shrinkage: {value: 10%, basis: assumed, source: x, low: 5%, high: 30%}\n"
    text += "packet_time: {value: 20ms, basis: assumed, source: x, low: 10ms, high: 30ms}\n"
    demand = read_demand(text.encode(), "demand.yaml")
    assert demand.talk.basis is Basis.ASSUMED
    assert assumed(demand) == {
        "calls": (pytest.approx(100 / 3600), pytest.approx(200 / 3600)), "talk": (150.0, 240.0),
        "shrinkage": (0.05, 0.3), "packet_time": (pytest.approx(0.01), pytest.approx(0.03)),
    }  # fmt: skip


def test_a_picture_of_the_bars() -> None:
    pic = tornado(found())
    assert pic is not None
    talk = found()[0]
    texts = [bit.words for bit in pic.bits if not bit.path]
    assert talk.low.more is not None
    assert talk.high.more is not None
    assert f"{talk.high.more['agents']:+d}: 240 s" in texts
    assert f"{talk.low.more['agents']:+d}: 150 s" in texts
    assert [bit.kind for bit in pic.bits].count("end-high") == 2  # its bar, and the key
    trunks = tornado([one for one in found() if one.figure == "blocking"])
    assert trunks is not None
    assert isinstance(trunks.label, dict)
    assert trunks.label["en"].startswith("trunks more or less")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("calls", 300 / 3600, "300/h"), ("threshold", 20.0, "20 s"), ("leaves", 0.05, "5 %"), ("extensions", 8.0, "8")],
)
def test_figures_as_a_demand_file_has_them(name: str, value: float, text: str) -> None:
    assert figure(name, value) == text
