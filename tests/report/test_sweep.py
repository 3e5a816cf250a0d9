"""A sweep as a table, as CSV and as a picture: the same figures in each."""

import csv
import io

import msgspec
import pytest

from simtel.profiles.demand import read_demand
from simtel.report.sweep import COLUMNS, WHY, render_sweep, sweep_csv, sweep_drawing
from simtel.run.seat_sweep import Sweep
from simtel.sizing.design.sweep_point import MEASURES, Point, Share, question
from tests.sizing.demands import demand_file

ASKED = question(read_demand(demand_file().encode(), "demand.yaml"), 10, 1000, seed=1)


def share(mean: float) -> Share:
    return Share(mean, mean - 0.01, mean + 0.02, mean + 0.005)


STEADY = [Point(n, 10, 1000, 16, {name: share(n / 20 - k / 10) for k, name in enumerate(MEASURES)}) for n in (8, 9)]
SWEEP = Sweep("1.0", "tests", "ab", ASKED, (Point(7, 0, 1000, 0, {}), *STEADY))
WHOLE = msgspec.structs.replace(SWEEP, asked=msgspec.structs.replace(ASKED, trunks=30, ports=12))


def test_each_row_of_the_csv_is_a_point() -> None:
    head, none, eight, _ = csv.reader(io.StringIO(sweep_csv(SWEEP)))
    assert tuple(head) == COLUMNS
    assert none == ["sweep/1", "tests", "", "", "7", "0", "1000", "0", "0.95", *[""] * 16]
    assert eight[:9] == ["sweep/1", "tests", "", "", "8", "10", "1000", "16", "0.95"]
    assert [float(x) for x in eight[9:13]] == pytest.approx([0.4, 0.39, 0.42, 0.405])
    assert float(eight[-1]) == share(0.4 - 0.3).formula
    assert next(csv.DictReader(io.StringIO(sweep_csv(WHOLE))))["trunks"] == "30"


def test_the_table_says_what_a_figure_may_be_off_by_and_where_there_is_none() -> None:
    head, none, eight, _, foot, compared = render_sweep(SWEEP, "en").splitlines()
    assert compared == "the formula lies within the interval at every point"
    assert head.split()[:3] == ["seats", "service", "level:"]
    assert none.count("no steady state") == 3
    assert "40.00% ± 1.50% (40.50%)" in eight
    assert "95%" in foot
    chinese = render_sweep(SWEEP, "zh")
    assert "坐席" in chinese
    assert "steady" not in chinese


def test_it_is_said_how_far_formula_and_simulation_are_apart_and_why() -> None:
    far = Share(0.5, 0.4, 0.6, 0.75)
    off = Point(10, 10, 1000, 16, {name: far if name == "occupancy" else share(0.3) for name in MEASURES[:3]})
    sweep = msgspec.structs.replace(SWEEP, points=(*SWEEP.points, off), apart=("service", "patience"))
    *_, told, service, patience = render_sweep(sweep, "en").splitlines()
    assert told == (
        "the formula lies outside the interval for 1 of 11 figures, farthest at 10 seats: occupancy 50.00% simulated, "
        "75.00% by the formula"
    )
    assert (service.strip(), patience.strip()) == (WHY["service"]["en"], WHY["patience"]["en"])
    assert "chance" in render_sweep(msgspec.structs.replace(sweep, apart=()), "en").splitlines()[-1]


def test_without_a_formula_there_is_no_curve_and_it_is_said() -> None:
    alone = Point(8, 10, 1000, 16, {name: Share(0.3, 0.2, 0.4, None) for name in MEASURES[:3]})
    sweep = msgspec.structs.replace(SWEEP, points=(alone, msgspec.structs.replace(alone, seats=9)))
    text = render_sweep(sweep, "en")
    assert "30.00% ± 10.00% (-)" in text
    assert "no formula's curve stands beside it" in text.splitlines()[-1]
    row = next(csv.DictReader(io.StringIO(sweep_csv(sweep))))
    assert (row["occupancy"], row["occupancy_formula"]) == ("0.3", "")
    pic = sweep_drawing(sweep, {})
    assert pic is not None
    assert "formula" not in {bit.kind for bit in pic.bits if bit.path}


def test_the_picture_has_a_panel_for_each_measure_and_leaves_out_what_has_no_figures() -> None:
    pic = sweep_drawing(SWEEP, {"service_level": 0.8, "occupancy": 0.9})
    assert pic is not None
    assert sum(bit.kind == "lane" for bit in pic.bits) == 3
    assert sum(bit.kind == "aim" for bit in pic.bits) == 2 + 1  # and in the legend
    assert sum(bit.kind == "mean" for bit in pic.bits) == 2 * 3
    whole = sweep_drawing(WHOLE, {})
    assert whole is not None
    assert sum(bit.kind == "lane" for bit in whole.bits) == len(MEASURES)
    assert sweep_drawing(Sweep("1.0", "tests", "ab", ASKED, SWEEP.points[:1]), {}) is None
