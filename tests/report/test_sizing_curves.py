"""Seats and what they give: each point lies where its number says, on a scale that holds all of the panel."""

import re

import pytest

from simtel.report.pixels import png
from simtel.report.sheet import look
from simtel.report.sizing_curves import HEIGHT, LEFT, RIGHT, TOP, WIDTH, Curve, Point, sizing_curves
from simtel.report.svg import Drawing

WIDE = WIDTH / 2 - LEFT - RIGHT


def name(words: str) -> dict[str, str]:
    return {"en": words, "zh": "服务水平"}


LEVEL = Curve(
    name("service level"),
    [(10, 0.2), (15, 0.7), (20, 0.9)],
    [Point(10, 0.25, 0.15, 0.35), Point(20, 0.9, 0.8, 1.0)],
    target=0.8,
)
BLOCKED = Curve(name("blocked"), [(10, 0.0), (20, 0.0003)])


def paths(pic: Drawing, kind: str) -> list[list[tuple[float, float]]]:
    found = [bit.path for bit in pic.bits if bit.kind == kind]
    return [[(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)] for path in found]


def at(seats: float, share: float) -> tuple[float, float]:
    """Where a share of the first panel, whose scale goes from 0 to 100 %, lies for 10 to 20 seats."""
    return pytest.approx((LEFT + (seats - 10) / 10 * WIDE, TOP + HEIGHT * (1 - share)), abs=0.06)


def test_points_lie_where_their_numbers_say() -> None:
    pic = sizing_curves([LEVEL], 0.95, chosen=15)
    curve, _ = paths(pic, "formula")  # the second is that of the legend
    assert curve == [at(10, 0.2), at(15, 0.7), at(20, 0.9)]
    assert paths(pic, "simulated")[0] == [at(10, 0.25), at(20, 0.9)]
    assert paths(pic, "band")[0] == [at(10, 0.35), at(20, 1.0), at(20, 0.8), at(10, 0.15)]
    assert paths(pic, "aim")[0] == [at(10, 0.8), at(20, 0.8)]
    assert paths(pic, "chosen")[0] == [at(15, 1.0), at(15, 0.0)]


def test_each_panel_has_a_scale_of_its_own_and_shares_the_seats() -> None:
    pic = sizing_curves([LEVEL, BLOCKED], 0.95)
    _, small, _ = paths(pic, "formula")
    assert small[-1] == pytest.approx((LEFT + WIDTH / 2 + WIDE, TOP), abs=0.06)  # 0.03 % reaches the top
    assert {"100%", "0%", "0.03%", "0.01%"} <= {str(bit.words) for bit in pic.bits if bit.kind == "tick"}


def test_nothing_at_all_is_drawn_on_a_scale_and_no_picture_has_no_points() -> None:
    assert paths(sizing_curves([Curve(name("x"), [(1, 0.0), (2, 0.0)])], 0.95), "formula")[0][0][1] == TOP + HEIGHT
    with pytest.raises(ValueError, match="no curve has a point"):
        sizing_curves([Curve(name("x"), [])], 0.95)


def test_the_legend_names_what_is_drawn_and_nothing_else() -> None:
    def legend(*curves: Curve, chosen: int | None = None) -> list[str]:
        words = [bit.words["en"] for bit in sizing_curves(curves, 0.9, chosen).bits if isinstance(bit.words, dict)]
        return words[2 * len(curves) :]  # behind the names and the axes

    assert legend(BLOCKED) == ["formula"]
    assert legend(LEVEL, BLOCKED, chosen=15) == [
        "formula", "simulated mean", "its 90% interval", "target", "chosen: 15 agents",
    ]  # fmt: skip


def test_many_points_are_a_line_and_few_have_dots() -> None:
    many = Curve(name("x"), [], [Point(n, 0.5, 0.4, 0.6) for n in range(1, 100)])
    assert len(paths(sizing_curves([many], 0.95), "mean")) == 0
    assert len(paths(sizing_curves([LEVEL], 0.95), "mean")) == 2


def test_every_part_has_a_look_in_the_sheet_and_is_a_png() -> None:
    pic = sizing_curves([LEVEL, BLOCKED], 0.95, chosen=15)
    for bit in pic.bits:
        style = look(bit.kind, is_text=not bit.path)
        assert style.get("fill", "none") != "none" or style.get("stroke"), bit.kind
    assert png(pic, "zh", lambda _: ("a", "b")).startswith(b"\x89PNG")
    assert "服务水平" in pic.markup()
