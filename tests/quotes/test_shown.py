"""What shows requirements: on which sites, in which sizes and with which values of what nobody knows."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import pytest

from simtel.core.quantity import Basis, Quantity
from simtel.profiles.resolve import resolve
from simtel.quotes.asked import LARGEST, shown
from simtel.quotes.compare import Comparison, compare, meant_for
from simtel.quotes.trial import Both, Lived, Met, meet
from simtel.quotes.work import key_of
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.plan import Item, items
from simtel.run.variants import basis_of
from simtel.scenario.spec import Scenario
from simtel.verdict.outcome import Outcome
from tests.quotes.sites import option, reading, today
from tests.quotes.test_compare import BUYER, DEMAND, quick

BASE = "as-quoted-one-e1-each"
SIZES = (20, 30, 40)
pytestmark = pytest.mark.timeout(240)


def named(name: str, *requirement: str) -> Scenario:
    """A scenario of the buyer's own, made of a shipped one."""
    (shipped,) = scenarios_of(["switching.non-blocking"])
    return msgspec.structs.replace(shipped, id=name, requirement=requirement)


@cache
def planned(own: tuple[tuple[str, ...], ...] = (), vary: bool = False) -> tuple[Comparison, tuple[Item, ...]]:
    """A comparison of sites on which nothing is run, and all that would have been."""
    asked: list[Item] = []

    def met(item: Item) -> Both:
        asked.append(item)
        one = Met(item.scenario.id, Outcome.PASS, True, (), None, "", seats=item.site.seats)
        return Both(one, one)

    first, other = reading("first", base=BASE), reading("other", base="as-quoted-two-e1-active")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("simtel.quotes.work.meet", met)
        patched.setattr("simtel.quotes.work.live", lambda _: Lived(None, None, None, Outcome.INCONCLUSIVE))
        patched.setattr("simtel.sizing.design.simulated.FIRST", 24)
        patched.setattr("simtel.quotes.compare.DRAWS", 2)
        patched.setattr("simtel.quotes.turning.STEPS", 1)
        made = compare([option("one", first, other), today()], DEMAND, BUYER, SIZES, jobs=1,
                       own=[named(*one) for one in own], vary=vary)  # fmt: skip
    return made, tuple(asked)


def sizes(name: str, own: tuple[tuple[str, ...], ...] = ()) -> set[int]:
    """In which sizes a scenario shows a requirement on the first reading of an option."""
    first = planned(own)[0].options[0].readings[0]
    return {sized.seats for sized in first.sizes if name in {one.scenario for one in sized.shown}}


def test_what_speaks_of_all_seats_is_shown_at_the_largest_size_and_the_rest_at_the_smallest_alone() -> None:
    largest = set(shown(LARGEST))
    assert {"capacity.all-seats-busy", "maintenance.seat-added"} <= largest < set(shown())
    assert {name: sizes(name) for name in shown()} == {
        name: {20, 40} if name in largest else {20} for name in shown()
    }  # fmt: skip
    tried = {(item.scenario.id, item.site.seats) for item in planned()[1] if item.unknown_alone}
    assert tried == {(name, seats) for name in shown() for seats in sizes(name)}


def test_a_scenario_of_the_buyers_own_is_shown_where_what_it_names_is() -> None:
    own = (("my.standby", "R1"), ("my.seats", "R1", "R7"))
    assert (sizes("my.standby", own), sizes("my.seats", own)) == ({20}, {20, 40})
    assert sizes("my.seats") == set()


def test_other_readings_show_nothing_and_every_failover_scenario_is_told_of_them() -> None:
    _, other = planned()[0].options[0].readings
    assert [sized.shown for sized in other.sizes] == [(), (), ()]
    assert [bool(sized.met) for sized in other.sizes] == [True, False, False]
    (first, middle, last) = planned()[0].options[0].readings[0].sizes
    assert {one.scenario for one in first.met} == {one.scenario for one in middle.met}
    assert len(first.tried) == len({one.scenario for one in first.tried})
    assert set(shown(LARGEST)) <= {one.scenario for one in last.tried}


def test_what_shows_a_requirement_runs_with_each_value_of_what_nobody_knows_unless_all_is_varied() -> None:
    asked = {(item.scenario.id in shown(), item.vary, item.unknown_alone) for item in planned()[1]}
    assert (True, True, True) in asked
    assert (False, False, False) in asked
    assert not {one for one in asked if one[1] is not one[2]}
    assert {(item.vary, item.unknown_alone) for item in planned(vary=True)[1]} == {(True, False)}


def tried(name: str, site: str = BASE) -> Both:
    (item,) = items(scenarios_of([name]), sites_of([site], [20], "grown"), 1)
    return meet(msgspec.structs.replace(item, unknown_alone=True))


def test_what_an_unknown_figure_turns_is_left_open_and_names_it_beside_what_came_of_the_values_in_use() -> None:
    told, proof = tried("failover.port-listening")
    assert (told.outcome, told.open, told.turned) == (Outcome.PASS, True, {})
    assert (proof.outcome, proof.open) == (Outcome.INCONCLUSIVE, False)
    assert proof.turned["stable-calls-preserved"] == ("lan.forwarding.listening",)
    assert "stable-calls-preserved" in proof.left
    assert told.digest == proof.digest


def test_what_no_unknown_figure_turns_or_moves_stands_whatever_is_assumed() -> None:
    told, proof = tried("capacity.all-seats-busy")
    assert (told.outcome, proof.outcome, proof.left, proof.open) == (Outcome.PASS, Outcome.PASS, (), False)


def test_values_that_are_kept_from_a_folder_come_to_the_same(tmp_path: Path) -> None:
    names = ("failover.active-server-dies", "failover.link-flap")
    options = [option("one", reading("first", base=BASE))]
    kept, plain = (quick(options, names, out=out) for out in (tmp_path, None))
    (there,), (here,) = ([each.sizes[0] for each in made.options[0].readings] for made in (kept, plain))
    assert [replace(one, run="") for one in there.met] == list(here.met)
    assert [replace(one, run="") for one in there.shown] == list(here.shown)
    assert {one.outcome for one in here.met} >= {Outcome.PASS}  # which nothing varied makes INCONCLUSIVE in a folder


def test_sites_that_are_built_alike_are_one_wherever_their_figures_are_from() -> None:
    site = reading("first", base=BASE).site
    assert site is not None
    spec = resolve(site, 20, "grown")
    path = "licences.agent"
    stated = spec.figures[path].stated
    assert isinstance(stated, Quantity)
    elsewhere = msgspec.structs.replace(stated, source="another quote")
    presumed = msgspec.structs.replace(elsewhere, basis=Basis.ASSUMED, low=10, high=20)

    def keys(quantity: Quantity) -> list[str]:
        figures = {**spec.figures, path: spec.figures[path]._replace(stated=quantity)}
        return [key_of(msgspec.structs.replace(spec, figures=figures), sure=sure) for sure in (False, True)]

    assert keys(stated) == keys(elsewhere)
    assert keys(stated)[0] == keys(presumed)[0]
    assert keys(stated)[1] != keys(presumed)[1]  # whoever varies it sees how sure it is
    assert key_of(spec) != key_of(spec.with_figure(path, 19))
    unsure = next(path for path, given in spec.figures.items() if basis_of(given) == "assumed" and given.others)
    given = spec.figures[unsure].stated
    assert isinstance(given, Quantity)
    firm = msgspec.structs.replace(given, low=None, high=None, alternatives=())
    sure = {**spec.figures, unsure: spec.figures[unsure]._replace(stated=firm)}
    assert key_of(spec) != key_of(msgspec.structs.replace(spec, figures=sure))


def test_the_demand_is_meant_for_the_seats_that_it_says() -> None:
    assert meant_for(DEMAND, (40, 100)) == 20
    figures = {path: given for path, given in DEMAND.figures.items() if path != "seats"}
    silent = msgspec.structs.replace(DEMAND, figures=figures)
    assert meant_for(silent, (40, 100)) == 40
    first = planned()[0].options[0].readings[0]
    assert [round(3600 * sized.service.calls) for sized in first.sizes] == [300, 450, 600]
